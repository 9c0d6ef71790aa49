//! `sql`: the statements of migrations, without a database.

use deepref_schema_core::sql::changes_rows;

use super::arguments::Sql;
use super::output;
use crate::{Error, History, testing};

pub(super) fn execute(history: &History, options: &Sql) -> Result<(), Error> {
    if options.schema {
        output::line(output::escape(history.schema().sql().trim_end()));
        say_raw(history);
        return Ok(());
    }
    let mut found = false;
    for migration in history
        .migrations
        .iter()
        .filter(|m| options.version.is_none_or(|version| m.version == version))
    {
        output::line(output::escape(&testing::snapshot(migration)));
        found = true;
    }
    match options.version {
        Some(version) if !found => Err(unknown(version)),
        _ => Ok(()),
    }
}

/// Says in a comment what raw SQL has done to the schema: the model does not
/// have it, and what is left of it in the end only a server could tell.
fn say_raw(history: &History) {
    let mut lines = Vec::new();
    for migration in history.migrations {
        let steps = migration.up.iter().flat_map(|segment| segment.steps);
        // Only of raw SQL the locks are not known.
        for step in steps.filter(|step| step.locks.is_none() && !changes_rows(step.sql)) {
            let plain = step.sql.lines().filter(|line| !line.trim_start().starts_with("--"));
            let words: Vec<_> = plain.flat_map(str::split_whitespace).take(5).collect();
            lines.push(format!("--   {}: {}", migration.ledger_name(), words.join(" ")));
        }
    }
    if lines.is_empty() {
        return;
    }
    output::line("\n-- Not in here, because only raw SQL has made or changed it:");
    lines.iter().for_each(|line| output::line(output::escape(line)));
}

/// A version that no migration has.
pub(super) fn unknown(version: i64) -> Error {
    Error::Usage {
        problem: format!("there is no migration {version}"),
        help: "`cargo migrate show` lists them".into(),
    }
}
