use crate::ident::{Ident, ObjectName};

/// `alter table t rename column c to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameColumn {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// Its new name.
    pub to: Ident,
}
