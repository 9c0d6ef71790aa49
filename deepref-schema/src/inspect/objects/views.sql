SELECT format('%s/%s', 'pg_class'::regclass::oid, c.oid), CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
    c.oid::regclass::text,
    ARRAY[concat(CASE c.relkind WHEN 'v' THEN 'CREATE VIEW ' ELSE 'CREATE MATERIALIZED VIEW ' END, c.oid::regclass,
        ' USING ' || (SELECT quote_ident(m.amname) FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'),
        ' WITH (' || array_to_string(c.reloptions, ', ') || ')',
        E' AS\n', rtrim(pg_get_viewdef(c.oid), ';'),
        CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN E'\n WITH NO DATA' END)]
    || ARRAY(SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', c.oid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid ORDER BY a.attnum)
    || ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid ORDER BY i.indexrelid::regclass::text),
    concat_ws(' ', CASE c.relkind WHEN 'v' THEN 'DROP VIEW' ELSE 'DROP MATERIALIZED VIEW' END, c.oid::regclass)
FROM relation c WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT format('%s/%s', 'pg_class'::regclass::oid, c.oid), 'index', i.indexrelid::regclass::text, NULL, NULL
FROM relation c JOIN pg_index i ON i.indrelid = c.oid WHERE c.relkind = 'm'
