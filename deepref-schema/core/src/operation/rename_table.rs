use crate::ident::{Ident, ObjectName};

/// `alter table t rename to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameTable {
    /// The table.
    pub table: ObjectName,
    /// Its new name.
    pub to: Ident,
}
