//! The proof on a server: both ways make the same database.

use deepref_schema_core::statement::Segment;

use super::super::written::{self, lines};
use crate::inspect::Whole;
use crate::runner::on_own_thread;
use crate::verify::{Asking, made_by, stable_wholes, with_scratch};
use crate::{Config, Error, History, Migration};

/// What the replaced migrations make in an empty database. All of it must be
/// written by the model and by SQL that makes it again.
pub(super) fn wanted(
    history: &History,
    server: &Config,
    replaced: &[&'static Migration],
) -> Result<Whole, Error> {
    let asking = Asking { server, ledger: history.ledger, signals: true };
    let wanted =
        on_own_thread(|| with_scratch(asking, async |work, _| made_by(work, replaced).await))?;
    let unwritable = wanted.catalog.unmodelled.iter().filter(|one| !wanted.objects.covers(one));
    let unwritable: Vec<_> = unwritable.collect();
    if unwritable.is_empty() {
        return Ok(wanted);
    }
    Err(Error::Refused {
        problem: lines("what raw SQL made here can not be written as one", unwritable.iter()),
        help: "nothing was written; squash up to the migration before it".into(),
    })
}

/// Applies the new migration to an empty database, and compares what it holds.
pub(super) fn prove(
    history: &History,
    server: &Config,
    wanted: Whole,
    up: &[Segment],
) -> Result<(), Error> {
    let asking = Asking { server, ledger: history.ledger, signals: true };
    let differences = on_own_thread(|| {
        with_scratch(asking, async |work, empty| {
            written::apply(work, up).await?;
            let made = work.read_whole().await?;
            let (wanted, made) = stable_wholes(empty, wanted, made).await?;
            Ok(wanted.differences(&made))
        })
    })?;
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::Differs {
        problem: "one migration does not make what the migrations make that it replaces".into(),
        differences,
        help: "nothing was written".into(),
    })
}
