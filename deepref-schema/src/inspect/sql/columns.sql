-- An array is known by its subscripting function; `int2vector` has it too, but is kept in line.
SELECT t.nspname, t.relname, a.attname, a.attnotnull,
    bn.nspname, b.typname, format_type(b.oid, NULL), format_type(b.oid, a.atttypmod), b.oid <> y.oid,
    pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity,
    cn.nspname, c.collname, description.description
FROM plain_table t
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type y ON y.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE
    WHEN y.typelem <> 0 AND y.typsubscript = 'array_subscript_handler'::regproc AND y.typstorage <> 'p'
    THEN y.typelem ELSE y.oid END
JOIN pg_namespace bn ON bn.oid = b.typnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation c ON c.oid = a.attcollation AND a.attcollation <> y.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = c.collnamespace
LEFT JOIN pg_description description ON description.classoid = 'pg_class'::regclass
    AND description.objoid = a.attrelid AND description.objsubid = a.attnum
ORDER BY a.attrelid, a.attnum
