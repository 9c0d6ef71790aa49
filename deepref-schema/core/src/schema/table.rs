use std::collections::BTreeMap;

use super::{Column, Constraint, Index, Made};
use crate::ident::Ident;
use crate::map::Map;

/// A table. Its name is its key in the schema.
///
/// Equal tables may differ in the physical order of their columns, which
/// PostgreSQL can not restore after a column was dropped.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The columns, in the order they were added.
    pub columns: Vec<Column>,
    /// The constraints, by name.
    pub constraints: Map<Ident, Constraint>,
    /// The indexes that are not made by a constraint, by name.
    pub indexes: Map<Ident, Index>,
    /// The comment.
    pub comment: Option<String>,
    /// Which migration made it.
    pub made: Made,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// The column of this name, to be changed.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == *name)
    }

    fn columns_by_name(&self) -> BTreeMap<&Ident, &Column> {
        self.columns.iter().map(|column| (&column.name, column)).collect()
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.columns_by_name() == other.columns_by_name()
            && self.constraints == other.constraints
            && self.indexes == other.indexes
            && self.comment == other.comment
    }
}

impl Eq for Table {}
