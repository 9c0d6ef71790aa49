SELECT c.cfgname, owner.extension
FROM pg_ts_config c JOIN owner ON owner.class = 'pg_ts_config'::regclass AND owner.object = c.oid
