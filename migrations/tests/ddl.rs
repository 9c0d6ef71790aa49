//! What each migration sends, up and down, and the schema that the history ends in: as text, so
//! that a pull request shows what will run.

use deepref_schema::testing::snapshot;
use migrations::HISTORY;

#[test]
fn migrations_send_what_was_reviewed() {
    for migration in HISTORY.migrations {
        insta::assert_snapshot!(migration.file, snapshot(migration));
    }
}

#[test]
fn schema() {
    insta::assert_snapshot!(HISTORY.schema_sql);
}
