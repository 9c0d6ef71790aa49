use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};

/// `alter table t alter column c set default …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetDefault {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// The default.
    pub default: Expr,
}

/// `alter table t alter column c drop default`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropDefault {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
}
