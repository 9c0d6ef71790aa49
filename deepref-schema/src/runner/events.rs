//! What a run tells while it works.

use std::time::Duration;

use crate::error::Holder;

/// Something that happened. Texts of the server may hold control characters:
/// whoever shows them escapes them.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Another runner holds the lock.
    Waiting {
        /// For how long this one has waited.
        waited: Duration,
        /// Who holds it, where that can be seen.
        holder: Option<&'a Holder>,
    },
    /// A migration begins.
    Begin {
        /// The name with the version.
        migration: &'a str,
        /// Whether it is applied; reverted otherwise.
        up: bool,
        /// Its number in this run, from 1.
        number: usize,
        /// How many there are.
        total: usize,
    },
    /// A segment begins, of a migration that has several.
    Segment {
        /// The name with the version.
        migration: &'a str,
        /// Its number, from 1.
        number: usize,
        /// How many there are.
        total: usize,
    },
    /// A range of a batched update is done.
    Batch {
        /// The name with the version.
        migration: &'a str,
        /// The rows that changed so far in this run.
        rows: u64,
        /// The rows that were looked at so far in this run.
        scanned: u64,
        /// How many there were to look at when this run began, as PostgreSQL's
        /// planner thinks; never less than `scanned`.
        estimate: u64,
    },
    /// A batched update waits for a standby that is too far behind.
    Lagging {
        /// The name with the version.
        migration: &'a str,
        /// The standby's `application_name`.
        standby: &'a str,
        /// How far it is behind, in bytes of WAL.
        bytes: u64,
        /// How far it may be.
        most: u64,
    },
    /// A statement is sent; only with `DATABASE_LOGGING`.
    Statement {
        /// What it does.
        description: &'a str,
        /// Its SQL.
        sql: &'a str,
    },
    /// A segment is tried again.
    Retry {
        /// The name with the version.
        migration: &'a str,
        /// What the server said.
        reason: &'a str,
        /// How often it was tried.
        attempt: u32,
        /// The pause before the next attempt.
        pause: Duration,
        /// Who was in the way.
        blockers: &'a [String],
    },
    /// A statement outside of a transaction waits for other sessions.
    Blocked {
        /// The name with the version.
        migration: &'a str,
        /// How long it has been under way.
        waited: Duration,
        /// Who is in the way.
        blockers: &'a [String],
    },
    /// The answer to a COMMIT was lost, and the ledger says that it was done:
    /// the work goes on.
    Settled {
        /// The name with the version.
        migration: &'a str,
    },
    /// The server has something to say.
    Notice {
        /// Severity and text.
        text: &'a str,
    },
    /// A migration is done.
    Done {
        /// The name with the version.
        migration: &'a str,
        /// Whether it was applied; reverted otherwise.
        up: bool,
        /// How long it took.
        duration: Duration,
    },
    /// The database holds a migration that this program does not know, and
    /// that is accepted.
    Ahead {
        /// The name with the version.
        migration: &'a str,
    },
    /// A seed is done.
    Seeded {
        /// Its name.
        seed: &'a str,
        /// How many rows it declares.
        rows: usize,
        /// How many of them were not there, or were otherwise.
        changed: u64,
        /// How long it took.
        duration: Duration,
    },
    /// A squashed migration was recorded instead of those that it replaces.
    Squashed {
        /// The name with the version.
        migration: &'a str,
        /// How many it replaces.
        replaced: usize,
    },
}

type Listener = Box<dyn FnMut(&Event<'_>) + Send>;

/// Who listens.
pub(super) struct Observer(Option<Listener>);

impl Observer {
    pub(super) fn silent() -> Observer {
        Observer(None)
    }

    pub(super) fn of(listener: Listener) -> Observer {
        Observer(Some(listener))
    }

    pub(super) fn emit(&mut self, event: &Event<'_>) {
        tracing::trace!(target: "deepref_schema", ?event);
        if let Some(listener) = &mut self.0 {
            listener(event);
        }
    }
}
