-- What hangs on tables and views: rules, triggers, policies; and statistics.
SELECT format('%s/%s', 'pg_rewrite'::regclass::oid, r.oid), 'rule', format('%I of %s', r.rulename, c.oid::regclass),
    ARRAY[rtrim(pg_get_ruledef(r.oid), ';')]
    || CASE r.ev_enabled WHEN 'D' THEN ARRAY[format('ALTER TABLE %s DISABLE RULE %I', c.oid::regclass, r.rulename)]
        WHEN 'R' THEN ARRAY[format('ALTER TABLE %s ENABLE REPLICA RULE %I', c.oid::regclass, r.rulename)]
        WHEN 'A' THEN ARRAY[format('ALTER TABLE %s ENABLE ALWAYS RULE %I', c.oid::regclass, r.rulename)] ELSE ARRAY[]::text[] END,
    format('DROP RULE %I ON %s', r.rulename, c.oid::regclass)
FROM relation c JOIN pg_rewrite r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT format('%s/%s', 'pg_trigger'::regclass::oid, g.oid), 'trigger', format('%I of %s', g.tgname, c.oid::regclass),
    ARRAY[pg_get_triggerdef(g.oid)]
    || CASE g.tgenabled WHEN 'D' THEN ARRAY[format('ALTER TABLE %s DISABLE TRIGGER %I', c.oid::regclass, g.tgname)]
        WHEN 'R' THEN ARRAY[format('ALTER TABLE %s ENABLE REPLICA TRIGGER %I', c.oid::regclass, g.tgname)]
        WHEN 'A' THEN ARRAY[format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', c.oid::regclass, g.tgname)] ELSE ARRAY[]::text[] END,
    format('DROP TRIGGER %I ON %s', g.tgname, c.oid::regclass)
FROM relation c JOIN pg_trigger g ON g.tgrelid = c.oid WHERE NOT g.tgisinternal AND g.tgparentid = 0
UNION ALL
SELECT format('%s/%s', 'pg_trigger'::regclass::oid, g.oid), 'constraint trigger', format('%I of %s', k.conname, c.oid::regclass), NULL, NULL
FROM relation c JOIN pg_trigger g ON g.tgrelid = c.oid JOIN pg_constraint k ON k.oid = g.tgconstraint AND k.contype = 't'
UNION ALL
-- PostgreSQL made it with that of the partitioned table.
SELECT format('%s/%s', 'pg_trigger'::regclass::oid, top.oid), 'trigger', format('%I of %s', g.tgname, c.oid::regclass), NULL, NULL
FROM relation c JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgparentid <> 0
CROSS JOIN LATERAL (
    WITH RECURSIVE up AS (SELECT p.oid, p.tgparentid FROM pg_trigger p WHERE p.oid = g.tgparentid
        UNION ALL SELECT p.oid, p.tgparentid FROM up JOIN pg_trigger p ON p.oid = up.tgparentid)
    SELECT up.oid FROM up WHERE up.tgparentid = 0) top
UNION ALL
SELECT format('%s/%s', 'pg_policy'::regclass::oid, p.oid), 'policy', format('%I of %s', p.polname, c.oid::regclass),
    ARRAY[concat_ws(' ', format('CREATE POLICY %I ON %s', p.polname, c.oid::regclass), CASE WHEN NOT p.polpermissive THEN 'AS RESTRICTIVE' END,
        'FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END,
        'TO ' || (SELECT string_agg(r.role::regrole::text, ', ' ORDER BY 1) FROM unnest(p.polroles) r (role) WHERE r.role <> 0),
        'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', 'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')],
    format('DROP POLICY %I ON %s', p.polname, c.oid::regclass)
FROM relation c JOIN pg_policy p ON p.polrelid = c.oid
UNION ALL
SELECT format('%s/%s', 'pg_statistic_ext'::regclass::oid, x.oid), 'statistics', format('%I.%I', s.nspname, x.stxname),
    ARRAY[pg_get_statisticsobjdef(x.oid)]
    || ARRAY(SELECT format('ALTER STATISTICS %I.%I SET STATISTICS %s', s.nspname, x.stxname, x.stxstattarget) WHERE x.stxstattarget >= 0),
    format('DROP STATISTICS %I.%I', s.nspname, x.stxname)
FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace
