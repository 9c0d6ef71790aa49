use crate::ident::ObjectName;
use crate::operation::SequenceOption;

/// `alter sequence s …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterSequence {
    /// The sequence.
    pub name: ObjectName,
    /// What changes.
    pub options: Vec<SequenceOption>,
}
