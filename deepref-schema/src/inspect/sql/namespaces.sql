SELECT nspname FROM space
