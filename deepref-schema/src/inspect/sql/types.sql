-- The types of columns: few, while there are many columns. An array is known by its subscripting function;
-- `int2vector` has it too, but is kept in line.
SELECT a.atttypid, a.atttypmod, bn.nspname, b.typname, format_type(b.oid, NULL), format_type(b.oid, a.atttypmod),
    b.oid <> y.oid, y.typcollation
FROM (SELECT DISTINCT atttypid, atttypmod FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0) a
JOIN pg_type y ON y.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE
    WHEN y.typelem <> 0 AND y.typsubscript = 'array_subscript_handler'::regproc AND y.typstorage <> 'p'
    THEN y.typelem ELSE y.oid END
JOIN pg_namespace bn ON bn.oid = b.typnamespace
