SELECT p.oid, n.nspname, p.opcname, p.opcmethod, p.opcdefault, p.opcintype, p.opckeytype
FROM pg_opclass p JOIN pg_namespace n ON n.oid = p.opcnamespace
