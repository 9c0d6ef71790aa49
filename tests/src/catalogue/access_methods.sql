SELECT m.amname,
    (SELECT coalesce(string_agg(p.letter, '' ORDER BY p.letter), '') FROM (VALUES ('o', 'can_order'), ('u', 'can_unique'), ('m', 'can_multi_col'), ('x', 'can_exclude'), ('i', 'can_include')) p (letter, property)
     WHERE pg_indexam_has_property(m.oid, p.property)),
    owner.extension
FROM pg_am m JOIN owner ON owner.class = 'pg_am'::regclass AND owner.object = m.oid
WHERE m.amtype = 'i'
