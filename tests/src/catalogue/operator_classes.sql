SELECT m.amname, format_type(o.opcintype, NULL), o.opcname, CASE WHEN o.opcdefault THEN 'd' END, owner.extension
FROM pg_opclass o JOIN owner ON owner.class = 'pg_opclass'::regclass AND owner.object = o.oid
JOIN pg_am m ON m.oid = o.opcmethod
