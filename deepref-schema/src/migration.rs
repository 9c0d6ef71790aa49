//! What the macros leave for the runner: a history, its migrations, their
//! segments and steps. The runner works on nothing else.

mod risk;
mod unpack;

use deepref_schema_core::schema::Schema;

pub use deepref_schema_core::limits::Limits;
pub use deepref_schema_core::locks::{LockMode, Work};
pub use risk::{RevertClass, Risk, RiskKind};
pub use unpack::{Packed, unpack};

use crate::Function;

/// Every migration of one database, oldest first.
///
/// `migrations!` emits one, as `pub static HISTORY`, which is made when it is
/// first used.
#[derive(Debug, Clone, Copy)]
pub struct History {
    /// The migrations, by ascending version.
    pub migrations: &'static [&'static Migration],
    /// The schema that the history ends in, in bytes that only this version
    /// reads: see [`History::schema`].
    pub schema: &'static [u8],
    /// Where applied migrations are recorded.
    pub ledger: Ledger,
    /// The oldest major version of PostgreSQL that the history supports.
    pub oldest_postgres: u32,
    /// The folder of the crate that holds the history (`CARGO_MANIFEST_DIR`
    /// when it was compiled); commands that write files write below it.
    pub manifest_dir: &'static str,
    /// The list file (`src/history.rs`), relative to `manifest_dir`; empty
    /// where all migrations are written inline.
    pub list_file: &'static str,
    /// The text of the list where all migrations are written inline; else empty.
    pub inline: &'static str,
}

/// The qualified name of the ledger, the table that records what is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledger {
    /// The schema of the table; `public` unless the history names another.
    pub schema: &'static str,
    /// The name of the table; `migrations` unless the history names another.
    pub table: &'static str,
}

/// One migration, as it was verified and rendered at compile time.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The version: milliseconds since 1970, by convention of `create`.
    pub version: i64,
    /// The name in PascalCase, without the version: `InitialSchema`.
    pub name: &'static str,
    /// What the author says about it: the text of its `///` comment.
    pub text: &'static str,
    /// The stem of the file it stands in (`m1732025000001_initial_schema`).
    pub file: &'static str,
    /// The checksum of its normalised tokens: comments and layout are free.
    pub checksum: [u8; 32],
    /// What applies it.
    pub up: &'static [Segment],
    /// What reverts it; `None` where it was declared irreversible.
    pub down: Option<&'static [Segment]>,
    /// Why it is irreversible, in the author's words.
    pub irreversible: Option<&'static str>,
    /// What a revert would delete: asked about before it happens.
    pub lost_on_revert: &'static [Loss],
    /// What else can come of a revert.
    pub risks_of_revert: &'static [Risk],
    /// The migrations that were squashed into it, by ascending version; the
    /// last one has its own version.
    pub replaces: &'static [Replaced],
    /// What it says instead of what the program set for all migrations.
    pub limits: Limits,
}

/// A migration that was squashed into another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// Its version.
    pub version: i64,
    /// The checksum that it was recorded with.
    pub checksum: [u8; 32],
}

/// A run of statements that share one transaction, or work outside of one.
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    /// How the segment runs.
    pub kind: SegmentKind,
    /// The statements, in order. Exactly one where the kind is not
    /// [`SegmentKind::Transaction`].
    pub steps: &'static [Step],
}

/// How a segment runs.
#[derive(Debug, Clone, Copy)]
pub enum SegmentKind {
    /// All steps in one transaction.
    Transaction,
    /// One statement outside of a transaction block, such as
    /// `CREATE INDEX CONCURRENTLY`.
    Outside,
    /// One update, in ranges of the primary key, each in a transaction.
    Batches(Batches),
}

/// A batched update. The step's SQL is the whole update without its range;
/// the runner adds the range from these parts.
#[derive(Debug, Clone, Copy)]
pub struct Batches {
    /// The table, quoted as SQL.
    pub table: &'static str,
    /// The columns of the primary key, quoted as SQL, in key order.
    pub key: &'static [&'static str],
    /// The types of these columns, as SQL (`bigint`), in the same order.
    pub key_types: &'static [&'static str],
    /// The assignments after `SET`, as SQL.
    pub set: &'static str,
    /// The condition, as SQL without `WHERE`; empty where there is none.
    pub condition: &'static str,
    /// Rows in a range.
    pub size: u64,
}

/// One statement.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// What it does, for people: `create table users`.
    pub description: &'static str,
    /// The SQL, without the final semicolon; of a function a comment that
    /// names it.
    pub sql: &'static str,
    /// What it locks of what was there before the migration; `None` where raw
    /// SQL or a function may lock anything.
    pub locks: Option<&'static [Lock]>,
    /// The function that is called instead of sending the SQL.
    pub function: Option<Function>,
}

/// What a statement locks until its transaction ends, and what it does then
/// (manual chapter "Explicit Locking").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// The table, index or sequence, quoted as SQL.
    pub relation: &'static str,
    /// How it is locked.
    pub mode: LockMode,
    /// What takes time while it is locked.
    pub work: Work,
}

/// Data that a revert deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// All rows of a table.
    Table {
        /// The table, quoted as SQL.
        table: &'static str,
    },
    /// The values of a column.
    Column {
        /// The table, quoted as SQL.
        table: &'static str,
        /// The column, quoted as SQL.
        column: &'static str,
    },
}

impl History {
    /// The schema that the history ends in. `schema().sql()` is plain DDL that
    /// makes it on an empty database.
    pub fn schema(&self) -> Schema {
        // The macros are pinned to this version, and an empty history has none.
        Schema::from_bytes(self.schema).unwrap_or_default()
    }

    /// The migration of a version.
    pub fn find(&self, version: i64) -> Option<&'static Migration> {
        self.migrations.iter().copied().find(|m| m.version == version)
    }
}

impl Migration {
    /// The name as the ledger holds it, which is TypeORM's way:
    /// `InitialSchema1732025000001`.
    pub fn ledger_name(&self) -> String {
        format!("{}{}", self.name, self.version)
    }
}
