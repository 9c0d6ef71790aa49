SELECT t.nspname, t.relname, a.attname, a.attnotnull, a.atttypid, a.atttypmod,
    pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, cn.nspname, c.collname, o.description,
    a.attrelid, a.attnum
FROM plain_table t
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type y ON y.oid = a.atttypid AND y.typcollation <> a.attcollation
LEFT JOIN pg_collation c ON c.oid = a.attcollation AND y.oid IS NOT NULL
LEFT JOIN pg_namespace cn ON cn.oid = c.collnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_description o ON o.classoid = 'pg_class'::regclass AND o.objoid = a.attrelid AND o.objsubid = a.attnum
ORDER BY a.attrelid, a.attnum
