//! `plan` and `run --dry-run`: what would run.

use serde_json::Value;

use super::database::Database;
use super::{explain, output};
use crate::{Entry, EntryState, Error, History, Migration, testing};

pub(super) fn execute(history: &History, to: Option<i64>, json: bool) -> Result<(), Error> {
    let database = Database::open(history)?;
    let status = database.migrator(history).status()?;
    if let Some(problem) = status.problem {
        return Err(problem);
    }
    let wanted = status.pending().filter(|entry| to.is_none_or(|to| entry.version <= to));
    let pending: Vec<_> =
        wanted.filter_map(|entry| Some((history.find(entry.version)?, entry))).collect();
    if json {
        let migrations = pending.iter().map(|(migration, entry)| as_json(migration, entry));
        output::line(format_args!("{:#}", Value::from_iter(migrations)));
        return Ok(());
    }
    for (migration, entry) in &pending {
        if let Some(done) = segments_done(entry) {
            output::line(format_args!("-- half done: {done} segments of this one have run"));
        }
        output::line(output::escape(&testing::up_text(migration)));
    }
    match pending.len() {
        0 => output::line("nothing is pending"),
        count => output::note(format_args!("{count} pending; nothing was run")),
    }
    Ok(())
}

/// What `explain` says about a migration, and how far it is.
fn as_json(migration: &Migration, entry: &Entry) -> Value {
    let mut json = explain::as_json(migration);
    json["segments_done"] = segments_done(entry).unwrap_or(0).into();
    json
}

/// How many segments of a migration have run that was interrupted.
fn segments_done(entry: &Entry) -> Option<usize> {
    match entry.state {
        EntryState::Interrupted { segments_done, .. } => Some(segments_done),
        _ => None,
    }
}
