//! What counts of an earlier compilation.

use std::cell::Cell;

use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::Migration;
use deepref_schema_syntax::{Origins, migration_in_file};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

const TABLES: [&str; 3] = [
    "create table a { id: int primary key }",
    "create table b { id: int primary key }",
    "alter table a add column x: int?;",
];

/// What a compilation does with these bodies: the places of those that it
/// checks.
fn compile(folder: &Path, settings: &Settings, bodies: &[&str]) -> Vec<usize> {
    let mut kept = Kept::load(Some(folder), Path::new("src/history.rs"), settings);
    let mut fold = Fold::new(settings.clone());
    let (mut all, mut checked) = (Vec::new(), Vec::new());
    for (at, body) in bodies.iter().enumerate() {
        // A migration keeps its file when others are added or removed.
        let stem = body.split(' ').take(3).collect::<String>();
        let right = kept.recall(&stem, body).unwrap_or_else(|| {
            checked.push(at);
            let trace = fold.clone().step(&stem, &migration(body)).trace;
            kept.follow(&stem, Some(&trace));
            let (made_from, expansion) = ((*body).to_owned(), format!("of {body}"));
            Right { stem, made_from, expansion, trace }
        });
        assert_eq!(right.expansion, format!("of {body}"));
        fold.follow([&right.trace]).expect("it can be followed");
        all.push(right);
    }
    kept.store(all.iter());
    checked
}

#[test]
fn only_what_a_change_concerns_is_checked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let compile = |bodies: &[&str]| compile(folder.path(), &Settings::default(), bodies);
    let [a, b, x] = TABLES;
    assert_eq!(compile(&TABLES), [0, 1, 2]);
    assert_eq!(compile(&TABLES), []);
    let other_a = "create table a { id: bigint primary key }";
    assert_eq!(compile(&[other_a, b, x]), [0, 2]);
    assert_eq!(compile(&[other_a, b, x]), []);
    assert_eq!(compile(&[a, "create table b { id: bigint primary key }", x]), [0, 1, 2]);
    // One that is added, and one that is taken away.
    let c = "create table c { id: int primary key }";
    assert_eq!(compile(&[a, c, "create table b { id: bigint primary key }", x]), [1]);
    assert_eq!(compile(&[a, c, x]), []);
    assert_eq!(compile(&[a, c, x, "alter table c add column y: int?;"]), [3]);
}

/// A check may look at all tables and find nothing: one that is new counts.
#[test]
fn what_was_not_there_concerns_who_looked_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let compile = |bodies: &[&str]| compile(folder.path(), &Settings::default(), bodies);
    let made = "create enum kind { x, y }";
    let used = "create table c { k: text?, check (k::kind is not null) }";
    let dropped = "drop enum kind;";
    let index = "create index on c (k);";
    assert_eq!(compile(&[made, dropped]), [0, 1]);
    assert_eq!(compile(&[made, used, dropped]), [1, 2]);
    assert_eq!(compile(&[made, used, index]), [2]);
    assert_eq!(compile(&[made, index]), [1]);
}

/// Statements that depend on one another in many ways.
#[rustfmt::skip]
const STATEMENTS: &[&str] = &[
    "create table a { id: int primary key, n: int? }",
    "create table a { id: bigint primary key identity, n: text? unique }",
    "create table b { id: serial primary key, a: int? references a }",
    "create table b { id: int primary key, check (id > 0) }",
    "create table c { id: int primary key, k: kind?, at: timestamptz = now() }",
    "create enum kind { x, y }",
    "create enum kind { y, x, z }",
    "alter enum kind rename to sort;",
    "alter enum kind rename value x to w;",
    "alter enum kind add value z;",
    "alter table a rename to d;",
    "alter table d rename to a;",
    "alter table a rename column n to m;",
    "alter table a add column o: int = 5;",
    "alter table a add check (n is not null);",
    "alter table a add check a_n_check1 (id > 1);",
    "alter table a alter column n set default null;",
    "alter table b add column a2: bigint? references a on delete cascade;",
    "alter table c add column k2: kind = \"x\";",
    "create index on a (n);",
    "create index a_n_idx on b (id);",
    "create index on c (k) where k = \"y\";",
    "create sequence s; alter table a alter column id set default nextval(\"s\"::regclass);",
    "alter sequence s rename to t;",
    "comment on table a is \"one\";",
    "comment on table a is \"two\";",
    "create extension citext;",
    "create table e { mail: citext? }",
    "drop extension citext;",
    "drop enum kind;",
    "#[allow(data_loss, reason = \"test\")] drop sequence s;",
    "create schema app; create table app.a { id: int primary key }",
    "#[allow(data_loss, reason = \"test\")] drop table b;",
    "#[allow(data_loss, reason = \"test\")] alter table a drop column n;",
    "sql \"CREATE VIEW v AS SELECT 1\" down \"DROP VIEW v\";",
    "sql \"CREATE TABLE f (id int)\" down \"DROP TABLE f\";",
    "alter table f add column g: int?;",
];

/// One change of a history.
#[derive(Clone, Debug)]
enum Edit {
    Replace(usize, usize),
    Insert(usize, usize),
    Remove(usize),
}

