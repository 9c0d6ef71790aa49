-- What the model does not have: whole objects, and what it does not know of the objects that it has.
-- An attribute is odd where something is not as PostgreSQL makes it by itself: few are.
, odd_attribute AS (
    SELECT a.*, a.attstorage <> y.typstorage AS is_stored_otherwise
    FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
    WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
      AND (a.attstorage <> y.typstorage OR a.attcompression <> '' OR a.attstattarget <> -1 OR a.attoptions IS NOT NULL
            OR a.attgenerated = 'v' OR a.attacl IS NOT NULL)
)
SELECT x.kind, x.name, coalesce(x.definition, '') FROM (
    SELECT CASE WHEN c.relispartition THEN 'partition'
            WHEN c.reloftype <> 0 THEN 'table of a type'
            ELSE CASE c.relkind WHEN 'r' THEN 'inheriting table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
                WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'composite type' END END,
        c.oid::regclass::text,
        concat_ws(' ', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE (
            SELECT string_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attname)
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END,
        'partition by ' || pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
        'inherits ' || (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid))
    FROM relation c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND NOT EXISTS (SELECT FROM plain_table t WHERE t.oid = c.oid)
UNION ALL
    SELECT 'ledger of another tool', oid::regclass::text, '' FROM foreign_ledger
UNION ALL
    SELECT 'sequence', c.oid::regclass::text, 'of ' || d.refobjid::regclass
    FROM relation c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    WHERE c.relkind = 'S' AND NOT EXISTS (SELECT FROM plain_table t WHERE t.oid = d.refobjid)
UNION ALL
    SELECT 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM relation c JOIN pg_index i ON i.indrelid = c.oid WHERE NOT EXISTS (SELECT FROM plain_table t WHERE t.oid = c.oid)
UNION ALL
    SELECT 'constraint', format('%I of %s', k.conname, c.oid::regclass), pg_get_constraintdef(k.oid)
    FROM relation c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype NOT IN ('n', 't')
    WHERE NOT EXISTS (SELECT FROM plain_table t WHERE t.oid = c.oid)
UNION ALL
    SELECT 'invalid index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM plain_table t JOIN pg_index i ON i.indrelid = t.oid WHERE NOT i.indisvalid
UNION ALL
    SELECT detail.kind, c.oid::regclass::text, detail.definition
    FROM relation c LEFT JOIN pg_class o ON o.oid = c.reltoastrelid AND o.reloptions IS NOT NULL CROSS JOIN LATERAL (VALUES
        ('unlogged ' || CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, CASE WHEN c.relpersistence = 'u' AND c.relkind <> 'i' THEN 'unlogged' END),
        ('access method of table', (SELECT amname::text FROM pg_am WHERE oid = c.relam AND c.relkind = 'r' AND amname <> 'heap')),
        ('storage parameters of table', CASE WHEN c.relkind = 'r' THEN nullif(concat_ws(' ', c.reloptions::text, 'toast ' || o.reloptions::text), '') END),
        ('tablespace', (SELECT spcname::text FROM pg_tablespace WHERE oid = c.reltablespace)),
        ('row security of table', CASE WHEN c.relrowsecurity OR c.relforcerowsecurity THEN concat_ws(' ',
            CASE WHEN c.relrowsecurity THEN 'enabled' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END) END),
        ('replica identity of table', CASE WHEN c.relkind = 'r' AND c.relreplident <> 'd' THEN c.relreplident::text END)
    ) detail (kind, definition)
    -- The first lines are quick, and few relations pass them.
    WHERE (c.relpersistence = 'u' OR c.reltablespace <> 0 OR c.relrowsecurity OR c.relforcerowsecurity OR c.relkind = 'r'
            AND (c.relreplident <> 'd' OR c.relam <> 2 OR c.reloptions IS NOT NULL OR o.reloptions IS NOT NULL))
      AND detail.definition IS NOT NULL
UNION ALL
    SELECT detail.kind, format('%s.%I', t.oid::regclass, a.attname), detail.definition
    FROM plain_table t
    JOIN odd_attribute a ON a.attrelid = t.oid
    CROSS JOIN LATERAL (VALUES
        ('storage of column', CASE WHEN a.is_stored_otherwise THEN a.attstorage::text END),
        ('compression of column', nullif(a.attcompression, '')::text),
        ('statistics target of column', nullif(a.attstattarget, -1)::text),
        ('options of column', a.attoptions::text),
        ('virtual generated column', CASE WHEN a.attgenerated = 'v' THEN 'virtual' END),
        ('privileges on column', CASE WHEN a.attacl IS NOT NULL THEN (
            SELECT string_agg(item::text, ', ' ORDER BY item::text) FROM unnest(a.attacl) item) END)
    ) detail (kind, definition)
    WHERE detail.definition IS NOT NULL
UNION ALL
    SELECT detail.kind, format('%I of %s', k.conname, t.oid::regclass), pg_get_constraintdef(k.oid)
    -- What older versions do not have is found in `absent` there.
    FROM (VALUES (NULL::int2[], true, false)) absent (confdelsetcols, conenforced, conperiod)
    CROSS JOIN LATERAL (SELECT k.oid, confdelsetcols IS NOT NULL, NOT conenforced, conperiod FROM pg_constraint k)
        newer (oid, set_columns, not_enforced, period)
    JOIN pg_constraint k ON k.oid = newer.oid
    JOIN plain_table t ON t.oid = k.conrelid
    CROSS JOIN LATERAL (VALUES
        ('no inherit of constraint', k.contype = 'c' AND k.connoinherit),
        ('match full of constraint', k.contype = 'f' AND k.confmatchtype = 'f'),
        ('set null (columns) of constraint', newer.set_columns),
        ('not enforced constraint', newer.not_enforced),
        ('period of constraint', newer.period),
        ('unvalidated not null', k.contype = 'n' AND NOT k.convalidated),
        ('constraint trigger', k.contype = 't')
    ) detail (kind, is_so)
    WHERE (k.contype IN ('c', 'n') AND (k.connoinherit OR NOT k.convalidated) OR k.contype = 't' OR k.confmatchtype = 'f'
            OR newer.set_columns OR newer.not_enforced OR newer.period)
      AND detail.is_so
UNION ALL
    SELECT detail.kind, i.indexrelid::regclass::text, detail.definition
    FROM plain_table t JOIN pg_index i ON i.indrelid = t.oid
    CROSS JOIN LATERAL (VALUES
        ('clustering by index', CASE WHEN i.indisclustered THEN 'clustered' END),
        ('replica identity by index', CASE WHEN i.indisreplident THEN 'identity' END),
        ('statistics target of index', (SELECT string_agg(concat(attnum, ':', attstattarget), ', ' ORDER BY attnum)
            FROM odd_attribute WHERE attrelid = i.indexrelid AND attstattarget >= 0)),
        ('operator class options of index', (SELECT string_agg(concat(attnum, ':', attoptions), ', ' ORDER BY attnum)
            FROM odd_attribute WHERE attrelid = i.indexrelid AND attoptions IS NOT NULL))
    ) detail (kind, definition)
    WHERE (i.indisclustered OR i.indisreplident
            OR i.indexrelid IN (SELECT attrelid FROM odd_attribute))
      AND detail.definition IS NOT NULL
UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'base type' END, t.oid::regtype::text,
        CASE t.typtype WHEN 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'not null' END,
            'default ' || t.typdefault, (SELECT string_agg(format('%I %s', conname, pg_get_constraintdef(oid)), ' ' ORDER BY conname)
                FROM pg_constraint WHERE contypid = t.oid AND contype <> 'n'))
        WHEN 'r' THEN (SELECT rngsubtype::regtype::text FROM pg_range WHERE rngtypid = t.oid) END
    FROM data_type t
    WHERE t.typtype IN ('d', 'r') OR (t.typtype IN ('b', 'p') AND NOT (t.typelem <> 0 AND t.typlen = -1))
