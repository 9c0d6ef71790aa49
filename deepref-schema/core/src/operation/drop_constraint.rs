use crate::ident::{Ident, ObjectName};

/// `alter table t drop constraint c`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub name: Ident,
}
