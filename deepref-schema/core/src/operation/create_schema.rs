use crate::ident::Ident;

/// `create schema s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSchema {
    /// The schema.
    pub name: Ident,
}
