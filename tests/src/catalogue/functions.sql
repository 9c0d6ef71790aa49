SELECT p.proname,
    (SELECT string_agg(format_type(a.type, NULL), ',' ORDER BY a.number) FROM unnest(p.proargtypes) WITH ORDINALITY a (type, number)),
    format_type(p.prorettype, NULL), p.prokind::text, p.provolatile::text,
    concat(CASE WHEN p.proretset THEN 's' END, CASE WHEN p.provariadic <> 0 THEN 'v' END, CASE WHEN p.proisstrict THEN 'n' END),
    nullif(p.pronargdefaults, 0)::text,
    owner.extension
FROM pg_proc p JOIN owner ON owner.class = 'pg_proc'::regclass AND owner.object = p.oid
