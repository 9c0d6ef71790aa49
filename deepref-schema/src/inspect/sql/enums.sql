SELECT t.nspname, t.typname,
    (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), t.oid
FROM data_type t WHERE t.typtype = 'e'
