-- What belongs to the user: neither PostgreSQL's own, nor an extension's, nor the ledger, nor
-- that of another tool. PostgreSQL gives what users make numbers from 16384 on (manual chapter "System Catalogs",
-- section "System Catalog Initial Data"): to look at these first leaves little to join.
member AS (SELECT classid, objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'),
foreign_ledger AS (
    SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\_%' AND c.relname IN ('_sqlx_migrations',
        '__diesel_schema_migrations', 'refinery_schema_history', 'schema_migrations', 'flyway_schema_history', 'ar_internal_metadata')
),
ledger AS (
    SELECT t.oid FROM (VALUES (to_regclass(:ledger)::oid), (to_regclass(:progress)::oid)) t (oid)
    WHERE t.oid IS NOT NULL
    UNION ALL SELECT oid FROM foreign_ledger
),
space AS (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid)
),
-- The ledger with its indexes and sequences.
ledger_relation AS (
    SELECT oid FROM ledger
    UNION ALL SELECT i.indexrelid FROM pg_index i WHERE i.indrelid IN (SELECT oid FROM ledger)
    UNION ALL SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM ledger)
),
relation AS (
    SELECT c.oid, s.nspname, c.relname, c.relkind, c.relpersistence, c.relam, c.reltablespace, c.reltoastrelid, c.reloftype,
        c.reloptions, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated, c.relispartition, c.relpartbound
    FROM pg_class c JOIN space s ON s.oid = c.relnamespace
    WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
      -- Of a composite type, the type alone is recorded as the extension's.
      AND NOT (c.relkind = 'c' AND EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = c.reltype))
      AND NOT EXISTS (SELECT FROM ledger_relation l WHERE l.oid = c.oid)
),
-- The tables that the model has: no partitions, no children, none of a composite type.
plain_table AS (
    SELECT c.oid, c.nspname, c.relname FROM relation c
    WHERE c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0
      AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
),
data_type AS (
    SELECT t.*, s.nspname FROM pg_type t JOIN space s ON s.oid = t.typnamespace
    WHERE t.oid >= 16384 AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
),
routine AS (
    SELECT p.*, s.nspname FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
    WHERE p.oid >= 16384 AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
)
