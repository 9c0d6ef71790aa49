//! Seeds: the rows that a database begins with.
//!
//! `seeds!` leaves `pub static SEEDS`; [`Migrator::seed`](crate::Migrator::seed)
//! writes what differs:
//!
//! ```no_run
//! # use deepref_schema::{Config, Error, History, Ledger};
//! # use deepref_schema::seed::{Environment, SeedKey, Seeding, Seeds};
//! # fn example(HISTORY: &History, SEEDS: &Seeds) -> Result<(), Error> {
//! let seeding = Seeding::new(Environment::Prod).key(SeedKey::from_env()?);
//! let report = HISTORY.migrator(Config::from_env()?).seed(SEEDS, &seeding)?;
//! # Ok(())
//! # }
//! ```
//!
//! Texts that a seed marks as `encrypted` are read again by
//! [`SeedKey::decrypt`].

mod choice;
#[cfg(feature = "encryption")]
mod encryption;
mod key;
mod sealed;
mod unpack;

use std::fmt;
use std::time::Duration;

pub use deepref_schema_core::seed::Environment;
#[cfg(feature = "encryption")]
pub use encryption::Place;
pub use key::SeedKey;
pub(crate) use sealed::Sealer;
pub use unpack::unpack as unpack_seeds;

/// All seeds of a program, each after those that it needs.
#[derive(Debug, Clone, Copy)]
pub struct Seeds {
    pub(crate) seeds: &'static [Seed],
}

/// A seed, as it was verified and rendered at compile time.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    /// The name.
    pub name: &'static str,
    /// What the author says about it: the text of its `///` comment.
    pub text: &'static str,
    /// Where it is run.
    pub environments: &'static [Environment],
    /// The seeds that must be there before it.
    pub after: &'static [&'static str],
    pub(crate) rows: &'static [SeedRow],
}

/// What writes one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeedRow {
    /// What it is, for people: `plans, row 1 of 3`.
    pub(crate) description: &'static str,
    /// The table, as it is written.
    #[cfg_attr(not(feature = "encryption"), allow(dead_code, reason = "texts are bound to it"))]
    pub(crate) table: &'static str,
    /// The statement, cut where encrypted texts stand.
    pub(crate) sql: &'static [&'static str],
    /// The encrypted texts, in the order of their places.
    pub(crate) encrypted: &'static [PlainText],
    /// The query for the key and what is stored now.
    pub(crate) look: &'static str,
}

/// A text that is stored encrypted. `Debug` does not show it.
#[derive(Clone, Copy)]
pub(crate) struct PlainText {
    /// The column.
    pub(crate) column: &'static str,
    /// The text.
    #[cfg_attr(not(feature = "encryption"), allow(dead_code, reason = "it is encrypted"))]
    pub(crate) text: &'static str,
}

/// What to seed, and how.
#[derive(Debug, Clone)]
pub struct Seeding {
    environment: Environment,
    names: Vec<String>,
    pub(crate) key: Option<SeedKey>,
    pub(crate) reencrypt: bool,
}

/// What was seeded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeedReport {
    /// The seeds that were run, in order.
    pub done: Vec<Seeded>,
    /// The seeds that are not for this environment.
    pub left_out: Vec<&'static str>,
}

/// A seed that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    /// Its name.
    pub name: &'static str,
    /// How many rows it declares.
    pub rows: usize,
    /// How many of them were not there, or were otherwise.
    pub changed: u64,
    /// How long it took.
    pub duration: Duration,
}

impl Seeds {
    /// No seeds.
    pub const NONE: Seeds = Seeds { seeds: &[] };

    /// The seeds, each after those that it needs.
    pub fn iter(&self) -> impl Iterator<Item = &'static Seed> + use<> {
        self.seeds.iter()
    }
}

impl Seed {
    /// The statements that it sends. Texts that are encrypted are left out.
    pub fn statements(&self) -> impl Iterator<Item = String> + use<> {
        self.rows.iter().map(|row| row.sql.join("'v1:…'"))
    }

    pub(crate) fn encrypts(&self) -> bool {
        self.rows.iter().any(|row| !row.encrypted.is_empty())
    }
}

impl Seeding {
    /// Runs all seeds that are for this environment.
    pub fn new(environment: Environment) -> Seeding {
        Seeding { environment, names: Vec::new(), key: None, reencrypt: false }
    }

    /// Runs these seeds, and those that they need.
    #[must_use]
    pub fn only<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Seeding {
        self.names = names.into_iter().map(Into::into).collect();
        self
    }

    /// The key for texts that are encrypted.
    #[must_use]
    pub fn key(mut self, key: SeedKey) -> Seeding {
        self.key = Some(key);
        self
    }

    /// Encrypts what is stored under another key, or not encrypted, anew.
    #[must_use]
    pub fn reencrypt(mut self, reencrypt: bool) -> Seeding {
        self.reencrypt = reencrypt;
        self
    }

    /// Where it is run.
    pub fn environment(&self) -> Environment {
        self.environment
    }
}

impl SeedReport {
    pub(crate) fn names(&self) -> Vec<String> {
        self.done.iter().map(|seeded| seeded.name.to_string()).collect()
    }
}

impl fmt::Debug for PlainText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (secret)", self.column)
    }
}
