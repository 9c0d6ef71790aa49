//! PostgreSQL migrations that are verified by `cargo check`.

#[cfg(feature = "cli")]
pub mod cli;
mod config;
mod error;
mod migration;
#[cfg(feature = "pool")]
pub mod pool;
mod runner;
#[cfg(unix)]
pub mod server;
pub mod testing;
#[cfg(feature = "tls")]
mod tls;

pub use config::{Config, Secret};
pub use error::{CountedLoss, Error, Holder, StatementFailure};
pub use migration::{Batches, History, Ledger, Loss, Migration, Segment, SegmentKind, Step};
pub use runner::{
    Ahead, Done, DropPlan, Entry, EntryState, Event, Finding, Health, IndexSize, MigrationTime,
    Migrator, Report, Resolution, RevertItem, RevertPlan, Stats, Status, TableSize, Target,
    advice_on,
};

pub use deepref_schema_macros::{Entity, PgEnum, migration, migrations};

/// What the expansions of the macros refer to. Not for other use.
#[doc(hidden)]
pub mod __private {
    pub use crate::migration::unpack;
    pub use crate::{History, Ledger};
}
