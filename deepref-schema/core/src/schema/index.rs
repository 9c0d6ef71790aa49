use super::Made;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};

/// An index that no constraint made. Its name is its key in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Whether no two rows may have the same values.
    pub unique: bool,
    /// The method; `btree` where none was written.
    pub method: Ident,
    /// What is indexed, in order.
    pub elements: Vec<IndexElement>,
    /// Columns that the index holds beside.
    pub include: Vec<Ident>,
    /// Whether two nulls count as equal (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Storage parameters, by name.
    pub parameters: Vec<StorageParameter>,
    /// Which rows it is about.
    pub predicate: Option<Expr>,
    /// The comment.
    pub comment: Option<String>,
    /// Which migration made it.
    pub made: Made,
}

/// One element of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexElement {
    /// What is indexed.
    pub subject: ElementSubject,
    /// The collation, where it is not that of the column.
    pub collation: Option<ObjectName>,
    /// The operator class, where it is not the default one.
    pub operator_class: Option<ObjectName>,
    /// Whether the order is descending.
    pub descending: bool,
    /// Where nulls stand, if not at the default end.
    pub nulls: Option<NullsOrder>,
}

/// What an element of an index is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ElementSubject {
    /// A column.
    Column(Ident),
    /// A single function call, which needs no parentheses.
    Call(Expr),
    /// Any other expression.
    Expression(Expr),
}

/// Where nulls stand in the order of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullsOrder {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

/// A storage parameter of an index (manual chapter "CREATE INDEX").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageParameter {
    /// The name.
    pub name: Ident,
    /// The value, as SQL.
    pub value: String,
}
