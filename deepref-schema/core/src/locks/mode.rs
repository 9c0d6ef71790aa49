//! The levels of locks on relations.

/// How a relation is locked (manual chapter "Explicit Locking", "Table-Level
/// Locks"), from weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// What a query takes.
    AccessShare,
    /// What `SELECT … FOR UPDATE` and checks of foreign keys take.
    RowShare,
    /// What changes of rows take.
    RowExclusive,
    /// Blocks other changes of the schema, and vacuum.
    ShareUpdateExclusive,
    /// Blocks changes of rows, but not its own kind.
    Share,
    /// Blocks changes of rows, and its own kind.
    ShareRowExclusive,
    /// Blocks all but queries.
    Exclusive,
    /// Blocks everything, queries too.
    AccessExclusive,
}

impl LockMode {
    /// Every level, from weak to strong.
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// The manual's name of the level.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// Whether queries wait for it.
    pub fn blocks_reads(self) -> bool {
        self == Self::AccessExclusive
    }

    /// Whether changes of rows wait for it.
    pub fn blocks_writes(self) -> bool {
        self >= Self::Share
    }
}
