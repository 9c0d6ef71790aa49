-- An index that was left behind by a failed build serves nobody: it is listed among the rest.
SELECT i.indexrelid, t.nspname, t.relname, c.relname, m.amname, i.indisunique,
    EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')),
    CASE WHEN i.indnatts > i.indnkeyatts THEN (SELECT array_agg(a.attname::text ORDER BY n)
     FROM generate_series(i.indnkeyatts + 1, i.indnatts) n
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n - 1]) END,
    -- Version 14 does not have it: it is found in `absent` there.
    (SELECT indnullsnotdistinct FROM pg_index WHERE indexrelid = i.indexrelid),
    c.reloptions, pg_get_expr(i.indpred, i.indrelid), o.description
FROM (VALUES (false)) absent (indnullsnotdistinct)
CROSS JOIN plain_table t
JOIN pg_index i ON i.indrelid = t.oid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_description o ON o.classoid = 'pg_class'::regclass AND o.objoid = c.oid AND o.objsubid = 0
WHERE i.indisvalid
