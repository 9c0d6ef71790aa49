use crate::ident::{Ident, ObjectName};

/// `alter enum e drop value v`: the type is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropEnumValue {
    /// The enum type.
    pub name: ObjectName,
    /// The value.
    pub value: Ident,
}
