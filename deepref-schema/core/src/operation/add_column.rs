use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::operation::SequenceOption;
use crate::origin::Origin;
use crate::schema::IdentityKind;
use crate::types::Type;

/// `alter table t add column c: type …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddColumn {
    /// The table.
    pub table: ObjectName,
    /// The column, without the constraints written beside it, which become
    /// operations of their own.
    pub column: ColumnDefinition,
    /// How rows that are there get their values, once; `DropColumn` turned
    /// round. The column has no default afterwards unless it has one itself.
    pub fill: Option<Expr>,
}

/// A column as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// The name.
    pub name: Ident,
    /// The type; `serial` and its kin stand for a type, a sequence and a
    /// default.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// The default.
    pub default: Option<Expr>,
    /// `identity …`
    pub identity: Option<IdentityDefinition>,
    /// `generated as (…) stored`
    pub generated: Option<Expr>,
    /// `collate …`; in the schema `pg_catalog` where none was written and it
    /// is found there.
    pub collation: Option<ObjectName>,
}

/// `identity by default (start 1000)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityDefinition {
    /// `identity` or `identity by default`.
    pub kind: IdentityKind,
    /// The options of its sequence.
    pub options: Vec<SequenceOption>,
    /// The name of its sequence; computed where it is not given.
    pub sequence_name: Option<ObjectName>,
    /// The word `identity`.
    pub origin: Origin,
}
