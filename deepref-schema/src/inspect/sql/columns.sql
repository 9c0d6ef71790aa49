-- Those of tables that can have a place in the model, and of what foreign keys refer to. A default is about no column,
-- so that PostgreSQL need not look at its table.
SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.atttypid, a.atttypmod, a.attcollation, a.attgenerated, a.attidentity,
    pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END)
FROM pg_class t
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE t.oid >= 16384
  AND (t.relkind = 'r' AND NOT t.relispartition OR t.oid IN (SELECT confrelid FROM pg_constraint WHERE contype = 'f'))
