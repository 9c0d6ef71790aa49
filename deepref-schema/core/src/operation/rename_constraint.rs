use crate::ident::{Ident, ObjectName};

/// `alter table t rename constraint c to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub name: Ident,
    /// Its new name.
    pub to: Ident,
}
