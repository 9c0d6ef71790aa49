SELECT classoid::regclass, objoid, objsubid, description FROM pg_description
WHERE objoid >= 16384 AND classoid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_constraint'::regclass)
