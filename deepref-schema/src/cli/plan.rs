//! `plan` and `run --dry-run`: what would run.

use super::database::Database;
use super::output;
use crate::{EntryState, Error, History, testing};

pub(super) fn execute(history: &History, to: Option<i64>) -> Result<(), Error> {
    let database = Database::open(history)?;
    let status = database.migrator(history).status()?;
    if let Some(problem) = status.problem {
        return Err(problem);
    }
    let mut count = 0;
    for entry in status.pending().filter(|entry| to.is_none_or(|to| entry.version <= to)) {
        let Some(migration) = history.find(entry.version) else { continue };
        if let EntryState::Interrupted { segments_done, .. } = entry.state {
            output::line(format_args!(
                "-- half done: {segments_done} segments of this one have run"
            ));
        }
        output::line(output::escape(&testing::up_text(migration)));
        count += 1;
    }
    match count {
        0 => output::line("nothing is pending"),
        _ => output::note(format_args!("{count} pending; nothing was run")),
    }
    Ok(())
}
