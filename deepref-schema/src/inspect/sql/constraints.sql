SELECT k.oid, k.conrelid, k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated, k.conkey, k.conindid,
    k.confrelid, r.nspname, f.relname, k.confkey, k.confdeltype, k.confupdtype, pg_get_expr(k.conbin, k.conrelid),
    CASE WHEN k.contype = 'x' THEN ARRAY(
        SELECT CASE WHEN pg_operator_is_visible(o.oid) THEN o.oprname::text
            ELSE format('OPERATOR(%I.%s)', o.oprnamespace::regnamespace::text, o.oprname) END
        FROM unnest(k.conexclop) WITH ORDINALITY x (oid, n) JOIN pg_operator o ON o.oid = x.oid ORDER BY n) END
FROM pg_constraint k
JOIN pg_class t ON t.oid = k.conrelid AND t.relkind = 'r' AND NOT t.relispartition
LEFT JOIN pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_namespace r ON r.oid = f.relnamespace
-- Not those that PostgreSQL made for the partitions of a table.
WHERE k.oid >= 16384 AND k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0
