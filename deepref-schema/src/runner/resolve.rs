//! The word of a person about a statement that was interrupted outside of a
//! transaction.

use super::migrator::Migrator;
use super::state::ProgressRow;
use super::{lock, plan, session};
use crate::runner::plan::Policy;
use crate::{Ahead, Error};

/// What a person found out about the interrupted statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// It took effect: the next run goes on after it.
    Applied,
    /// It did not: the next run sends it again.
    Retry,
}

pub(super) async fn resolve(
    migrator: &mut Migrator,
    resolution: Resolution,
) -> Result<String, Error> {
    let (mut connection, state) = session::open(migrator, "resolve").await?;
    session::check_writable(migrator, &state)?;
    let wait = migrator.options.lock_wait;
    let observer = &mut migrator.observer;
    let look =
        lock::acquire(&mut connection, &migrator.names, wait, observer, |_| Ok(false)).await?;
    let policy = Policy { out_of_order: true, ahead: Ahead::Warn };
    let compared = plan::compare(&migrator.history, &look.state, &migrator.names, policy)?;
    let Some(row) = compared.interrupted.filter(|row| row.running) else {
        return Err(Error::Usage {
            problem: "no statement waits for a decision".into(),
            help: "`run` goes on where it was interrupted".into(),
        });
    };
    let statement = statement(&row, resolution, &migrator.names.progress());
    connection
        .send(&statement)
        .await
        .map_err(|failed| failed.into_error("the decision could not be recorded"))?;
    lock::release(&mut connection, &migrator.names).await.map(|()| row.name)
}

fn statement(row: &ProgressRow, resolution: Resolution, progress: &str) -> String {
    let step = match resolution {
        Resolution::Applied => row.step + 1,
        Resolution::Retry => row.step,
    };
    format!(
        "UPDATE {progress} SET step = {step}, state = 'ready', cursor = NULL WHERE version = {}",
        row.version
    )
}
