use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};

/// `alter table t drop column c restore as …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropColumn {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// How a revert fills the column of rows that are there.
    pub restore: Option<Expr>,
}
