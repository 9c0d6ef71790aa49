use super::Made;
use crate::ident::Ident;

/// An installed extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The schema that holds its objects.
    pub schema: Ident,
    /// Which migration made it.
    pub made: Made,
}
