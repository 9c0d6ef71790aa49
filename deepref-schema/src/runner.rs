//! The runner: brings a database to where the history is, or back.
//!
//! Every message is one round trip. The common run is one message that reads
//! the state and finds nothing to do; otherwise the state, the lock, one
//! message for each migration of one segment, and the release of the lock.

mod advice;
mod batches;
mod connection;
mod doctor;
mod drop_schema;
mod events;
mod executor;
mod extensions;
mod ledger;
mod lock;
#[cfg(feature = "cli")]
mod mark;
mod migrator;
mod names;
mod options;
mod outside;
mod pace;
mod plan;
mod report;
mod resolve;
mod retry;
mod revert;
mod run;
mod schemas;
mod script;
mod seed;
mod session;
mod signals;
mod squashed;
mod state;
mod stats;
mod status;
mod words;
mod work;

pub use doctor::{Finding, Health, advice_on};
pub use drop_schema::DropPlan;
pub use events::Event;
pub use migrator::{Ahead, Migrator, Target};
pub use report::{Done, Report};
pub use resolve::Resolution;
pub use revert::{RevertItem, RevertPlan};
pub use stats::{IndexSize, MigrationTime, Stats, TableSize};
pub use status::{Entry, EntryState, Status};

#[cfg(feature = "pool")]
pub(crate) use connection::{Shared, Transport, connect_error, plain_config};

pub(crate) use connection::{
    Connection, Failed, Failure, Reply, ServerError, error_text, is_fatal,
};
use events::Observer;
#[cfg(feature = "cli")]
pub(crate) use mark::Mark;
#[cfg(feature = "cli")]
pub(crate) use migrator::on_own_thread;
use options::Options;
pub(crate) use signals::Signals;

use crate::Error;

impl Failed {
    /// Whether the server said no, and the connection is good for more.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.failure, Failure::Server(_))
    }

    /// The error of a message that is the runner's own.
    pub(crate) fn into_error(self, what: &str) -> Error {
        match self.failure {
            Failure::Server(error) if error.sqlstate == "42501" => Error::ledger(
                format!("{what}: {}", error.message),
                "the user of the migrations lacks a privilege; nothing was run",
            ),
            Failure::Server(error) => Error::Server {
                what: what.into(),
                sqlstate: error.sqlstate,
                message: error.message,
            },
            Failure::Lost(problem) | Failure::Ended(problem) => {
                Error::ConnectionLost { migration: None, problem, applied: Vec::new() }
            }
            Failure::Interrupted(signal) => Error::Interrupted { signal, applied: Vec::new() },
        }
    }
}

/// Waits for Ctrl-C or SIGTERM, which is the good end.
#[cfg(feature = "cli")]
pub(crate) fn wait_for_signal() -> Result<(), Error> {
    migrator::on_own_thread(|| async {
        signals::Signals::new(true).next().await;
        Ok(())
    })
}
