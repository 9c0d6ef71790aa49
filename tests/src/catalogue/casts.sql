SELECT format_type(c.castsource, NULL), format_type(c.casttarget, NULL), c.castcontext::text, c.castmethod::text,
    p.provolatile::text, owner.extension
FROM pg_cast c JOIN owner ON owner.class = 'pg_cast'::regclass AND owner.object = c.oid
LEFT JOIN pg_proc p ON p.oid = c.castfunc
