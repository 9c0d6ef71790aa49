use crate::ident::ObjectName;

/// `drop index i`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIndex {
    /// The index.
    pub name: ObjectName,
    /// Without blocking, outside of a transaction.
    pub concurrently: bool,
}
