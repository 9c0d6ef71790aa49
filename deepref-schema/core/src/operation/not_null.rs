use crate::ident::{Ident, ObjectName};

/// `alter table t alter column c set not null`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetNotNull {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// Through a validated check, so that no scan blocks.
    pub concurrently: bool,
}

/// `alter table t alter column c drop not null`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropNotNull {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
}
