//! PostgreSQL migrations that are verified by `cargo check`.

#[cfg(feature = "cli")]
pub mod cli;
mod config;
#[cfg(feature = "cli")]
pub mod diagram;
mod error;
mod function;
mod inspect;
mod migration;
#[cfg(feature = "pool")]
pub mod pool;
mod runner;
pub mod seed;
#[cfg(unix)]
pub mod server;
pub mod testing;
#[cfg(feature = "tls")]
mod tls;
mod verify;

pub use config::{Config, Secret};
pub use error::{CountedLoss, Error, Holder, StatementFailure};
pub use function::{BoxError, Function, StatementError, Transaction};
pub use inspect::{Catalog, Unmodelled};
pub use migration::{
    Batches, History, Ledger, Limits, Lock, LockMode, Loss, Migration, Replaced, RevertClass, Risk,
    RiskKind, Segment, SegmentKind, Step, Work,
};
pub use runner::{
    Ahead, Done, DropPlan, Entry, EntryState, Event, Finding, Health, IndexSize, MigrationTime,
    Migrator, Report, Resolution, RevertItem, RevertPlan, Stats, Status, TableSize, Target,
    advice_on,
};

pub use tokio_postgres::Row;
pub use tokio_postgres::types::ToSql;
pub use verify::Drift;

pub use deepref_schema_macros::{Entity, PgEnum, migration, migrations, seed, seeds};

/// What the expansions of the macros refer to. Not for other use.
#[doc(hidden)]
pub mod __private {
    pub use crate::function::call;
    pub use crate::migration::{Packed, unpack};
    pub use crate::seed::{Seeds, unpack_seeds};
    pub use crate::{Function, History, Ledger};
}
