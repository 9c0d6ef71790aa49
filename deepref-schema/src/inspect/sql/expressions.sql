-- The keys of indexes that are no columns.
SELECT i.indexrelid, e.attnum, pg_get_indexdef(i.indexrelid, e.attnum, false), e.atttypid
FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid AND t.relkind = 'r' AND NOT t.relispartition
JOIN pg_attribute e ON e.attrelid = i.indexrelid AND e.attnum <= i.indnkeyatts AND i.indkey[e.attnum - 1] = 0
WHERE i.indexrelid >= 16384 AND i.indexprs IS NOT NULL AND i.indisvalid
