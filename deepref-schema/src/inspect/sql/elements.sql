-- The keys of indexes and of exclusion constraints, in order. An operator class is named where it is not the one
-- that PostgreSQL would take; a collation where it is not the column's, nor the database's own of an expression.
SELECT i.indexrelid, a.attname, CASE WHEN a.attname IS NULL THEN pg_get_indexdef(i.indexrelid, n, false) END,
    cn.nspname, c.collname, opn.nspname, op.opcname, i.indoption[n - 1] & 1, i.indoption[n - 1] & 2,
    CASE WHEN o.oid IS NULL THEN NULL WHEN pg_operator_is_visible(o.oid) THEN o.oprname::text
        ELSE format('OPERATOR(%I.%s)', o.oprnamespace::regnamespace::text, o.oprname) END
FROM plain_table t
JOIN pg_index i ON i.indrelid = t.oid AND i.indisvalid
CROSS JOIN generate_series(1, i.indnkeyatts) n
LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n - 1] AND i.indkey[n - 1] <> 0
LEFT JOIN pg_attribute e ON e.attrelid = i.indexrelid AND e.attnum = n
LEFT JOIN pg_collation c ON c.oid = i.indcollation[n - 1]
    AND c.oid <> coalesce(a.attcollation, 'pg_catalog."default"'::regcollation)
LEFT JOIN pg_namespace cn ON cn.oid = c.collnamespace
JOIN pg_opclass p ON p.oid = i.indclass[n - 1]
LEFT JOIN pg_opclass op ON op.oid = p.oid AND (NOT p.opcdefault OR (
    p.opcintype <> coalesce(a.atttypid, e.atttypid) AND (a.attnum IS NOT NULL OR p.opckeytype = 0)
    AND EXISTS (SELECT FROM pg_opclass q WHERE q.opcmethod = p.opcmethod AND q.opcdefault
        AND q.opcintype = coalesce(a.atttypid, e.atttypid))))
LEFT JOIN pg_namespace opn ON opn.oid = op.opcnamespace
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'x'
LEFT JOIN pg_operator o ON o.oid = k.conexclop[n]
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
ORDER BY i.indexrelid, n
