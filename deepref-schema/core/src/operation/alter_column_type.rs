use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::types::Type;

/// `alter table t alter column c type …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterColumnType {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// The new type.
    pub ty: Type,
    /// The new collation; without one, the type's.
    pub collation: Option<ObjectName>,
    /// `using …`: the new value from the old row.
    pub using: Option<Expr>,
    /// `revert using …`: the old value from the new row.
    pub revert_using: Option<Expr>,
}
