//! A history that is kept and taken up again is the one that was left.

use deepref_schema_core::history::Fold;
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

#[test]
fn a_replay_leaves_what_the_proof_left() {
    let mut proved = Fold::new(Settings::default());
    let mut replayed = proved.clone();
    for text in MIGRATIONS {
        let migration = migration(text);
        let verified = proved.step("m1_a", &migration);
        assert!(verified.diagnostics.is_empty(), "{:?}", verified.diagnostics);
        replayed.replay("m1_a", &migration);
        assert_eq!(proved.schema(), replayed.schema());
        assert_eq!(proved.write(), replayed.write());
    }
}

#[test]
fn what_was_written_is_read_as_it_was() {
    let mut fold = Fold::new(Settings::default());
    for text in MIGRATIONS {
        fold.step("m1_a", &migration(text));
        let bytes = fold.write();
        let read = Fold::read(Settings::default(), &bytes).expect("it can be read");
        assert_eq!(read.schema(), fold.schema());
        assert_eq!(read.schema().sql(), fold.schema().sql());
        assert!(read.schema().relation_names().eq(fold.schema().relation_names()));
        assert_eq!(read.write(), bytes);
        for length in 0..bytes.len() {
            assert!(Fold::read(Settings::default(), &bytes[..length]).is_none());
        }
    }
}
