-- One line for each object of the user's schemas: kind, name, definition.
WITH
member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
space AS (
    SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_namespace'::regclass AND objid = pg_namespace.oid)
),
relation AS (
    SELECT c.* FROM pg_class c JOIN space s ON s.oid = c.relnamespace
    WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_class'::regclass AND objid = c.oid)
),
data_type AS (
    SELECT t.* FROM pg_type t JOIN space s ON s.oid = t.typnamespace
    WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_type'::regclass AND objid = t.oid)
),
routine AS (
    SELECT p.* FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
),
line (kind, name, definition) AS (
    SELECT 'schema', quote_ident(nspname), ''
    FROM space
UNION ALL
    SELECT 'extension', quote_ident(e.extname), concat_ws(' ', 'schema', e.extnamespace::regnamespace, 'version', e.extversion)
    FROM pg_extension e WHERE e.extname <> 'plpgsql'
UNION ALL
    -- Tables, views, materialized views, foreign tables.
    SELECT 'relation', c.oid::regclass::text, concat_ws(' ',
        CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
            WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type' END,
        CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
        'of ' || nullif(c.reloftype, 0)::regtype,
        'using ' || (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam),
        'partition by ' || pg_get_partkeydef(c.oid),
        'partition ' || pg_get_expr(c.relpartbound, c.oid),
        'with ' || c.reloptions::text,
        'tablespace ' || (SELECT spcname FROM pg_tablespace WHERE pg_tablespace.oid = c.reltablespace),
        CASE WHEN c.relrowsecurity THEN 'row security' END,
        CASE WHEN c.relforcerowsecurity THEN 'forced' END,
        'replica identity ' || nullif(nullif(c.relreplident, 'd'), 'n')::text,
        CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN 'not populated' END,
        CASE WHEN c.relkind IN ('v', 'm') THEN 'as ' || pg_get_viewdef(c.oid) END)
    FROM relation c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
UNION ALL
    SELECT 'inherits', i.inhrelid::regclass::text, concat_ws(' ', i.inhseqno, i.inhparent::regclass, CASE WHEN i.inhdetachpending THEN 'detach pending' END)
    FROM pg_inherits i JOIN relation c ON c.oid = i.inhrelid
UNION ALL
    SELECT 'column', concat(c.oid::regclass, '.', quote_ident(a.attname)), concat_ws(' ',
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation END,
        CASE WHEN a.attnotnull THEN 'not null' END,
        CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default' END,
        CASE a.attgenerated WHEN 's' THEN 'generated stored' WHEN 'v' THEN 'generated virtual' END,
        'default ' || pg_get_expr(d.adbin, d.adrelid),
        CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
        'compression ' || nullif(a.attcompression, '')::text,
        'statistics ' || nullif(a.attstattarget, -1),
        'options ' || a.attoptions::text,
        'foreign options ' || a.attfdwoptions::text,
        CASE WHEN NOT a.attislocal THEN 'inherited' END)
    FROM relation c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
UNION ALL
    SELECT 'constraint', concat(c.oid::regclass, '.', quote_ident(k.conname)), concat_ws(' ',
        pg_get_constraintdef(k.oid),
        CASE WHEN NOT k.convalidated THEN 'unvalidated' END,
        CASE WHEN NOT k.conislocal THEN 'inherited' END,
        CASE WHEN k.contype IN ('p', 'u', 'x') THEN 'index ' || k.conindid::regclass END)
    FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid WHERE k.contype NOT IN ('n', 't')
UNION ALL
    SELECT 'index', i.indexrelid::regclass::text, concat_ws(' ',
        pg_get_indexdef(i.indexrelid),
        CASE WHEN NOT i.indisvalid THEN 'invalid' END,
        CASE WHEN NOT i.indisready THEN 'not ready' END,
        CASE WHEN NOT i.indimmediate THEN 'deferrable' END,
        CASE WHEN i.indisprimary THEN 'primary' END,
        CASE WHEN i.indisclustered THEN 'clustered' END,
        CASE WHEN i.indisreplident THEN 'replica identity' END,
        'tablespace ' || (SELECT spcname FROM pg_tablespace JOIN pg_class x ON x.reltablespace = pg_tablespace.oid WHERE x.oid = i.indexrelid),
        'statistics ' || (SELECT string_agg(concat_ws(':', attnum, attstattarget), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = i.indexrelid AND attstattarget >= 0),
        'part of ' || (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.indexrelid))
    FROM pg_index i JOIN relation c ON c.oid = i.indrelid
UNION ALL
    SELECT 'sequence', c.oid::regclass::text, concat_ws(' ',
        CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
        format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement, 'min', s.seqmin, 'max', s.seqmax,
        'cache', s.seqcache, CASE WHEN s.seqcycle THEN 'cycle' END,
        (SELECT concat(CASE d.deptype WHEN 'i' THEN 'identity of ' ELSE 'owned by ' END, d.refobjid::regclass, '.', quote_ident(a.attname))
         FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
    FROM relation c JOIN pg_sequence s ON s.seqrelid = c.oid
UNION ALL
    SELECT 'enum', t.oid::regtype::text, (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
    FROM data_type t WHERE t.typtype = 'e'
UNION ALL
    SELECT 'domain', t.oid::regtype::text, concat_ws(' ',
        format_type(t.typbasetype, t.typtypmod),
        CASE WHEN t.typcollation <> b.typcollation THEN 'collate ' || t.typcollation::regcollation END,
        CASE WHEN t.typnotnull THEN 'not null' END,
        'default ' || t.typdefault)
    FROM data_type t JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd'
UNION ALL
    SELECT 'constraint', concat(t.oid::regtype, '.', quote_ident(k.conname)), concat_ws(' ',
        pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'unvalidated' END)
    FROM pg_constraint k JOIN data_type t ON t.oid = k.contypid WHERE k.contype <> 'n'
UNION ALL
    SELECT 'range', t.oid::regtype::text, concat_ws(' ',
        'subtype', r.rngsubtype::regtype, 'multirange', r.rngmultitypid::regtype,
        'operator class ' || (SELECT concat(opcnamespace::regnamespace, '.', quote_ident(opcname)) FROM pg_opclass WHERE oid = r.rngsubopc),
        'collate ' || nullif(r.rngcollation, 0)::regcollation,
        'canonical ' || nullif(r.rngcanonical::oid, 0)::regprocedure, 'diff ' || nullif(r.rngsubdiff::oid, 0)::regprocedure)
    FROM data_type t JOIN pg_range r ON r.rngtypid = t.oid
UNION ALL
    SELECT 'base type', t.oid::regtype::text, (to_jsonb(t) - '{oid,typname,typnamespace,typowner,typacl,typarray,typrelid}'::text[])::text
    FROM data_type t WHERE t.typtype = 'b' AND NOT (t.typelem <> 0 AND t.typlen = -1)
UNION ALL
    SELECT 'function', p.oid::regprocedure::text, CASE p.prokind
        WHEN 'a' THEN (SELECT (to_jsonb(a) - 'aggfnoid')::text FROM pg_aggregate a WHERE a.aggfnoid = p.oid)
        ELSE pg_get_functiondef(p.oid) END
    FROM routine p
UNION ALL
    SELECT 'trigger', concat(c.oid::regclass, '.', quote_ident(g.tgname)), concat_ws(' ', pg_get_triggerdef(g.oid), 'enabled ' || nullif(g.tgenabled, 'O')::text)
    FROM pg_trigger g JOIN relation c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal
UNION ALL
    -- Foreign keys whose triggers were disabled.
    SELECT 'constraint triggers', concat(c.oid::regclass, '.', quote_ident(k.conname)), string_agg(concat(g.tgtype, g.tgenabled), ' ' ORDER BY g.tgtype)
    FROM pg_trigger g JOIN relation c ON c.oid = g.tgrelid JOIN pg_constraint k ON k.oid = g.tgconstraint
    WHERE g.tgisinternal AND g.tgenabled <> 'O' GROUP BY c.oid, k.conname
UNION ALL
    SELECT 'rule', concat(c.oid::regclass, '.', quote_ident(r.rulename)), concat_ws(' ', pg_get_ruledef(r.oid), 'enabled ' || nullif(r.ev_enabled, 'O')::text)
    FROM pg_rewrite r JOIN relation c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'
UNION ALL
    SELECT 'policy', concat(c.oid::regclass, '.', quote_ident(p.polname)), concat_ws(' ',
        CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, 'for', p.polcmd,
        'to', (SELECT string_agg(CASE r.role WHEN 0 THEN 'public' ELSE r.role::regrole::text END, ', ' ORDER BY 1) FROM unnest(p.polroles) r (role)),
        'using ' || pg_get_expr(p.polqual, p.polrelid), 'with check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN relation c ON c.oid = p.polrelid
UNION ALL
    SELECT 'statistics', concat(s.nspname, '.', quote_ident(x.stxname)), concat_ws(' ', pg_get_statisticsobjdef(x.oid), 'target ' || nullif(x.stxstattarget, -1))
    FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace
UNION ALL
    -- What is rare: by its whole row, or by its name alone.
    SELECT 'collation', x.oid::regcollation::text, (to_jsonb(x) - '{oid,collname,collnamespace,collowner}'::text[])::text
    FROM pg_collation x JOIN space s ON s.oid = x.collnamespace
UNION ALL
    SELECT 'event trigger', quote_ident(x.evtname), concat_ws(' ', x.evtevent, x.evtfoid::regprocedure, x.evtenabled, x.evttags::text)
    FROM pg_event_trigger x
UNION ALL
    SELECT 'publication', quote_ident(x.pubname), (to_jsonb(x) - '{oid,pubname,pubowner}'::text[])::text FROM pg_publication x
UNION ALL
    SELECT 'published table', concat(quote_ident(x.pubname), ': ', quote_ident(x.schemaname), '.', quote_ident(x.tablename)), (to_jsonb(x) - '{pubname,schemaname,tablename}'::text[])::text
    FROM pg_publication_tables x
UNION ALL
    SELECT o.kind, pg_describe_object(o.class, o.id, 0), ''
    FROM (
        SELECT 'operator', 'pg_operator'::regclass, x.oid FROM pg_operator x JOIN space s ON s.oid = x.oprnamespace
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
    WHERE NOT EXISTS (SELECT FROM member WHERE classid = o.class AND objid = o.id)
UNION ALL
    SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description
    FROM pg_description d
    WHERE (d.objoid >= 16384 OR d.objoid = to_regnamespace('public'))
      AND NOT EXISTS (SELECT FROM member WHERE classid = d.classoid AND objid = d.objoid)
      AND d.classoid <> 'pg_extension'::regclass
UNION ALL
    SELECT 'privileges', pg_describe_object(o.class, o.id, o.part), (SELECT string_agg(item::text, ', ' ORDER BY item::text) FROM unnest(o.acl) item)
    FROM (
        SELECT 'pg_namespace'::regclass, oid, 0, nspacl FROM space
        UNION ALL SELECT 'pg_class'::regclass, oid, 0, relacl FROM relation
        UNION ALL SELECT 'pg_class'::regclass, c.oid, a.attnum::int, a.attacl FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid
        UNION ALL SELECT 'pg_type'::regclass, oid, 0, typacl FROM data_type
        UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proacl FROM routine
        UNION ALL SELECT 'pg_default_acl'::regclass, oid, 0, defaclacl FROM pg_default_acl
    ) o (class, id, part, acl)
    WHERE o.acl IS NOT NULL
UNION ALL
    -- Owners other than the one who asks.
    SELECT 'owner', pg_describe_object(o.class, o.id, 0), o.owner::regrole::text
    FROM (
        SELECT 'pg_namespace'::regclass, oid, nspowner FROM space WHERE nspname <> 'public'
        UNION ALL SELECT 'pg_class'::regclass, oid, relowner FROM relation
        UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM data_type WHERE typrelid = 0 AND typelem = 0
        UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM routine
    ) o (class, id, owner)
    WHERE o.owner::regrole::text <> quote_ident(current_user)
)
SELECT replace(concat_ws(E'\t', kind, name, definition), E'\n', '\n') COLLATE "C" AS text
FROM line ORDER BY text;
