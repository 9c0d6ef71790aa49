use crate::ident::ObjectName;

/// `drop enum e`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropEnum {
    /// The enum type.
    pub name: ObjectName,
}
