-- The languages and what builds on them depend on how the server was built.
SELECT v.name, v.schema,
    concat(CASE WHEN v.relocatable THEN 'r' END, CASE WHEN v.trusted THEN 't' END, CASE WHEN v.superuser THEN 's' END),
    array_to_string(v.requires, ',')
FROM pg_available_extensions e JOIN pg_available_extension_versions v ON v.name = e.name AND v.version = e.default_version
WHERE v.name !~ 'plperl|plpython|pltcl'
