use crate::ident::ObjectName;
use crate::operation::{ColumnDefinition, ConstraintDefinition};

/// `create table t { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// The table.
    pub name: ObjectName,
    /// Columns and constraints, in the order written; the constraints of a
    /// column follow it.
    pub items: Vec<TableItem>,
}

/// An item of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "items live in one short list")]
pub enum TableItem {
    /// A column.
    Column(ColumnDefinition),
    /// A constraint, of the table or of the column before it.
    Constraint(ConstraintDefinition),
}
