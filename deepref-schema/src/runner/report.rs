//! What a run did.

use std::time::Duration;

/// What a run did, in order. Empty where nothing was pending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The migrations that were applied or reverted.
    pub done: Vec<Done>,
    /// Whether the run was left out, because `DATABASE_MIGRATIONS_RUN` does
    /// not ask for it.
    pub skipped: bool,
}

/// A migration that was applied or reverted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its version.
    pub version: i64,
    /// The name with the version.
    pub name: String,
    /// Whether it was applied; reverted otherwise.
    pub up: bool,
    /// How long it took.
    pub duration: Duration,
}

impl Report {
    pub(crate) fn names(&self) -> Vec<String> {
        self.done.iter().map(|done| done.name.clone()).collect()
    }
}
