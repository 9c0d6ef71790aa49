use crate::ident::{Ident, ObjectName};

/// `alter sequence s rename to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameSequence {
    /// The sequence.
    pub name: ObjectName,
    /// Its new name.
    pub to: Ident,
}
