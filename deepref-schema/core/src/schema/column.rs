use super::{Made, Sequence};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::types::Type;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: Ident,
    /// The type.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// The value of new rows that give none.
    pub default: Option<Expr>,
    /// Whether the values are drawn from a sequence of its own.
    pub identity: Option<Identity>,
    /// The expression of a stored generated column.
    pub generated: Option<Expr>,
    /// The collation, where it is not that of the type.
    pub collation: Option<ObjectName>,
    /// The comment.
    pub comment: Option<String>,
    /// Which migration made it.
    pub made: Made,
}

/// An identity column's sequence (manual chapter "Identity Columns").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whether a row may bring its own value.
    pub kind: IdentityKind,
    /// The name of the sequence; computed by PostgreSQL's rule.
    pub sequence_name: ObjectName,
    /// The options of the sequence.
    pub sequence: Sequence,
}

/// Whether a row may bring its own value for an identity column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    /// Only with `OVERRIDING SYSTEM VALUE`.
    Always,
    /// Yes.
    ByDefault,
}
