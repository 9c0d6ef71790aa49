//! A history that is taken up from what is kept of it is the one that was left.

use deepref_schema_core::history::{Fold, Trace};
use deepref_schema_core::migration::{Migration, Settings};

use crate::{Origins, migration_in_file};

const MIGRATIONS: [&str; 3] = [
    "A = 1; up {
        create schema app; create extension citext; create sequence s start 5;
        create enum kyc { pending, verified }
        create table users {
            id: bigint primary key identity, name: text collate C, email: citext? unique,
            kyc: kyc = \"pending\", at: timestamptz = now(), n: int generated as (1 + 2) stored,
        }
        create table app.orders {
            id: serial primary key, user: bigint references users on delete cascade,
            total: numeric(10, 2)[]?, check (id > 0), exclude using btree (id with =) where (id > 5),
        }
        create unique index on users (lower(name) desc nulls last, at) include (n) where n > 1;
    }",
    "B = 2; up {
        alter table users { add column extra: text?, rename column name to called }
        alter table app.orders add check C (id < 1000) not valid;
        comment on table users is \"people\"; alter sequence s cycle;
        sql \"CREATE VIEW v AS SELECT 1\" down \"DROP VIEW v\";
    }",
    "C = 3; up { alter table users rename to people; alter sequence s start 7; }
     down { alter sequence s start 5; alter table people rename to users; }",
];

fn migration(text: &str) -> Migration {
    let file = format!("migration! {{ {text} }}");
    let parsed = migration_in_file(&file, &mut Origins::new()).expect("there is a migration");
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    parsed.value.expect("it can be read")
}

/// What a step left, without the step.
#[test]
fn what_a_migration_left_is_taken_up() {
    let mut fold = Fold::new(Settings::default());
    let mut traces: Vec<Trace> = Vec::new();
    for text in MIGRATIONS {
        let verified = fold.step("m1_a", &migration(text));
        assert!(verified.diagnostics.is_empty(), "{:?}", verified.diagnostics);
        traces.push(stored(&verified.trace));
        let mut followed = Fold::new(Settings::default());
        followed.follow(&traces).expect("it can be followed");
        same(&followed, &fold);
    }
    let mut one_by_one = Fold::new(Settings::default());
    traces.iter().for_each(|trace| one_by_one.follow([trace]).expect("it can be followed"));
    same(&one_by_one, &fold);
}

fn same(one: &Fold, other: &Fold) {
    assert_eq!(one.schema(), other.schema());
    assert_eq!(one.schema().sql(), other.schema().sql());
    assert!(one.schema().relation_names().eq(other.schema().relation_names()));
    assert_eq!(one.clone().step("m9_z", &doubtful()), other.clone().step("m9_z", &doubtful()));
}

/// What it comes to depends on the names in doubt, and on which constraints
/// and references there are.
fn doubtful() -> Migration {
    migration_in_file(
        "migration! { Z = 9; up { alter table v add column x: int?; drop table users; drop table people; } }",
        &mut Origins::new(),
    )
    .and_then(|parsed| parsed.value)
    .expect("it can be read")
}

/// The trace, written and read again.
fn stored(trace: &Trace) -> Trace {
    let mut bytes = Vec::new();
    trace.write(&mut bytes);
    for length in 0..bytes.len() {
        assert_eq!(Trace::read(&mut &bytes[..length]), None);
    }
    let mut rest = bytes.as_slice();
    let read = Trace::read(&mut rest).expect("it can be read");
    assert_eq!(&read, trace);
    assert!(rest.is_empty());
    read
}
