//! A lost answer: connects again, takes the lock, and reads in the ledger
//! what became of the transaction.

use super::super::connection::Connection;
use super::super::signals::Signals;
use super::super::state::State;
use super::super::work::Work;
use super::super::{Event, lock};
use super::{Executor, lost};
use crate::error::Error;

/// How many lost connections one command outlives.
const MOST_LOSSES: u32 = 3;

/// Where a transaction leaves its migration.
pub(in crate::runner) enum After {
    /// The migration is done.
    End,
    /// It goes on at this segment.
    At {
        /// The number of the segment.
        step: usize,
        /// Whether its statement is about to run outside of a transaction.
        running: bool,
        /// How far a batched update came.
        cursor: Option<Vec<String>>,
    },
}

impl After {
    /// The beginning of a segment.
    pub(in crate::runner) fn ready(step: usize) -> After {
        After::At { step, running: false, cursor: None }
    }

    /// Whether this is what the ledger says.
    fn is_recorded(&self, work: &Work, state: &State) -> bool {
        let row = state.progress.iter().find(|row| row.version == work.version);
        match self {
            After::End => row.is_none() && state.row(work.version).is_some() == work.up,
            After::At { step, running, cursor } => row.is_some_and(|row| {
                (row.up, row.step, row.running) == (work.up, *step, *running)
                    && row.cursor == *cursor
            }),
        }
    }
}

impl Executor<'_> {
    /// The answer to a COMMIT never came. The new session gets the lock when
    /// the old one has ended; what the ledger says then is final. Nothing is
    /// repeated: what was rolled back is left to the next run.
    pub(super) async fn settle(
        &mut self,
        work: &Work,
        after: &After,
        problem: String,
    ) -> Result<(), Error> {
        let is_recorded = |state: &State| after.is_recorded(work, state);
        self.settle_by(lost(work, problem), is_recorded).await?;
        self.observer.emit(&Event::Settled { migration: &work.name });
        Ok(())
    }

    /// The same for whatever the ledger can tell.
    pub(super) async fn settle_by(
        &mut self,
        unsettled: Error,
        is_recorded: impl FnOnce(&State) -> bool,
    ) -> Result<(), Error> {
        if let Some(signal) = self.connection.interrupted() {
            return Err(Error::Interrupted { signal, applied: Vec::new() });
        }
        self.losses += 1;
        if self.losses > MOST_LOSSES {
            return Err(unsettled);
        }
        let signals = Signals::new(self.options.signals);
        self.connection = match Connection::open_again(self.config, self.command, signals).await {
            Ok(connection) => connection,
            Err(interrupted @ Error::Interrupted { .. }) => return Err(interrupted),
            Err(_) => return Err(unsettled),
        };
        let wait = self.options.lock_wait;
        let taken =
            lock::acquire(&mut self.connection, self.names, wait, self.observer, |_| Ok(false));
        match taken.await {
            Ok(look) if is_recorded(&look.state) => {
                self.backend = look.state.backend;
                Ok(())
            }
            Err(interrupted @ Error::Interrupted { .. }) => Err(interrupted),
            Ok(_) | Err(_) => Err(unsettled),
        }
    }
}
