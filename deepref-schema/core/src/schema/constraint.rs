use super::{IndexElement, Made, StorageParameter};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};

/// A constraint of a table. NOT NULL is part of the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// Whether and when its check can wait for the end of the transaction.
    pub deferral: Deferral,
    /// Whether the rows that were there before it have been checked.
    pub valid: bool,
    /// The comment.
    pub comment: Option<String>,
    /// Which migration made it.
    pub made: Made,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// The rows are identified by these columns.
    PrimaryKey(Key),
    /// No two rows have the same values.
    Unique(Key),
    /// The condition is not false for any row.
    Check(Expr),
    /// The values exist in another table.
    ForeignKey(ForeignKey),
    /// No two rows compare true with all operators.
    Exclusion(Exclusion),
}

impl ConstraintKind {
    /// The kind, as the language writes it.
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::PrimaryKey(_) => "primary key",
            Self::Unique(_) => "unique",
            Self::Check(_) => "check",
            Self::ForeignKey(_) => "foreign key",
            Self::Exclusion(_) => "exclude",
        }
    }

    /// Whether an index of the constraint's name comes with it.
    pub fn has_index(&self) -> bool {
        matches!(self, Self::PrimaryKey(_) | Self::Unique(_) | Self::Exclusion(_))
    }
}

/// The columns of a primary key or a unique constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The columns, in order.
    pub columns: Vec<Ident>,
    /// Columns that the index holds beside the key.
    pub include: Vec<Ident>,
    /// Whether two nulls count as equal (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Storage parameters of the index, by name: those of an index that the
    /// constraint took over.
    pub parameters: Vec<StorageParameter>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns of this table.
    pub columns: Vec<Ident>,
    /// The table referred to.
    pub table: ObjectName,
    /// Its columns; empty until resolved where the primary key is meant.
    pub referenced: Vec<Ident>,
    /// What happens when the row referred to is deleted.
    pub on_delete: Action,
    /// What happens when its key changes.
    pub on_update: Action,
}

/// What a foreign key does when the row referred to goes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// The statement fails at its end, or at commit where deferred.
    #[default]
    NoAction,
    /// The statement fails at once.
    Restrict,
    /// The referring rows follow.
    Cascade,
    /// The referring columns become null.
    SetNull,
    /// The referring columns get their defaults.
    SetDefault,
}

impl Action {
    /// The action as SQL; `None` for the default one.
    pub fn sql(self) -> Option<&'static str> {
        match self {
            Self::NoAction => None,
            Self::Restrict => Some("RESTRICT"),
            Self::Cascade => Some("CASCADE"),
            Self::SetNull => Some("SET NULL"),
            Self::SetDefault => Some("SET DEFAULT"),
        }
    }
}

/// When a constraint is checked (manual chapter "SET CONSTRAINTS").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deferral {
    /// At the end of each statement.
    #[default]
    NotDeferrable,
    /// At the end of each statement, unless a transaction defers it.
    Deferrable,
    /// At the end of the transaction.
    InitiallyDeferred,
}

impl Deferral {
    /// The clause as SQL, with a space before it; empty for the default.
    pub fn sql(self) -> &'static str {
        match self {
            Self::NotDeferrable => "",
            Self::Deferrable => " DEFERRABLE",
            Self::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
        }
    }
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The index method; `btree` where none was written.
    pub method: Ident,
    /// What is compared, and how.
    pub elements: Vec<ExclusionElement>,
    /// Which rows it is about.
    pub predicate: Option<Expr>,
}

/// One comparison of an exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExclusionElement {
    /// What is compared.
    pub element: IndexElement,
    /// The operator, as SQL.
    pub operator: Ident,
}
