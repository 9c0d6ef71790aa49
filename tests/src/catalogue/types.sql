-- Arrays are a property of their element type; row types of tables are found among the relations.
SELECT t.typname, format_type(t.oid, NULL), t.typcategory::text, t.typtype::text,
    concat(CASE WHEN t.typispreferred THEN 'p' END, CASE WHEN t.typcollation <> 0 THEN 'c' END, CASE WHEN t.typmodin <> 0 THEN 'm' END),
    CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END,
    (SELECT a.typname FROM pg_type a WHERE a.oid = t.typarray),
    owner.extension
FROM pg_type t JOIN owner ON owner.class = 'pg_type'::regclass AND owner.object = t.oid
WHERE NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
