//! Seeds: what is read, and the mistakes that people make.

use super::{parse_seed, parse_seeds, render};
use deepref_schema_core::seed::{Environment, Upsert, Value};

fn check(seeds: &[&str]) -> String {
    let check = |seed: &&str| {
        let (text, origins, parsed) = parse_seed(&format!("seed! {{\n{seed}\n}}"));
        assert_eq!(parsed.diagnostics.len(), 1, "{seed}: {:#?}", parsed.diagnostics);
        assert!(parsed.value.is_none() && parsed.broken, "{seed}");
        render(&text, &origins, &parsed.diagnostics)
    };
    seeds.iter().map(check).collect()
}

#[test]
fn a_seed_says_all_that_was_written() {
    let (text, origins, parsed) = parse_seed(
        "seed! {
            /// The notes,
            /// in two lines.
            Notes for dev, prod after Users, Tags;
            upsert app.notes by (id, \"a b\") {
                { id: 1, \"a b\": -2, body: encrypted \"x\\ny\", title: include \"it's\", at: lower(\"A\") },
                { id: 2, \"a b\": null },
            }
            upsert tags by (encrypted) { { encrypted: r#include, include: \"x\" } }
        }",
    );
    let seed =
        parsed.value.unwrap_or_else(|| panic!("{}", render(&text, &origins, &parsed.diagnostics)));
    assert_eq!(seed.text, "The notes,\nin two lines.");
    let head = seed.head();
    assert_eq!(head.name, "Notes");
    assert_eq!(head.environments, [Environment::Dev, Environment::Prod]);
    assert_eq!(head.after, ["Users", "Tags"]);
    let shown: Vec<String> = seed.upserts.iter().map(shown).collect();
    assert_eq!(
        shown,
        [
            "app.notes (id, a b) | id = 1, a b = -2, body = secret \"x\\ny\", title = 'it''s', at = lower('A') | id = 2, a b = null",
            "tags (encrypted) | encrypted = include, include = 'x'",
        ]
    );
}

fn shown(upsert: &Upsert) -> String {
    let key: Vec<_> = upsert.key.iter().map(ToString::to_string).collect();
    let rows = upsert.rows.iter().map(|row| {
        let values = row.values.iter().map(|given| match &given.value {
            Value::Plain(expr) => format!("{} = {}", given.column, expr.sql()),
            Value::Encrypted { text, .. } => format!("{} = secret {text:?}", given.column),
        });
        values.collect::<Vec<_>>().join(", ")
    });
    format!("{} ({}) | {}", upsert.table, key.join(", "), rows.collect::<Vec<_>>().join(" | "))
}

#[test]
fn mistakes_in_seeds() {
    let with = |rows: &str| format!("A for dev; upsert t by (a) {{ {rows} }}");
    let of_rows = [
        "a: 1",
        "{ a: 1 } { a: 2 }",
        "{ a }",
        "{ a: }",
        "{ a: 1, a b }",
        "{ a: 'x' }",
        "{ 5: 1 }",
        "{ a: encrypted }",
        "{ a: encrypted 5 }",
        "{ a: include }, {}",
        "{ a: NULL }",
        "{ /// doc\n a: 1 }",
        "{ a: 1; b: 2 }",
    ];
    let heads = [
        "A;",
        "A for;",
        "A for dev upsert t by (a) { { a: 1 } }",
        "A for dev after; upsert t by (a) { { a: 1 } }",
        "A for qa; upsert t by (a) { { a: 1 } }",
        "A for live; upsert t by (a) { { a: 1 } }",
        "A for \"dev\"; upsert t by (a) { { a: 1 } }",
        "A for dev; upsert t by a { { a: 1 } }",
        "A for dev; upsert t by () { { a: 1 } }",
        "A for dev; upsert t by (a) { { a: 1 } };",
        "A for dev; upsert t on (a) { { a: 1 } }",
        "A for dev; delete from t;",
    ];
    let of_rows: Vec<String> = of_rows.iter().map(|rows| with(rows)).collect();
    let all: Vec<&str> = heads.into_iter().chain(of_rows.iter().map(String::as_str)).collect();
    snapshot!(check(&all));
}

#[test]
fn mistakes_in_lists_of_seeds() {
    let check = |list: &&str| {
        let (text, origins, parsed) = parse_seeds(&format!("seeds! {{\n{list}\n}}"));
        assert_eq!(parsed.diagnostics.len(), 1, "{list}: {:#?}", parsed.diagnostics);
        render(&text, &origins, &parsed.diagnostics)
    };
    let lists = [
        "plans",
        "plans, users;",
        "\"plans\";",
        "plans; seed A for dev { upsert t by (a) { { a: 1 } } }",
        "seed A for dev { upsert t by (a) { { a: 1 } } } plans;",
        "seed A { upsert t by (a) { { a: 1 } } }",
        "seed A for dev;",
        "#[allow(x, reason = \"y\")] plans;",
    ];
    snapshot!(lists.iter().map(check).collect::<String>());
}

#[test]
fn a_file_that_can_not_be_included_is_one_mistake() {
    let mut origins = crate::Origins::new();
    let file = "seed! { A for dev; upsert t by (a) { { a: include \"b.md\" }, { a: 2 } } }";
    let mut include = |path: &str| Err(format!("there is no file `{path}`"));
    let parsed = crate::seed_in_file(file, &mut origins, &mut include).expect("a seed");
    let texts: Vec<_> = parsed.diagnostics.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(texts, ["there is no file `b.md`"]);
    let mut include = |_: &str| Ok("a\r\nb\0".to_owned());
    let parsed = crate::seed_in_file(file, &mut origins, &mut include).expect("a seed");
    assert!(parsed.diagnostics[0].message.contains("the character NUL"));
}
