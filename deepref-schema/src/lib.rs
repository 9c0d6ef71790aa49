//! PostgreSQL migrations that are verified by `cargo check`.

mod migration;

pub use migration::{Batches, History, Ledger, Loss, Migration, Segment, SegmentKind, Step};
