//! The proof on a server: both ways make the same database.

use deepref_schema_core::statement::Segment;

use super::super::written;
use crate::runner::on_own_thread;
use crate::verify::{self, Asking, stable_wholes, with_scratch};
use crate::{Config, Error, History, Migration};

/// Applies the replaced migrations to one empty database and the new one to
/// another, and compares what they hold.
pub(super) fn prove(
    history: &History,
    server: &Config,
    replaced: &[&'static Migration],
    up: &[Segment],
) -> Result<(), Error> {
    let asking = Asking { server, ledger: history.ledger, signals: true };
    let differences = on_own_thread(|| async move {
        let wanted = with_scratch(asking, async |work, _| {
            for migration in replaced {
                verify::apply(work, migration).await?;
            }
            work.read_whole().await
        })
        .await?;
        with_scratch(asking, async |work, empty| {
            written::apply(work, up).await?;
            let made = work.read_whole().await?;
            let (wanted, made) = stable_wholes(empty, wanted, made).await?;
            Ok(wanted.differences(&made))
        })
        .await
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
