SELECT c.relname, c.relkind::text, owner.extension
FROM pg_class c JOIN owner ON owner.class = 'pg_class'::regclass AND owner.object = c.oid
WHERE c.relkind IN ('r', 'v', 'm', 'f')
