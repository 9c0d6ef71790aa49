-- What needs what, of all that belongs to the user. An object that is part of another one, such as the type of a table's
-- rows, counts as the other; those that the model has are called by their names.
, part AS (
    SELECT 'pg_attrdef'::regclass::oid AS class, d.oid, 'pg_class'::regclass::oid AS of_class, d.adrelid AS of_oid FROM pg_attrdef d
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid, 'pg_class'::regclass, k.conrelid FROM pg_constraint k WHERE k.contype NOT IN ('f', 't') AND k.conrelid <> 0
    UNION ALL SELECT 'pg_constraint'::regclass, g.tgconstraint, 'pg_trigger'::regclass, g.oid FROM pg_trigger g WHERE NOT g.tgisinternal AND g.tgconstraint <> 0
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid, 'pg_type'::regclass, k.contypid FROM pg_constraint k WHERE k.contypid <> 0
    UNION ALL SELECT 'pg_rewrite'::regclass, r.oid, 'pg_class'::regclass, r.ev_class FROM pg_rewrite r WHERE r.rulename = '_RETURN'
    UNION ALL SELECT 'pg_class'::regclass, i.indexrelid, 'pg_class'::regclass, i.indrelid FROM pg_index i
        WHERE i.indrelid NOT IN (SELECT oid FROM plain_table)
           OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    UNION ALL SELECT 'pg_type'::regclass, t.oid, 'pg_class'::regclass, t.typrelid FROM pg_type t WHERE t.typrelid <> 0
    UNION ALL SELECT 'pg_type'::regclass, e.typarray, 'pg_type'::regclass, e.oid FROM pg_type e WHERE e.typarray <> 0
    UNION ALL SELECT 'pg_type'::regclass, r.rngmultitypid, 'pg_type'::regclass, r.rngtypid FROM pg_range r
),
-- An array of rows is a part of a part.
whole AS (
    SELECT p.class, p.oid, coalesce(r.of_class, q.of_class, p.of_class) AS of_class, coalesce(r.of_oid, q.of_oid, p.of_oid) AS of_oid
    FROM part p LEFT JOIN part q ON q.class = p.of_class AND q.oid = p.of_oid
    LEFT JOIN part r ON r.class = q.of_class AND r.oid = q.of_oid
    WHERE p.oid >= 16384
),
modelled AS (
    SELECT 'pg_class'::regclass::oid AS class, c.oid, format('relation %s %s', c.nspname, c.relname) AS name
    FROM relation c
    WHERE c.oid IN (SELECT oid FROM plain_table)
       OR c.relkind = 'i' AND EXISTS (SELECT FROM pg_index i JOIN plain_table t ON t.oid = i.indrelid WHERE i.indexrelid = c.oid AND i.indisvalid)
       OR c.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjid NOT IN (SELECT oid FROM plain_table))
    UNION ALL SELECT 'pg_type'::regclass, t.oid, format('type %s %s', t.nspname, t.typname) FROM data_type t WHERE t.typtype = 'e'
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid, format('constraint %s %s %s', t.nspname, t.relname, k.conname)
        FROM plain_table t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
),
edge AS (
    SELECT d.classid, d.objid, d.refclassid, d.refobjid FROM pg_depend d
    WHERE d.objid >= 16384 AND d.refobjid >= 16384 AND d.deptype IN ('n', 'a', 'i')
      AND d.refclassid NOT IN ('pg_namespace'::regclass, 'pg_extension'::regclass)
      -- A sequence is owned by a column that draws from it.
      AND NOT (d.deptype IN ('a', 'i') AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid) AND d.classid = 'pg_class'::regclass)
    UNION ALL
    -- A foreign key to a partitioned table is dropped before one of its partitions can be, so it is made after them.
    SELECT 'pg_constraint'::regclass, k.oid, 'pg_class'::regclass, p.relid
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid AND c.relkind = 'p' CROSS JOIN LATERAL pg_partition_tree(c.oid) p
    WHERE k.contype = 'f' AND k.conparentid = 0
),
named AS (
    SELECT format('%s/%s', e.classid, e.objid) AS node, e.classid, e.objid, e.refclassid, e.refobjid FROM edge e
    UNION ALL
    -- A comment needs what it is about.
    SELECT format('comment/%s/%s/%s', d.classoid, d.objoid, d.objsubid), NULL, NULL, d.classoid, d.objoid
    FROM pg_description d WHERE d.objoid >= 16384 AND d.classoid <> 'pg_namespace'::regclass
),
resolved AS (
    SELECT coalesce(m.name, a.of_class || '/' || a.of_oid, n.node) AS node, k.name AS modelled,
        coalesce(b.of_class, n.refclassid) AS class, coalesce(b.of_oid, n.refobjid) AS oid
    FROM named n
    LEFT JOIN whole a ON a.class = n.classid AND a.oid = n.objid
    LEFT JOIN whole b ON b.class = n.refclassid AND b.oid = n.refobjid
    LEFT JOIN modelled m ON m.class = coalesce(a.of_class, n.classid) AND m.oid = coalesce(a.of_oid, n.objid)
    LEFT JOIN modelled k ON k.class = coalesce(b.of_class, n.refclassid) AND k.oid = coalesce(b.of_oid, n.refobjid)
    WHERE NOT EXISTS (SELECT FROM member x WHERE x.classid = n.classid AND x.objid = n.objid)
)
SELECT DISTINCT r.node, coalesce(r.modelled, format('%s/%s', r.class, r.oid)), pg_describe_object(r.class, r.oid, 0)
FROM resolved r
WHERE r.node <> coalesce(r.modelled, format('%s/%s', r.class, r.oid))
  AND NOT EXISTS (SELECT FROM member x WHERE x.classid = r.class AND x.objid = r.oid)
