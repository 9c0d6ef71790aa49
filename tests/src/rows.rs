//! The rows of a database as text, to compare what is with what was.

use postgres::Client;

/// The names of the tables, as SQL, and how they are written where they are told apart.
const TABLES: &str = "
    SELECT format('%I.%I', n.nspname, c.relname),
        CASE n.nspname WHEN 'public' THEN c.relname ELSE concat(n.nspname, '.', c.relname) END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
          AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1";

/// Every row of every table, one sorted line each. What is lost (`t`, `t.c`) is left out.
pub fn snapshot(client: &mut Client, lost: &[&str]) -> Vec<String> {
    let tables = client.query(TABLES, &[]).expect("the tables can be read");
    let mut lines = Vec::new();
    for table in tables {
        let (sql, name): (String, String) = (table.get(0), table.get(1));
        if lost.contains(&name.as_str()) {
            continue;
        }
        let columns = lost.iter().filter_map(|lost| lost.strip_prefix(&name)?.strip_prefix('.'));
        let columns: Vec<_> = columns.collect();
        let query =
            format!("SELECT (to_jsonb(\"this row\") - $1::text[])::text FROM {sql} \"this row\"");
        let rows = client.query(&query, &[&columns]).expect("the rows can be read");
        lines.extend(rows.iter().map(|row| format!("{name}\t{}", row.get::<_, String>(0))));
    }
    lines.sort();
    lines
}
