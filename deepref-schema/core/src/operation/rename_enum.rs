use crate::ident::{Ident, ObjectName};

/// `alter enum e rename to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameEnum {
    /// The enum type.
    pub name: ObjectName,
    /// Its new name.
    pub to: Ident,
}
