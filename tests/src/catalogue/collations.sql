-- Those of the C library depend on the machine: `en_US.utf8` is not among these.
-- Those of ICU depend on its version; the names without a variant have been there for long.
SELECT DISTINCT c.collname, c.collprovider::text
FROM pg_collation c
WHERE c.collnamespace = 'pg_catalog'::regnamespace AND (c.collprovider <> 'c' OR c.collname IN ('C', 'POSIX', 'ucs_basic'))
