//! What raw SQL makes is not in the model, and the language can work on it all the same.

use deepref_schema_core::history::{Fold, Verified};
use deepref_schema_core::migration::Settings;
use tests::catalog::{assert_same, snapshot};
use tests::database;
use tests::model::{apply, assert_accepted, step};
use tests::server::newest;

const BASE: &str = "up { create table t { id: int primary key, a: int? } }";

fn verified(body: &str) -> (Verified, Verified) {
    let mut fold = Fold::new(Settings::default());
    let base = step(&mut fold, 1, BASE);
    assert_accepted(&base);
    (base, step(&mut fold, 2, body))
}

fn findings(body: &str) -> Vec<(&'static str, String)> {
    let found = verified(body).1.diagnostics;
    found.into_iter().map(|finding| (finding.rule, finding.message)).collect()
}

#[test]
fn statements_about_what_raw_sql_made_are_sent_and_reverted() {
    for body in [
        r#"sql "CREATE TABLE raw (id int PRIMARY KEY, a int)" down "DROP TABLE raw";
           create index on raw (a);
           alter table raw add column b: int?;
           alter table raw add check (b > 0);
           create table u { id: int primary key, r: int references raw (id) }"#,
        r#"sql "CREATE MATERIALIZED VIEW seen AS SELECT id FROM t" down "DROP MATERIALIZED VIEW seen";
           create unique index IDX_seen on seen (id);"#,
        r#"sql "CREATE MATERIALIZED VIEW seen AS SELECT id FROM t" down "DROP MATERIALIZED VIEW seen";
           sql "CREATE UNIQUE INDEX seen_id ON seen (id)" down none;
           reindex index seen_id;
           reindex index seen_id concurrently;
           reindex table seen;
           reindex table seen concurrently;"#,
        r#"sql "ALTER TABLE t ADD COLUMN extra int" down "ALTER TABLE t DROP COLUMN extra";
           create index on t (extra);
           alter table t add unique (extra, a);"#,
        r#"sql "CREATE DOMAIN grade AS int CHECK (VALUE > 0)" down "DROP DOMAIN grade";
           create table u { id: int primary key, grade: grade check (grade::int > 1) = 5 }
           create table w { grade: grade?, foreign key (grade) references u (id) }"#,
        // What uses a function goes before it.
        r#"create table u { id: int primary key, a: int }
           sql "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'" down "DROP FUNCTION twice(int)";
           create index on u (twice(a));
           alter table u add check (twice(a) > 0);"#,
        // One that has the name of one of PostgreSQL's, which could not be used here.
        r#"create schema app;
           create table u { id: int primary key, a: int }
           sql "CREATE FUNCTION app.rank(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'" down "DROP FUNCTION app.rank(int)";
           create index on u (app.rank(a));"#,
    ] {
        let (base, change) = verified(&format!("up {{ {body} }}"));
        assert_accepted(&change);
        let database = database::fresh(newest());
        let mut client = database.client();
        apply(&mut client, &base.up).expect("the base is taken");
        let before = snapshot(&mut client);
        apply(&mut client, &change.up).unwrap_or_else(|why| panic!("{body}:\n{why}"));
        assert_ne!(before, snapshot(&mut client), "{body} does nothing");
        let down = change.down.expect("there is a way back");
        apply(&mut client, &down).unwrap_or_else(|why| panic!("back from {body}:\n{why}"));
        assert_same(&before, &snapshot(&mut client));
    }
}

#[test]
fn names_that_raw_sql_does_not_hold_are_checked_after_it() {
    let body =
        r#"up { sql "CREATE TABLE raw (id int)" down "DROP TABLE raw"; drop table nothing; }"#;
    assert_eq!(findings(body), [("unknown_table", "no table `nothing` exists here".to_owned())]);
    let view = r#"sql "CREATE VIEW seen AS SELECT a AS other FROM t" down "DROP VIEW seen";"#;
    let unknown = [("unknown_column", "table `t` has no column `other`".to_owned())];
    assert_eq!(findings(&format!("up {{ {view} create index on t (other); }}")), unknown);
    let body = r#"up { sql "UPDATE t SET a = 1" down none; create index on t (b); }"#;
    assert_eq!(findings(body), [("unknown_column", "table `t` has no column `b`".to_owned())]);
}

#[test]
fn what_needs_the_state_before_it_is_refused() {
    let raw = r#"sql "CREATE TABLE raw (id int, a int)" down "DROP TABLE raw";"#;
    for (statement, rule) in [
        ("alter table raw alter column a type text;", "unmodelled"),
        ("alter table raw drop column a;", "irreversible"),
        ("create table u { r: int references raw }", "foreign_key_target"),
    ] {
        let rules: Vec<_> = findings(&format!("up {{ {raw} {statement} }}"))
            .into_iter()
            .map(|found| found.0)
            .collect();
        assert_eq!(rules, [rule], "{statement}");
    }
}
