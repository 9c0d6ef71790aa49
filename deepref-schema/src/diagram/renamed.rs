//! What a migration renamed, so that a diagram does not show it as something
//! that went and something that came.

use std::collections::BTreeMap;

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::Operation;
use deepref_schema_core::schema::Schema;

/// The old names of tables and columns, by their names in the end.
#[derive(Debug, Default)]
pub(crate) struct Renamed {
    tables: BTreeMap<ObjectName, Ident>,
    columns: BTreeMap<(ObjectName, Ident), Ident>,
}

impl Renamed {
    /// Takes from the operations of a migration what they rename of a schema,
    /// and renames it there.
    #[cfg(feature = "cli")]
    pub(crate) fn of<'a>(
        operations: impl Iterator<Item = &'a Operation>,
        before: &mut Schema,
    ) -> Self {
        let mut renamed = Self::default();
        for operation in operations {
            match operation {
                Operation::RenameTable(rename) if before.table(&rename.table).is_some() => {
                    renamed.table(&rename.table, &rename.to);
                }
                Operation::RenameColumn(rename)
                    if has_column(before, &rename.table, &rename.column) =>
                {
                    renamed.column(&rename.table, &rename.column, &rename.to);
                }
                _ => continue,
            }
            operation.apply(before);
        }
        renamed
    }

    #[cfg(feature = "cli")]
    fn table(&mut self, from: &ObjectName, to: &Ident) {
        let new = from.sibling(to.clone());
        let old = self.tables.remove(from).unwrap_or_else(|| from.name.clone());
        self.tables.insert(new.clone(), old);
        let columns = std::mem::take(&mut self.columns).into_iter();
        self.columns = columns
            .map(|((table, column), old)| match table == *from {
                true => ((new.clone(), column), old),
                false => ((table, column), old),
            })
            .collect();
    }

    #[cfg(feature = "cli")]
    fn column(&mut self, table: &ObjectName, from: &Ident, to: &Ident) {
        let old = self.columns.remove(&(table.clone(), from.clone()));
        let old = old.unwrap_or_else(|| from.clone());
        self.columns.insert((table.clone(), to.clone()), old);
    }

    /// Whether a table or one of its columns has another name now.
    pub(super) fn touches(&self, table: &ObjectName) -> bool {
        let mut columns = self.columns.keys().filter(|(of, _)| of == table);
        self.old_table(table).is_some()
            || columns.any(|(_, column)| self.old_column(table, column).is_some())
    }

    /// The old name of a table.
    pub(super) fn old_table(&self, table: &ObjectName) -> Option<&Ident> {
        self.tables.get(table).filter(|old| **old != table.name)
    }

    /// The old name of a column.
    pub(super) fn old_column(&self, table: &ObjectName, column: &Ident) -> Option<&Ident> {
        let old = self.columns.get(&(table.clone(), column.clone()));
        old.filter(|old| *old != column)
    }
}

#[cfg(feature = "cli")]
fn has_column(schema: &Schema, table: &ObjectName, column: &Ident) -> bool {
    schema.table(table).is_some_and(|table| table.column(column.as_str()).is_some())
}
