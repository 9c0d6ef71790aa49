use crate::ident::{Ident, ObjectName};

/// `create enum e { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateEnum {
    /// The enum type.
    pub name: ObjectName,
    /// Its values, in order.
    pub values: Vec<Ident>,
}
