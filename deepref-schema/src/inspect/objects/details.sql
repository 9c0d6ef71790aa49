-- What the model does not know of its tables. None of it is undone: it goes with the table.
SELECT format('detail/%s/%s', c.oid, detail.kind), detail.kind, c.oid::regclass::text,
    ARRAY(SELECT format('ALTER TABLE %s %s', c.oid::regclass, change) FROM unnest(detail.changes) change WHERE change IS NOT NULL), NULL::text
FROM relation c JOIN plain_table p ON p.oid = c.oid LEFT JOIN pg_class o ON o.oid = c.reltoastrelid
CROSS JOIN LATERAL (VALUES
    ('unlogged table', ARRAY['SET UNLOGGED'], c.relpersistence = 'u'),
    ('storage parameters of table', ARRAY[format('SET (%s)', concat_ws(', ', array_to_string(c.reloptions, ', '),
        (SELECT string_agg('toast.' || x, ', ') FROM unnest(o.reloptions) x)))], c.reloptions IS NOT NULL OR o.reloptions IS NOT NULL),
    ('row security of table', ARRAY[CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END,
        CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END], c.relrowsecurity OR c.relforcerowsecurity),
    ('replica identity of table', ARRAY[CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING'
        ELSE (SELECT format('REPLICA IDENTITY USING INDEX %I', x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
            WHERE i.indrelid = c.oid AND i.indisreplident) END], c.relreplident <> 'd')
) detail (kind, changes, is_so)
WHERE detail.is_so
UNION ALL
SELECT format('detail/%s/%s', i.indexrelid, detail.kind), detail.kind, i.indexrelid::regclass::text, detail.changes, NULL
FROM plain_table t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid
CROSS JOIN LATERAL (VALUES
    ('clustering by index', ARRAY[format('ALTER TABLE %s CLUSTER ON %I', t.oid::regclass, x.relname)], i.indisclustered),
    ('statistics target of index', ARRAY(SELECT format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', x.oid::regclass, a.attnum, a.attstattarget)
        FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0 ORDER BY a.attnum),
        EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)),
    -- The model makes it without them.
    ('operator class options of index', ARRAY['DROP INDEX ' || x.oid::regclass, pg_get_indexdef(x.oid)],
        EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attoptions IS NOT NULL)
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid))
) detail (kind, changes, is_so)
WHERE detail.is_so
UNION ALL
-- It is the same as the replica identity of the table.
SELECT format('detail/%s/replica identity of table', t.oid), 'replica identity by index', i.indexrelid::regclass::text, NULL, NULL
FROM plain_table t JOIN pg_index i ON i.indrelid = t.oid AND i.indisreplident
UNION ALL
SELECT format('detail/%s/%s/%s', t.oid, a.attnum, detail.kind), detail.kind, format('%s.%I', t.oid::regclass, a.attname),
    ARRAY[format('ALTER TABLE ONLY %s ALTER COLUMN %I SET %s', t.oid::regclass, a.attname, detail.change)], NULL
FROM plain_table t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type y ON y.oid = a.atttypid
CROSS JOIN LATERAL (VALUES
    ('storage of column', CASE WHEN a.attstorage <> y.typstorage THEN 'STORAGE ' || CASE a.attstorage
        WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END),
    ('compression of column', 'COMPRESSION ' || CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),
    ('statistics target of column', 'STATISTICS ' || nullif(a.attstattarget, -1)),
    ('options of column', '(' || array_to_string(a.attoptions, ', ') || ')')
) detail (kind, change)
WHERE detail.change IS NOT NULL
UNION ALL
-- The model makes these constraints without the detail: they are made once more.
SELECT format('detail/%s', k.oid), detail.kind, format('%I of %s', k.conname, t.oid::regclass),
    ARRAY[format('ALTER TABLE %s DROP CONSTRAINT %I', t.oid::regclass, k.conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.oid::regclass, k.conname, pg_get_constraintdef(k.oid))], NULL
FROM (VALUES (NULL::int2[], true)) absent (confdelsetcols, conenforced)
CROSS JOIN plain_table t JOIN pg_constraint k ON k.conrelid = t.oid
CROSS JOIN LATERAL (SELECT confdelsetcols IS NOT NULL, NOT conenforced FROM pg_constraint WHERE oid = k.oid) newer (set_columns, not_enforced)
CROSS JOIN LATERAL (VALUES
    ('no inherit of constraint', k.contype = 'c' AND k.connoinherit),
    ('match full of constraint', k.contype = 'f' AND k.confmatchtype = 'f'),
    ('set null (columns) of constraint', newer.set_columns),
    ('not enforced constraint', newer.not_enforced)
) detail (kind, is_so)
WHERE detail.is_so
