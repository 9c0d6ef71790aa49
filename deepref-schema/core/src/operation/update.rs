use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::operation::SqlDown;
use crate::origin::Origin;

/// `update t set a = … where … in batches of n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The table.
    pub table: ObjectName,
    /// What is set, in order.
    pub assignments: Vec<Assignment>,
    /// Which rows.
    pub condition: Option<Expr>,
    /// Rows in a batch, where it runs in batches.
    pub batch: Option<u64>,
    /// How it is reverted.
    pub down: Option<SqlDown>,
    /// The word `update`.
    pub origin: Origin,
}

/// `a = …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The column.
    pub column: Ident,
    /// Its new value.
    pub value: Expr,
}
