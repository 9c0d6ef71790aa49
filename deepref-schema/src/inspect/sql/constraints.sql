SELECT t.nspname, t.relname, k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated,
    o.description,
    k.conkey,
    k.conindid, r.nspname, f.relname,
    (SELECT array_agg(a.attname::text ORDER BY n) FROM unnest(k.confkey) WITH ORDINALITY x (attnum, n)
     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.attnum),
    k.confdeltype, k.confupdtype, pg_get_expr(k.conbin, k.conrelid), k.conrelid
FROM plain_table t
JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x')
LEFT JOIN pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_namespace r ON r.oid = f.relnamespace
LEFT JOIN pg_description o ON o.classoid = 'pg_constraint'::regclass AND o.objoid = k.oid
-- Not those that PostgreSQL made for the partitions of a table.
WHERE k.conparentid = 0