UNION ALL
    SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END,
        p.oid::regprocedure::text, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid)
            ELSE (SELECT (to_jsonb(a) - 'aggfnoid')::text FROM pg_aggregate a WHERE a.aggfnoid = p.oid) END
    FROM routine p
UNION ALL
    SELECT 'trigger', format('%I of %s', g.tgname, c.oid::regclass),
        concat_ws(' ', pg_get_triggerdef(g.oid), 'enabled ' || nullif(g.tgenabled, 'O')::text)
    FROM relation c JOIN pg_trigger g ON g.tgrelid = c.oid WHERE NOT g.tgisinternal
UNION ALL
    SELECT 'disabled triggers of constraint', format('%I of %s', k.conname, c.oid::regclass),
        string_agg(concat(g.tgtype, g.tgenabled), ' ' ORDER BY g.tgtype)
    FROM relation c JOIN pg_trigger g ON g.tgrelid = c.oid JOIN pg_constraint k ON k.oid = g.tgconstraint
    WHERE g.tgisinternal AND g.tgenabled <> 'O' GROUP BY c.oid, k.conname
UNION ALL
    SELECT 'rule', format('%I of %s', r.rulename, c.oid::regclass), pg_get_ruledef(r.oid)
    FROM relation c JOIN pg_rewrite r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN'
