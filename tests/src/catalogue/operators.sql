SELECT o.oprname, CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END,
    CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END,
    format_type(o.oprresult, NULL), p.provolatile::text, CASE WHEN c.oprname = o.oprname THEN 'c' END,
    owner.extension
FROM pg_operator o JOIN owner ON owner.class = 'pg_operator'::regclass AND owner.object = o.oid
JOIN pg_proc p ON p.oid = o.oprcode
LEFT JOIN pg_operator c ON c.oid = o.oprcom AND c.oprleft = o.oprleft AND c.oprright = o.oprright
