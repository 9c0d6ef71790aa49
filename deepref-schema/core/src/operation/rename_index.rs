use crate::ident::{Ident, ObjectName};

/// `alter index i rename to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameIndex {
    /// The index.
    pub name: ObjectName,
    /// Its new name.
    pub to: Ident,
}