impl Edit {
    fn apply(&self, bodies: &mut Vec<(usize, usize)>, stem: usize) {
        let length = bodies.len();
        match self {
            Self::Replace(_, _) if length == 0 => {}
            Self::Replace(at, body) => bodies[at % length].1 = *body,
            Self::Insert(at, body) => bodies.insert(at % (length + 1), (stem, *body)),
            Self::Remove(at) if length > 1 => drop(bodies.remove(at % length)),
            Self::Remove(_) => {}
        }
    }
}

/// Whatever is edited, what is kept is what a whole check would give.
#[test]
fn what_counts_is_what_a_check_would_give() {
    let body = || 0..STATEMENTS.len();
    let edit = prop_oneof![
        (any::<usize>(), body()).prop_map(|(at, body)| Edit::Replace(at, body)),
        (any::<usize>(), body()).prop_map(|(at, body)| Edit::Insert(at, body)),
        any::<usize>().prop_map(Edit::Remove),
    ];
    let strategy = (prop::collection::vec(body(), 8..40), prop::collection::vec(edit, 1..6));
    let config = Config { cases: 250, failure_persistence: None, ..Config::default() };
    let recalled = Cell::new(0);
    TestRunner::new(config)
        .run(&strategy, |(bodies, edits)| {
            let folder = tempfile::tempdir().expect("a folder");
            let mut bodies = right_ones(bodies);
            check_all(folder.path(), &bodies);
            for (number, edit) in edits.iter().enumerate() {
                edit.apply(&mut bodies, 100 + number);
                recalled.set(recalled.get() + check_all(folder.path(), &bodies));
            }
            Ok(())
        })
        .expect("nothing else counts");
    assert!(recalled.get() > 1_000, "{} migrations counted", recalled.get());
}

/// Those that are right after the ones before them, with their stems.
fn right_ones(bodies: Vec<usize>) -> Vec<(usize, usize)> {
    let mut fold = Fold::new(Settings::default());
    let mut right = |(stem, body): &(usize, usize)| {
        let mut after = fold.clone();
        let verified = after.step(&format!("m{stem}"), &migration(STATEMENTS[*body]));
        let is_right = verified.diagnostics.is_empty();
        if is_right {
            fold = after;
        }
        is_right
    };
    bodies.into_iter().enumerate().filter(|body| right(body)).collect()
}

fn migration(body: &str) -> Migration {
    let text = format!("migration! {{ M = 1; up {{ {body} }} }}");
    let parsed = migration_in_file(&text, &mut Origins::new()).expect("a migration");
    parsed.value.expect("it can be read")
}

/// Compiles a history, each migration checked beside what is kept of it.
/// Gives how many counted.
fn check_all(folder: &Path, bodies: &[(usize, usize)]) -> usize {
    let mut kept = Kept::load(Some(folder), Path::new("src/history.rs"), &Settings::default());
    let mut fold = Fold::new(Settings::default());
    let mut followed = Fold::new(Settings::default());
    let (mut all, mut counted, mut all_right) = (Vec::new(), 0, true);
    for (stem, body) in bodies {
        let (stem, body) = (format!("m{stem}"), STATEMENTS[*body]);
        let migration = migration(body);
        let verified = fold.step(&stem, &migration);
        let is_right = verified.diagnostics.is_empty();
        let expansion = crate::expand::packed(&stem, &migration, &verified);
        let trace = match kept.recall(&stem, body) {
            Some(right) => {
                counted += 1;
                assert!(is_right, "{bodies:?}: {body}: {:?}", verified.diagnostics);
                assert_eq!(right.expansion, expansion, "{bodies:?}: {body}");
                all.push(right.clone());
                right.trace
            }
            None => {
                kept.follow(&stem, Some(&verified.trace));
                let (made_from, trace) = (body.to_owned(), verified.trace.clone());
                all.push(Right { stem, made_from, expansion, trace });
                verified.trace
            }
        };
        followed.follow([&trace]).expect("it can be followed");
        assert_eq!(followed.schema().to_bytes(), fold.schema().to_bytes(), "{bodies:?}");
        all_right &= is_right;
    }
    if all_right {
        kept.store(all.iter());
    }
    counted
}

#[test]
fn a_damaged_file_is_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    compile(folder.path(), &Settings::default(), &TABLES);
    let file = folder.path().join(file_name(Path::new("src/history.rs")));
    let whole = std::fs::read(&file).expect("the file was written");
    let load =
        || Kept::load(Some(folder.path()), Path::new("src/history.rs"), &Settings::default());
    assert_eq!(load().old.len(), 3);
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        std::fs::write(&file, damaged).expect("it can be written");
        assert!(load().old.is_empty(), "byte {at}");
        std::fs::write(&file, &whole[..at]).expect("it can be written");
        assert!(load().old.is_empty(), "{at} bytes");
    }
}

#[test]
fn other_settings_have_nothing_in_common() {
    let folder = tempfile::tempdir().expect("a folder");
    compile(folder.path(), &Settings::default(), &TABLES);
    let settings = Settings { oldest_postgres: 17, ..Settings::default() };
    assert_eq!(compile(folder.path(), &settings, &TABLES), [0, 1, 2]);
}
