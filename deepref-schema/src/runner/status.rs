//! What is applied and what is pending.

use super::migrator::Migrator;
use super::plan::{self, Plan};
use super::session;
use super::state::{ProgressRow, State};
use crate::{Error, History};

/// What is applied and what is pending.
#[derive(Debug)]
pub struct Status {
    /// Every migration, of the program and of the ledger, by version.
    pub entries: Vec<Entry>,
    /// Where ledger and program disagree, so that nothing would run.
    pub problem: Option<Error>,
    /// The major version of the server.
    pub server_version: u32,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its version.
    pub version: i64,
    /// Its name, without the version where the program knows it.
    pub name: String,
    /// Where it stands.
    pub state: EntryState,
}

/// Where a migration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryState {
    /// Applied.
    Applied {
        /// When, by the clock of the server; unknown in a ledger that was
        /// taken over.
        at: Option<String>,
        /// By which user.
        by: Option<String>,
        /// How long it took, in milliseconds.
        duration_ms: Option<u64>,
        /// Whether this program knows it.
        known: bool,
    },
    /// Not applied.
    Pending,
    /// Begun and not ended; the next run goes on.
    Interrupted {
        /// Whether it is being applied; reverted otherwise.
        up: bool,
        /// How many segments are done.
        segments_done: usize,
    },
}

impl Status {
    /// The migrations that the next run would work on.
    pub fn pending(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !matches!(entry.state, EntryState::Applied { .. }))
    }
}

pub(super) async fn status(migrator: &mut Migrator) -> Result<Status, Error> {
    let (_connection, state) = session::open(migrator, "show").await?;
    let compared =
        plan::compare(&migrator.history, &state, &migrator.names, migrator.options.policy);
    Ok(Status {
        entries: entries(&migrator.history, &state),
        server_version: state.server_version / 10_000,
        problem: compared.map(drop::<Plan>).err(),
    })
}

fn entries(history: &History, state: &State) -> Vec<Entry> {
    let mut entries: Vec<_> = history
        .migrations
        .iter()
        .map(|migration| Entry {
            version: migration.version,
            name: migration.name.to_string(),
            state: state_of(state, migration.version, true),
        })
        .collect();
    for row in state.applied.iter().filter(|row| history.find(row.version).is_none()) {
        entries.push(Entry {
            version: row.version,
            name: row.name.clone(),
            state: state_of(state, row.version, false),
        });
    }
    for row in state.progress.iter().filter(|row| history.find(row.version).is_none()) {
        entries.push(Entry {
            version: row.version,
            name: row.name.clone(),
            state: interrupted(row),
        });
    }
    entries.sort_by_key(|entry| entry.version);
    entries
}

fn state_of(state: &State, version: i64, known: bool) -> EntryState {
    if let Some(row) = state.progress.iter().find(|row| row.version == version) {
        return interrupted(row);
    }
    match state.row(version) {
        Some(row) => EntryState::Applied {
            at: row.applied_at.clone(),
            by: row.applied_by.clone(),
            duration_ms: row.duration_ms,
            known,
        },
        None => EntryState::Pending,
    }
}

fn interrupted(row: &ProgressRow) -> EntryState {
    EntryState::Interrupted { up: row.up, segments_done: row.step }
}
