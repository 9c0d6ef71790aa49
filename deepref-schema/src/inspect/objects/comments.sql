-- Comments on all that is written as SQL. They go with what they are about, but for that on the schema `public`.
SELECT format('comment/%s/%s/%s', d.classoid, d.objoid, d.objsubid), 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid),
    ARRAY[format('COMMENT ON %s %s IS %L', upper(CASE
        WHEN o.type LIKE '% column' THEN 'column'
        WHEN o.type = 'table constraint' THEN 'constraint'
        WHEN o.type = 'domain constraint' THEN 'constraint'
        WHEN o.type = 'statistics object' THEN 'statistics'
        ELSE o.type END),
        CASE WHEN o.type = 'domain constraint' THEN regexp_replace(o.identity, ' on ', ' ON DOMAIN ') ELSE o.identity END, d.description)],
    CASE WHEN d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public')
        THEN 'COMMENT ON SCHEMA public IS ''standard public schema''' END
FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) o
WHERE d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass
