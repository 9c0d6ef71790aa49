//! What the model takes for a key, and for the same key, against real servers.

use deepref_schema_core::history::Fold;
use deepref_schema_core::seed::Checked;
use deepref_schema_syntax::{Origins, list_in_file, seeds_in_file};
use tests::database::fresh;
use tests::server::all;

/// The check of a seed in a program with this table, and the table as SQL.
fn checked(table: &str, upsert: &str) -> (String, Checked) {
    let text = format!(
        "migrations! {{ #![postgres(15..)] migration A = 1 {{ up {{ create extension citext; {table} }} }} }}
         seeds! {{ seed A for dev {{ {upsert} }} }}"
    );
    let mut origins = Origins::new();
    let list = list_in_file(&text, &mut origins).and_then(|parsed| parsed.value).expect("a list");
    let mut fold = Fold::new(list.settings);
    for migration in &list.inline {
        let verified = fold.step("m1_a", migration);
        assert_eq!(verified.diagnostics, [], "{table}");
    }
    let seeds = seeds_in_file(&text, &mut origins, &mut |_| Ok(String::new())).expect("seeds");
    assert_eq!(seeds.diagnostics, [], "{upsert}");
    (fold.schema().sql(), seeds.value.expect("seeds").inline[0].check(&fold))
}

fn breaks(checked: &Checked, rule: &str) -> bool {
    checked.diagnostics.iter().any(|finding| finding.rule == rule)
}

#[test]
fn what_is_a_key_is_one_for_the_server() {
    const KEYS: &[(&str, &str, bool)] = &[
        ("primary key (a)", "a", true),
        ("primary key (a, b)", "a, b", true),
        ("primary key (a, b)", "b, a", true),
        ("primary key (a, b)", "a", false),
        ("primary key (a)", "a, b", false),
        ("unique (b)", "b", true),
        ("unique (b) include (c)", "b", true),
        ("unique (b) include (c)", "b, c", false),
        ("unique nulls not distinct (b)", "b", true),
        ("unique (b) deferrable", "b", false),
        ("unique (b) deferrable initially deferred", "b", false),
        ("check (a > 0)", "a", false),
        ("exclude using btree (a with =)", "a", false),
    ];
    const INDEXES: &[(&str, &str, bool)] = &[
        ("unique index on t (b)", "b", true),
        ("unique index on t (b desc nulls last)", "b", true),
        ("unique index on t (b) include (c)", "b", true),
        ("unique index on t (c, b)", "b, c", true),
        ("unique index on t (b text_pattern_ops)", "b", true),
        ("unique index on t (b collate C)", "b", true),
        ("unique index on t (b) where c is not null", "b", false),
        ("unique index on t (lower(b))", "b", false),
        ("index on t (b)", "b", false),
    ];
    for server in all().into_iter().filter(|server| server.major() >= 15) {
        let database = fresh(server);
        let mut client = database.client();
        let columns = "a: int, b: text, c: text";
        let of_constraints = KEYS.iter().map(|(constraint, key, is_key)| {
            (format!("create table t {{ {columns}, {constraint} }}"), *key, *is_key)
        });
        let of_indexes = INDEXES.iter().map(|(index, key, is_key)| {
            (format!("create table t {{ {columns} }} create {index};"), *key, *is_key)
        });
        for (table, key, is_key) in of_constraints.chain(of_indexes) {
            let upsert = format!("upsert t by ({key}) {{ {{ a: 1, b: \"x\", c: \"y\" }} }}");
            let (sql, checked) = checked(&table, &upsert);
            assert_eq!(!breaks(&checked, "not_a_key"), is_key, "{table} by ({key})");
            let mut transaction = client.transaction().unwrap();
            transaction.batch_execute(&sql).unwrap();
            let done = transaction.batch_execute(&checked.rows[0].sql.concat());
            assert_eq!(done.is_ok(), is_key, "{table} by ({key}): {done:?}");
        }
    }
}

#[test]
fn keys_that_are_the_same_are_one_row_on_the_server() {
    const SAME: &[(&str, &str, &str)] = &[
        ("int", "7", "\"007\""),
        ("int", "-7", "(-7)"),
        ("bigint", "\" 5 \"", "5"),
        ("smallint", "1_000", "1000"),
        ("numeric", "1.50", "1.5"),
        ("numeric", "0.0", "-0"),
        ("bool", "true", "\"yes\""),
        ("bool", "\"off\"", "false"),
        (
            "uuid",
            "\"7C9E6679-7425-40de-944b-e07fc1f90ae7\"",
            "\"{7c9e6679742540de944be07fc1f90ae7}\"",
        ),
        ("char(4)", "\"a\"", "\"a  \""),
        ("citext", "\"Ab\"", "\"aB\""),
        ("text", "\"it's\"", "\"it's\"::text"),
        ("text", "lower(\"A\")", "lower( \"A\" )"),
    ];
    const OTHERS: &[(&str, &str, &str)] = &[
        ("int", "7", "-7"),
        ("numeric", "1.5", "1.05"),
        ("numeric", "100", "10"),
        ("bool", "true", "false"),
        ("text", "\"a\"", "\"A\""),
        ("text", "\"a\"", "\"a \""),
        ("varchar(4)", "\"7\"", "\"07\""),
    ];
    for server in all() {
        let database = fresh(server);
        let mut client = database.client();
        let same = SAME.iter().map(|case| (case, 1));
        for ((ty, a, b), rows) in same.chain(OTHERS.iter().map(|case| (case, 2))) {
            let table = format!("create table t {{ k: {ty} primary key }}");
            let upsert = format!("upsert t by (k) {{ {{ k: {a} }}, {{ k: {b} }} }}");
            let (sql, checked) = checked(&table, &upsert);
            assert_eq!(breaks(&checked, "duplicate_key"), rows == 1, "{ty}: {a}, {b}");
            assert_eq!(checked.diagnostics.len(), 2 - rows, "{:?}", checked.diagnostics);
            let mut transaction = client.transaction().unwrap();
            transaction.batch_execute(&sql).unwrap();
            for row in &checked.rows {
                transaction.batch_execute(&row.sql.concat()).unwrap();
            }
            let count: i64 = transaction.query_one("SELECT count(*) FROM t", &[]).unwrap().get(0);
            assert_eq!(count, rows as i64, "{ty}: {a}, {b}");
        }
    }
}
