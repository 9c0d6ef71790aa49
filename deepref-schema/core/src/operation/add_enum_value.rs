use crate::ident::{Ident, ObjectName};

/// `alter enum e add value v after w`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddEnumValue {
    /// The enum type.
    pub name: ObjectName,
    /// The new value.
    pub value: Ident,
    /// Where it stands.
    pub position: ValuePosition,
}

/// Where a new value of an enum stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuePosition {
    /// After all others.
    Last,
    /// Before this one.
    Before(Ident),
    /// After this one.
    After(Ident),
}
