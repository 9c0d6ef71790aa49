//! The catalog of a database as text, to compare what is with what was or should be.

mod changes;

use postgres::{Client, Transaction};

use similar::{ChangeTag, TextDiff};

pub use changes::CHANGES;

const QUERY: &str = include_str!("catalog/snapshot.sql");

/// Everything that the schemas of a database hold, one sorted line for each object:
/// its kind, its name and its definition, separated by tabs; line ends in them are written `\n`.
///
/// Not in it: the order of columns, values of sequences and rows, what belongs to an
/// extension, the constraints that PostgreSQL 18 makes of NOT NULL.
pub fn snapshot(client: &mut Client) -> Vec<String> {
    let mut transaction =
        client.build_transaction().read_only(true).start().expect("a transaction starts");
    read(&mut transaction)
}

/// The same as a transaction sees it.
pub fn read(transaction: &mut Transaction<'_>) -> Vec<String> {
    // Every name is then written with its schema, whatever the session's path is.
    transaction.batch_execute("SET LOCAL search_path = ''").expect("the path can be set");
    // To plan the query takes most of its time: a session that asks again has it prepared.
    let known = "SELECT FROM pg_prepared_statements WHERE name = 'snapshot'";
    if transaction.query(known, &[]).is_ok_and(|rows| rows.is_empty()) {
        let prepare = format!("PREPARE snapshot AS {QUERY}");
        transaction.batch_execute(&prepare).expect("the query can be prepared");
    }
    let rows = transaction
        .query("EXECUTE snapshot", &[])
        .unwrap_or_else(|error| panic!("the catalog can not be read: {error:?}"));
    rows.iter().map(|row| row.get::<_, String>(0)).collect()
}

/// The lines that differ, marked `-` (only before) and `+` (only after). Empty when nothing does.
pub fn difference(before: &[String], after: &[String]) -> String {
    let (before, after) = (before.join("\n"), after.join("\n"));
    let diff = TextDiff::from_lines(&before, &after);
    let changes = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal);
    changes
        .map(|change| format!("{}{}\n", change.tag(), change.value().trim_end_matches('\n')))
        .collect()
}

/// Fails with the lines that differ.
#[track_caller]
pub fn assert_same(before: &[String], after: &[String]) {
    let difference = difference(before, after);
    assert!(difference.is_empty(), "the catalogs differ:\n{difference}");
}
