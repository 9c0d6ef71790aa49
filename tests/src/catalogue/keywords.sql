SELECT word, catcode::text FROM pg_get_keywords()
