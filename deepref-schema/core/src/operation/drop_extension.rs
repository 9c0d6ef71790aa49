use crate::ident::Ident;

/// `drop extension e`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropExtension {
    /// The extension.
    pub name: Ident,
}
