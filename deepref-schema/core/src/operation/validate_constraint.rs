use crate::ident::{Ident, ObjectName};

/// `alter table t validate constraint c`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidateConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub name: Ident,
}
