//! What takes time while a lock is held.

/// What a statement does to a relation that it has locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// A change of the catalog: an instant.
    #[default]
    Nothing,
    /// All rows are read.
    Scan,
    /// All rows are read, and an index is built.
    Index,
    /// All rows are written again, and all indexes are built again.
    Rewrite,
}

impl Work {
    /// Every kind, from little to much.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Scan, Self::Index, Self::Rewrite];

    /// What it does, for `while it …`; `None` where it does nothing.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Scan => Some("scans it"),
            Self::Index => Some("builds an index"),
            Self::Rewrite => Some("rewrites it"),
        }
    }
}
