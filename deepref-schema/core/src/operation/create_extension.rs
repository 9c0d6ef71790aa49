use crate::ident::Ident;

/// `create extension e schema s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateExtension {
    /// The extension.
    pub name: Ident,
    /// The schema of its objects.
    pub schema: Option<Ident>,
}
