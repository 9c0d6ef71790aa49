use super::Made;
use crate::ident::Ident;

/// An enum type. Its name is its key in the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnumType {
    /// The values, in their order.
    pub values: Vec<Ident>,
    /// The comment.
    pub comment: Option<String>,
    /// Which migration made it.
    pub made: Made,
}
