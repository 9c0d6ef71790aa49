SELECT oid, nspname, relname FROM plain_table
