-- What SQL's grammar and format_type write for a type, beside its name.
SELECT s.spelling, t.typname
FROM (
    SELECT format_type(oid, NULL) FROM pg_type t
    WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype <> 'c' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    UNION SELECT typname FROM pg_type t
    WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype <> 'c' AND quote_ident(typname) = typname AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    UNION SELECT unnest(ARRAY['int', 'integer', 'bigint', 'smallint', 'decimal', 'dec', 'real', 'float', 'double precision', 'boolean',
        'char', 'character', 'nchar', 'national char', 'national character', 'varchar', 'char varying', 'character varying', 'nchar varying',
        'national char varying', 'national character varying', 'bit', 'bit varying', 'time', 'timestamp', 'interval', 'numeric', 'time without time zone', 'time with time zone',
        'timestamp without time zone', 'timestamp with time zone'])
) s (spelling) JOIN pg_type t ON t.oid = s.spelling::regtype
