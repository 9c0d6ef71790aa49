use crate::ident::Ident;

/// `drop schema s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropSchema {
    /// The schema.
    pub name: Ident,
}
