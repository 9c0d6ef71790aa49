-- Domains, composite types and ranges. What needs a shell type first, a base type or a range with a canonical
-- function, is not written.
SELECT format('%s/%s', 'pg_type'::regclass::oid, t.oid), 'domain', t.oid::regtype::text,
    ARRAY[concat_ws(' ', 'CREATE DOMAIN', t.oid::regtype, 'AS', format_type(t.typbasetype, t.typtypmod),
        'COLLATE ' || CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation END,
        'DEFAULT ' || t.typdefault, CASE WHEN t.typnotnull THEN 'NOT NULL' END,
        (SELECT string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ' ' ORDER BY k.conname)
            FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated))]
    || ARRAY(SELECT format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', t.oid::regtype, k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT k.convalidated ORDER BY k.conname),
    'DROP DOMAIN ' || t.oid::regtype
FROM data_type t JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd'
UNION ALL
SELECT format('%s/%s', 'pg_class'::regclass::oid, c.oid), 'composite type', c.oid::regclass::text,
    ARRAY[format('CREATE TYPE %s AS (%s)', c.oid::regclass, (
        SELECT string_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
            'COLLATE ' || CASE WHEN a.attcollation <> y.typcollation THEN a.attcollation::regcollation END), ', ' ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))],
    'DROP TYPE ' || c.oid::regclass
FROM relation c WHERE c.relkind = 'c'
UNION ALL
SELECT format('%s/%s', 'pg_type'::regclass::oid, t.oid), 'range type', t.oid::regtype::text,
    ARRAY[format('CREATE TYPE %s AS RANGE (%s)', t.oid::regtype, concat_ws(', ',
        'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
        'SUBTYPE_OPCLASS = ' || (SELECT format('%I.%I', n.nspname, o.opcname) FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
            WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
        'COLLATION = ' || CASE WHEN r.rngcollation <> s.typcollation THEN r.rngcollation::regcollation END,
        'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff::oid, 0)::regproc,
        'MULTIRANGE_TYPE_NAME = ' || r.rngmultitypid::regtype))],
    'DROP TYPE ' || t.oid::regtype
FROM data_type t JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type s ON s.oid = r.rngsubtype
WHERE r.rngcanonical::oid = 0
UNION ALL
-- PostgreSQL makes these with the range.
SELECT format('%s/%s', 'pg_type'::regclass::oid, coalesce(m.rngtypid, d.refobjid)), 'function', p.oid::regprocedure::text, NULL, NULL
FROM routine p
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
LEFT JOIN pg_range m ON m.rngmultitypid = d.refobjid
UNION ALL
SELECT format('%s/%s', 'pg_type'::regclass::oid, r.rngtypid), 'cast', pg_describe_object('pg_cast'::regclass, c.oid, 0), NULL, NULL
FROM pg_cast c JOIN pg_range r ON r.rngtypid = c.castsource AND r.rngmultitypid = c.casttarget WHERE c.oid >= 16384
