-- An index that was left behind by a failed build serves nobody: it is listed among the rest.
SELECT i.indexrelid, i.indrelid, c.relname, m.amname, i.indisunique, i.nulls_not_distinct,
    i.indkey, i.indclass, i.indcollation, i.indoption, c.reloptions, pg_get_expr(i.indpred, i.indrelid)
-- Version 14 does not have it: it is found in `absent` there.
FROM (VALUES (false)) absent (indnullsnotdistinct)
CROSS JOIN LATERAL (SELECT i.*, indnullsnotdistinct AS nulls_not_distinct FROM pg_index i) i
JOIN pg_class t ON t.oid = i.indrelid AND t.relkind = 'r' AND NOT t.relispartition
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
WHERE i.indexrelid >= 16384 AND i.indisvalid
