use crate::ident::ObjectName;

/// `drop table t`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTable {
    /// The table.
    pub name: ObjectName,
}
