SELECT format('%s/%s', 'pg_proc'::regclass::oid, p.oid),
    CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END, p.oid::regprocedure::text,
    ARRAY[regexp_replace(rtrim(pg_get_functiondef(p.oid), E'\n'), '^CREATE OR REPLACE ', 'CREATE ')],
    concat_ws(' ', 'DROP', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::regprocedure)
FROM routine p
WHERE p.prokind <> 'a'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
UNION ALL
-- Aggregates without a moving mode and without direct arguments: others are rare.
SELECT format('%s/%s', 'pg_proc'::regclass::oid, p.oid), 'aggregate', p.oid::regprocedure::text,
    ARRAY[format('CREATE AGGREGATE %s.%I(%s) (%s)', s.nspname, p.proname, coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), concat_ws(', ',
        'SFUNC = ' || a.aggtransfn::regproc, 'STYPE = ' || format_type(a.aggtranstype, NULL),
        'SSPACE = ' || nullif(a.aggtransspace, 0),
        'FINALFUNC = ' || nullif(a.aggfinalfn::oid, 0)::regproc, CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
        'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify WHEN 's' THEN 'SHAREABLE' WHEN 'w' THEN 'READ_WRITE' END,
        'COMBINEFUNC = ' || nullif(a.aggcombinefn::oid, 0)::regproc,
        'SERIALFUNC = ' || nullif(a.aggserialfn::oid, 0)::regproc, 'DESERIALFUNC = ' || nullif(a.aggdeserialfn::oid, 0)::regproc,
        'INITCOND = ' || quote_literal(a.agginitval),
        'SORTOP = ' || (SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname) FROM pg_operator o
            JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
        'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END))],
    'DROP AGGREGATE ' || p.oid::regprocedure
FROM routine p JOIN space s ON s.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = p.oid
WHERE p.prokind = 'a' AND a.aggkind = 'n' AND a.aggmtransfn::oid = 0
