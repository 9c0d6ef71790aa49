SELECT t.nspname, t.relname, o.description
FROM plain_table t
LEFT JOIN pg_description o ON o.classoid = 'pg_class'::regclass AND o.objoid = t.oid AND o.objsubid = 0
