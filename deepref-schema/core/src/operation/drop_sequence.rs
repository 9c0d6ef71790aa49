use crate::ident::ObjectName;

/// `drop sequence s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropSequence {
    /// The sequence.
    pub name: ObjectName,
}
