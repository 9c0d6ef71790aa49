use crate::ident::{Ident, ObjectName};

/// `alter enum e rename value v to w`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameEnumValue {
    /// The enum type.
    pub name: ObjectName,
    /// The value.
    pub value: Ident,
    /// Its new name.
    pub to: Ident,
}
