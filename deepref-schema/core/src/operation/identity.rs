use crate::ident::{Ident, ObjectName};
use crate::operation::IdentityDefinition;

/// `alter table t alter column c add identity`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddIdentity {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// The identity.
    pub identity: IdentityDefinition,
}

/// `alter table t alter column c drop identity`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIdentity {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
}
