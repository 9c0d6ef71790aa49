//! A migrations crate as a program, for tests of the command line. The
//! environment says where its files are, and which extra migration it has.

use std::process::ExitCode;

use deepref_schema::{History, Loss, Migration, Risk, RiskKind};
use tests::history::{history, migration, outside, simple, table};

fn main() -> ExitCode {
    deepref_schema::cli::main(&example())
}

fn example() -> History {
    let mut users = simple(
        1000,
        "CreateUsers",
        &["CREATE TABLE users (\n    id int PRIMARY KEY,\n    name text\n)"],
        &["DROP TABLE users"],
    );
    users.text = "People who log in.";
    users.lost_on_revert = &[Loss::Table { table: "users" }];
    users.risks_of_revert = &[Risk { kind: RiskKind::Fails, text: "fails where there are guests" }];
    let mut migrations = vec![users, table(2000)];
    migrations.extend(extra());
    let mut history = history(migrations);
    history.manifest_dir = variable("EXAMPLE_FOLDER").leak();
    history.list_file = "src/history.rs";
    history
}

/// In a transaction, or outside of one.
fn extra() -> Option<Migration> {
    let (inside, alone) = (variable("EXAMPLE_SQL"), variable("EXAMPLE_OUTSIDE"));
    match (inside.as_str(), alone.as_str()) {
        ("", "") => None,
        (inside, "") => Some(simple(3000, "Extra", &[inside], &["SELECT 1"])),
        (_, alone) => Some(migration(3000, "Extra", vec![outside(alone)], vec![])),
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
