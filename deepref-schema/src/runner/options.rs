//! What the commands can be told.

use std::time::Duration;

use super::events::{Event, Observer};
use super::migrator::{Ahead, Migrator};
use super::names::Names;
use super::plan::Policy;
use crate::Config;

/// What the commands can be told.
#[derive(Debug, Clone)]
pub(super) struct Options {
    pub(super) lock_wait: Duration,
    pub(super) lock_timeout: Duration,
    pub(super) statement_timeout: Option<Duration>,
    pub(super) attempts: u32,
    /// The rows that batched updates change in a second.
    pub(super) batch_rate: Option<u64>,
    /// The bytes of WAL that standbys may be behind batched updates.
    pub(super) max_lag: Option<u64>,
    pub(super) policy: Policy,
    pub(super) to: Option<i64>,
    pub(super) environment: Option<String>,
    pub(super) signals: bool,
    pub(super) logging: bool,
    /// Whether the database is verified after a run, and on which server.
    pub(super) verifying: Option<Option<Config>>,
}

impl Options {
    /// What holds where nothing is said.
    pub(super) fn of(config: &Config) -> Self {
        Options {
            lock_wait: Duration::from_secs(300),
            lock_timeout: Duration::from_secs(3),
            statement_timeout: None,
            attempts: 5,
            batch_rate: None,
            max_lag: None,
            policy: Policy { out_of_order: false, ahead: config.ahead() },
            to: None,
            environment: None,
            signals: false,
            logging: config.logging(),
            verifying: None,
        }
    }
}

impl Migrator {
    /// How long to wait for another runner; 5 minutes where nothing is said.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.options.lock_wait = wait;
        self
    }

    /// How long a statement may wait for a lock on a table, and other queries
    /// behind it; 3 seconds where nothing is said.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.options.lock_timeout = timeout.max(Duration::from_millis(1));
        self
    }

    /// How long a statement inside a transaction may take; unlimited where
    /// nothing is said.
    #[must_use]
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.options.statement_timeout = Some(timeout.max(Duration::from_millis(1)));
        self
    }

    /// How often a segment is tried that fails for want of a lock; 5 times
    /// where nothing is said.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.options.attempts = attempts.max(1);
        self
    }

    /// How many rows in a second batched updates may change; as many as they
    /// can where nothing is said.
    #[must_use]
    pub fn batch_rate(mut self, rows_per_second: u64) -> Self {
        self.options.batch_rate = Some(rows_per_second.max(1));
        self
    }

    /// How many bytes of WAL the slowest connected standby may be behind:
    /// batched updates wait until it is nearer. The role must be a member of
    /// `pg_monitor`, or see no more than its own sessions. No limit where
    /// nothing is said (manual chapter "The Cumulative Statistics System",
    /// `pg_stat_replication`).
    #[must_use]
    pub fn max_lag(mut self, bytes: u64) -> Self {
        self.options.max_lag = Some(bytes);
        self
    }

    /// Allows pending migrations below the highest applied one.
    #[must_use]
    pub fn out_of_order(mut self, allowed: bool) -> Self {
        self.options.policy.out_of_order = allowed;
        self
    }

    /// What an applied migration that the program does not know means.
    #[must_use]
    pub fn ahead(mut self, ahead: Ahead) -> Self {
        self.options.policy.ahead = ahead;
        self
    }

    /// Applies no migration above this version.
    #[must_use]
    pub fn to(mut self, version: i64) -> Self {
        self.options.to = Some(version);
        self
    }

    /// Works in this schema, which is made where it is missing: the history
    /// is one of many in the database, as with a schema for each tenant. Its
    /// ledger is there, too, and all that it makes and names without a schema.
    #[must_use]
    pub fn schema(mut self, name: &str) -> Self {
        self.names = Names::in_schema(self.history.ledger, name);
        self.config.schema = Some(name.to_string());
        self
    }

    /// Marks the database, in the comment of the ledger; a database marked
    /// `production` is protected from `schema drop`.
    #[must_use]
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.options.environment = Some(name.into());
        self
    }

    /// Ctrl-C and SIGTERM cancel the statement under way and end the command;
    /// a second one ends the process. For programs that are nothing else.
    #[must_use]
    pub fn handle_signals(mut self, handle: bool) -> Self {
        self.options.signals = handle;
        self
    }

    /// Compares the database with what its migrations make after each run, as
    /// [`verify`](Self::verify) does; a run after which they differ fails with
    /// [`Error::Differs`](crate::Error::Differs).
    #[must_use]
    pub fn verifying(mut self, scratch: Option<Config>) -> Self {
        self.options.verifying = Some(scratch);
        self
    }

    /// Tells what happens while it happens.
    #[must_use]
    pub fn observe(mut self, listener: impl FnMut(&Event<'_>) + Send + 'static) -> Self {
        self.observer = Observer::of(Box::new(listener));
        self
    }
}