UNION ALL
    SELECT 'policy', format('%I of %s', p.polname, c.oid::regclass), concat_ws(' ',
        CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, 'for', p.polcmd,
        'to', (SELECT string_agg(CASE r.role WHEN 0 THEN 'public' ELSE r.role::regrole::text END, ', ' ORDER BY 1) FROM unnest(p.polroles) r (role)),
        'using ' || pg_get_expr(p.polqual, p.polrelid), 'with check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    FROM relation c JOIN pg_policy p ON p.polrelid = c.oid
UNION ALL
    SELECT 'statistics', format('%I.%I', s.nspname, x.stxname), pg_get_statisticsobjdef(x.oid)
    FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace
UNION ALL
    SELECT 'publication', quote_ident(x.pubname), (SELECT string_agg(format('%I.%I', p.schemaname, p.tablename), ', ' ORDER BY 1)
        FROM pg_publication_tables p WHERE p.pubname = x.pubname)
    FROM pg_publication x
UNION ALL
    SELECT o.kind, pg_describe_object(o.class, o.id, 0), ''
    FROM (
        SELECT 'event trigger', 'pg_event_trigger'::regclass, x.oid FROM pg_event_trigger x
        UNION ALL SELECT 'collation', 'pg_collation'::regclass, x.oid FROM pg_collation x JOIN space s ON s.oid = x.collnamespace
        UNION ALL SELECT 'operator', 'pg_operator'::regclass, x.oid FROM pg_operator x JOIN space s ON s.oid = x.oprnamespace
        UNION ALL SELECT 'operator class', 'pg_opclass'::regclass, x.oid FROM pg_opclass x JOIN space s ON s.oid = x.opcnamespace
        UNION ALL SELECT 'operator family', 'pg_opfamily'::regclass, x.oid FROM pg_opfamily x JOIN space s ON s.oid = x.opfnamespace
        UNION ALL SELECT 'conversion', 'pg_conversion'::regclass, x.oid FROM pg_conversion x JOIN space s ON s.oid = x.connamespace
        UNION ALL SELECT 'text search configuration', 'pg_ts_config'::regclass, x.oid FROM pg_ts_config x JOIN space s ON s.oid = x.cfgnamespace
        UNION ALL SELECT 'text search dictionary', 'pg_ts_dict'::regclass, x.oid FROM pg_ts_dict x JOIN space s ON s.oid = x.dictnamespace
        UNION ALL SELECT 'text search parser', 'pg_ts_parser'::regclass, x.oid FROM pg_ts_parser x JOIN space s ON s.oid = x.prsnamespace
        UNION ALL SELECT 'text search template', 'pg_ts_template'::regclass, x.oid FROM pg_ts_template x JOIN space s ON s.oid = x.tmplnamespace
        UNION ALL SELECT 'cast', 'pg_cast'::regclass, x.oid FROM pg_cast x WHERE x.oid >= 16384
        UNION ALL SELECT 'transform', 'pg_transform'::regclass, x.oid FROM pg_transform x
        UNION ALL SELECT 'language', 'pg_language'::regclass, x.oid FROM pg_language x WHERE x.oid >= 16384
        UNION ALL SELECT 'access method', 'pg_am'::regclass, x.oid FROM pg_am x WHERE x.oid >= 16384
        UNION ALL SELECT 'foreign data wrapper', 'pg_foreign_data_wrapper'::regclass, x.oid FROM pg_foreign_data_wrapper x
        UNION ALL SELECT 'foreign server', 'pg_foreign_server'::regclass, x.oid FROM pg_foreign_server x
    ) o (kind, class, id)
    WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = o.class AND m.objid = o.id)
UNION ALL
    -- Comments on what the model gives none: everything but tables, columns, sequences, enums, constraints and
    -- the indexes that no constraint made.
    SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description
    FROM pg_description d
    WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public')
            AND d.description <> 'standard public schema')
      AND d.classoid <> 'pg_extension'::regclass
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = d.classoid AND m.objid = d.objoid)
      AND NOT EXISTS (SELECT FROM ledger l WHERE l.oid = d.objoid)
      AND NOT (d.classoid = 'pg_class'::regclass AND (d.objoid IN (SELECT oid FROM plain_table)
          OR EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objoid AND c.relkind = 'S')
          OR EXISTS (SELECT FROM pg_index i JOIN plain_table t ON t.oid = i.indrelid WHERE i.indexrelid = d.objoid AND i.indisvalid
              AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = d.objoid AND k.contype IN ('p', 'u', 'x')))))
      AND NOT (d.classoid = 'pg_type'::regclass AND EXISTS (SELECT FROM data_type t WHERE t.oid = d.objoid AND t.typtype = 'e'))
      AND NOT (d.classoid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint k JOIN plain_table t ON t.oid = k.conrelid
          WHERE k.oid = d.objoid AND k.contype IN ('p', 'u', 'c', 'f', 'x')))
UNION ALL
    SELECT 'privileges', pg_describe_object(o.class, o.id, 0),
        (SELECT string_agg(item::text, ', ' ORDER BY item::text) FROM unnest(o.acl) item)
    FROM (
        SELECT 'pg_namespace'::regclass, oid, nspacl FROM space
        UNION ALL SELECT 'pg_class'::regclass, oid, relacl FROM relation
        UNION ALL SELECT 'pg_type'::regclass, oid, typacl FROM data_type
        UNION ALL SELECT 'pg_proc'::regclass, oid, proacl FROM routine
        UNION ALL SELECT 'pg_default_acl'::regclass, oid, defaclacl FROM pg_default_acl
    ) o (class, id, acl)
    WHERE o.acl IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_init_privs i WHERE i.classoid = o.class AND i.objoid = o.id AND i.objsubid = 0 AND i.initprivs = o.acl)
) x (kind, name, definition)
ORDER BY 1, 2, 3
