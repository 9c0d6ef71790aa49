//! What each migration sends, up and down, what each seed sends, and the schema that the history ends in: as text, so
//! that a pull request shows what will run.

use deepref_schema::testing::snapshot;
use migrations::{HISTORY, SEEDS};

#[test]
fn migrations_send_what_was_reviewed() {
    for migration in HISTORY.migrations {
        insta::assert_snapshot!(migration.file, snapshot(migration));
    }
}

/// Texts that are stored encrypted are left out.
#[test]
fn seeds() {
    let seeds = SEEDS.iter().map(|seed| {
        let statements: Vec<_> = seed.statements().map(|one| format!("{one};\n")).collect();
        format!("-- {}\n{}", seed.name, statements.concat())
    });
    insta::assert_snapshot!(seeds.collect::<Vec<_>>().join("\n"));
}

#[test]
fn schema() {
    insta::assert_snapshot!(HISTORY.schema().sql());
}

/// What the runner and the commands need beside the statements comes through as well.
#[test]
fn the_history_says_where_it_stands() {
    assert_eq!(HISTORY.list_file, "src/history.rs");
    assert_eq!(HISTORY.manifest_dir, env!("CARGO_MANIFEST_DIR"));
    let list = include_str!("../src/history.rs");
    let files: Vec<_> = list.lines().map(str::trim).filter(|line| line.starts_with('m')).collect();
    let packed: Vec<_> = HISTORY.migrations.iter().map(|one| format!("{};", one.file)).collect();
    assert_eq!(packed, files);
    for migration in HISTORY.migrations {
        assert!(migration.file.starts_with(&format!("m{}_", migration.version)));
        assert_eq!(HISTORY.find(migration.version).map(|found| found.name), Some(migration.name));
        assert!(!migration.text.is_empty(), "{} says what it is for", migration.name);
    }
}
