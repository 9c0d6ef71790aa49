use super::Table;
use crate::ident::{Ident, ObjectName};

/// What a name in the namespace of tables, indexes and sequences stands for
/// (manual chapter "pg_class").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// What it is.
    pub kind: RelationKind,
    /// The table it belongs to; for a table, itself.
    pub table: Option<ObjectName>,
}

/// The kinds of relations that the model knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationKind {
    /// A table.
    Table,
    /// An index that no constraint made.
    Index,
    /// The index of a constraint; it has the constraint's name.
    ConstraintIndex,
    /// A sequence.
    Sequence,
    /// The sequence of an identity column.
    IdentitySequence,
}

impl RelationKind {
    /// Whether it is an index, be it of a constraint.
    pub fn is_index(self) -> bool {
        matches!(self, Self::Index | Self::ConstraintIndex)
    }

    /// The kind in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Index => "index",
            Self::ConstraintIndex => "constraint",
            Self::Sequence | Self::IdentitySequence => "sequence",
        }
    }
}

impl Table {
    /// The names that the table takes up in its schema, its own left out.
    pub(crate) fn relation_names(&self) -> Vec<(Ident, RelationKind)> {
        let indexes = self.indexes.keys().map(|name| (name.clone(), RelationKind::Index));
        let constraints = self
            .constraints
            .iter()
            .filter(|(_, constraint)| constraint.kind.has_index())
            .map(|(name, _)| (name.clone(), RelationKind::ConstraintIndex));
        let identities = self.columns.iter().filter_map(|column| {
            let identity = column.identity.as_ref()?;
            Some((identity.sequence_name.name.clone(), RelationKind::IdentitySequence))
        });
        indexes.chain(constraints).chain(identities).collect()
    }
}
