use super::Made;
use crate::ident::{Ident, ObjectName};
use crate::types::Type;

/// A sequence (manual chapter "CREATE SEQUENCE"). Every option has a value:
/// where none was written, PostgreSQL's default for the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub ty: Type,
    /// The step; not zero.
    pub increment: i64,
    /// The smallest value.
    pub min: i64,
    /// The largest value.
    pub max: i64,
    /// The first value.
    pub start: i64,
    /// How many values a session takes at once.
    pub cache: i64,
    /// Whether it begins again after its last value.
    pub cycle: bool,
    /// The column it is dropped with.
    pub owner: Option<Owner>,
    /// The comment.
    pub comment: Option<String>,
    /// Which migration made it.
    pub made: Made,
}

/// The column that a sequence is dropped with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
}
