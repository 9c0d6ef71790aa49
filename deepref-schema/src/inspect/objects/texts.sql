-- Collations, and what text search is made of but for parsers and templates, which are functions in C.
SELECT format('%s/%s', 'pg_collation'::regclass::oid, c.oid), 'collation', pg_describe_object('pg_collation'::regclass, c.oid, 0),
    ARRAY[format('CREATE COLLATION %s (%s)', c.oid::regcollation, concat_ws(', ',
        'PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
        CASE WHEN c.collprovider = 'c' THEN format('LC_COLLATE = %L, LC_CTYPE = %L', c.collcollate, c.collctype)
            -- Where the locale stands, and whether there are rules, depends on the version.
            ELSE format('LOCALE = %L', coalesce(j ->> 'colllocale', j ->> 'colliculocale', j ->> 'collcollate')) END,
        CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END,
        'RULES = ' || quote_literal(j ->> 'collicurules')))],
    'DROP COLLATION ' || c.oid::regcollation
FROM pg_collation c JOIN space s ON s.oid = c.collnamespace CROSS JOIN LATERAL to_jsonb(c) j
UNION ALL
SELECT format('%s/%s', 'pg_ts_dict'::regclass::oid, x.oid), 'text search dictionary', pg_describe_object('pg_ts_dict'::regclass, x.oid, 0),
    ARRAY[format('CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %I.%I%s)', x.oid::regdictionary, n.nspname, t.tmplname, ', ' || x.dictinitoption)],
    'DROP TEXT SEARCH DICTIONARY ' || x.oid::regdictionary
FROM pg_ts_dict x JOIN space s ON s.oid = x.dictnamespace JOIN pg_ts_template t ON t.oid = x.dicttemplate
JOIN pg_namespace n ON n.oid = t.tmplnamespace
UNION ALL
SELECT format('%s/%s', 'pg_ts_config'::regclass::oid, x.oid), 'text search configuration', pg_describe_object('pg_ts_config'::regclass, x.oid, 0),
    ARRAY[format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %I.%I)', x.oid::regconfig, n.nspname, p.prsname)]
    || ARRAY(
        SELECT format('ALTER TEXT SEARCH CONFIGURATION %s ADD MAPPING FOR %I WITH %s', x.oid::regconfig, k.alias,
            string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno))
        FROM pg_ts_config_map m JOIN ts_token_type(p.oid) k ON k.tokid = m.maptokentype
        WHERE m.mapcfg = x.oid GROUP BY k.tokid, k.alias ORDER BY k.tokid),
    'DROP TEXT SEARCH CONFIGURATION ' || x.oid::regconfig
FROM pg_ts_config x JOIN space s ON s.oid = x.cfgnamespace JOIN pg_ts_parser p ON p.oid = x.cfgparser
JOIN pg_namespace n ON n.oid = p.prsnamespace
