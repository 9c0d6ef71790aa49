//! Who waits: a finding stands where a server holds a lock against others while it works, and
//! nowhere else.

use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::Settings;
use deepref_schema_core::statement::{Run, Segment};
use postgres::Client;
use tests::database::prepared;
use tests::model::{assert_accepted, execute, step};

use super::observed::Observed;
use super::{cases, servers, set_up};

#[test]
fn what_makes_others_wait_is_found_and_nothing_else() {
    let mut before = Fold::new(Settings::default());
    let setup = step(&mut before, 1, &format!("up {{ {} }}", cases::BEFORE));
    assert_accepted(&setup);
    let (mut wrong, mut found) = (Vec::new(), 0);
    for server in servers() {
        let ground = || prepared(server, "locks", |client| set_up(client, &setup.up));
        let database = ground();
        for case in cases::CASES.iter().chain(TRANSACTIONS) {
            let body = case.replace("#[lossy]", "#[allow(data_loss, reason = \"tested\")]");
            let verified = step(&mut before.clone(), 2, &format!("up {{ {body} }}"));
            assert_accepted(&verified);
            // What is over with one transaction leaves nothing behind.
            let waits = match verified.up.as_slice() {
                [one] if one.run == Run::InTransaction => {
                    others_wait(&mut database.client(), &verified.up, "ROLLBACK")
                }
                _ => others_wait(&mut ground().client(), &verified.up, "COMMIT"),
            };
            let waits = waits.unwrap_or_else(|why| panic!("{case} on {}: {why}", server.major()));
            let rules: Vec<_> = verified.blocking.iter().map(|finding| finding.rule).collect();
            found += rules.len();
            if waits == rules.is_empty() {
                wrong.push(format!("{case} on {}: {waits}, {rules:?}", server.major()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found > cases::CASES.len(), "of the cases many make others wait, found {found}");
}

/// Locks that are kept, and locks that are not.
const TRANSACTIONS: &[&str] = &[
    "alter table things add column x: int?; update things set x = 1;",
    "alter table things add column x: int?; update things set x = 1 in batches of 10;",
    "alter table owners add column x: int?; update things set no = id + 100 down none;",
    "create table x { owner: int references owners } update things set name = \"y\" down none;",
    "create table x { id: int } update things set name = \"y\" down none;",
    "update things set name = \"y\" down none; alter table things add column x: int?;",
    "alter table things add column x: int?; alter table things validate constraint CHK_late;",
    "alter table things add column x: int?; alter table things alter column needed set not null concurrently;",
    "alter table things alter column needed set not null concurrently; update things set name = \"y\" down none;",
    "alter table things add column x: int?; reindex index IDX_name;",
    "reindex index IDX_name; alter table things add column x: int?;",
    "drop index IDX_name; update trees set parent = 1 down none;",
];

/// Whether a lock that others wait for was held on a table while any was read or written whole.
fn others_wait(client: &mut Client, segments: &[Segment], end: &str) -> Result<bool, String> {
    let mut waits = false;
    for segment in segments {
        let is_transaction = segment.run != Run::Outside;
        if is_transaction {
            execute(client, "BEGIN; SET LOCAL TIME ZONE 'Europe/Berlin'")?;
        }
        let mut observed = Observed::new(client);
        for statement in &segment.statements {
            observed.claim(client, statement.locks.as_deref().unwrap_or_default());
            execute(client, &statement.sql)?;
            waits |= is_transaction && observed.others_wait(client);
        }
        if is_transaction {
            execute(client, end)?;
        }
    }
    Ok(waits)
}
