-- Operators and casts. A commutator or a negator may be made after its operator (manual chapter "CREATE OPERATOR").
SELECT format('%s/%s', 'pg_operator'::regclass::oid, o.oid), 'operator', pg_describe_object('pg_operator'::regclass, o.oid, 0),
    ARRAY[format('CREATE OPERATOR %I.%s (%s)', s.nspname, o.oprname, concat_ws(', ',
        'FUNCTION = ' || o.oprcode::regproc,
        'LEFTARG = ' || format_type(nullif(o.oprleft, 0), NULL), 'RIGHTARG = ' || format_type(o.oprright, NULL),
        'COMMUTATOR = ' || (SELECT format('OPERATOR(%I.%s)', n.nspname, p.oprname) FROM pg_operator p
            JOIN pg_namespace n ON n.oid = p.oprnamespace WHERE p.oid = o.oprcom),
        'NEGATOR = ' || (SELECT format('OPERATOR(%I.%s)', n.nspname, p.oprname) FROM pg_operator p
            JOIN pg_namespace n ON n.oid = p.oprnamespace WHERE p.oid = o.oprnegate),
        'RESTRICT = ' || nullif(o.oprrest::oid, 0)::regproc, 'JOIN = ' || nullif(o.oprjoin::oid, 0)::regproc,
        CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END))],
    'DROP OPERATOR ' || o.oid::regoperator
FROM pg_operator o JOIN space s ON s.oid = o.oprnamespace WHERE o.oprcode::oid <> 0
UNION ALL
SELECT format('%s/%s', 'pg_cast'::regclass::oid, c.oid), 'cast', pg_describe_object('pg_cast'::regclass, c.oid, 0),
    ARRAY[concat_ws(' ', format('CREATE CAST (%s AS %s)', c.castsource::regtype, c.casttarget::regtype),
        CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
        CASE c.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END)],
    format('DROP CAST (%s AS %s)', c.castsource::regtype, c.casttarget::regtype)
FROM pg_cast c
WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_cast'::regclass AND m.objid = c.oid)
  -- PostgreSQL makes this one with the range.
  AND NOT EXISTS (SELECT FROM pg_range r WHERE r.rngtypid = c.castsource AND r.rngmultitypid = c.casttarget)
