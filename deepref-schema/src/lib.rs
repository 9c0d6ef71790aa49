//! PostgreSQL migrations that are verified by `cargo check`.

mod migration;
#[cfg(unix)]
pub mod server;

pub use migration::{Batches, History, Ledger, Loss, Migration, Segment, SegmentKind, Step};
