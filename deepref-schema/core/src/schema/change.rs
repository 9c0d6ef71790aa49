//! Changes of a schema that keep its index of names true.

use std::sync::Arc;

use super::{Relation, RelationKind, Schema, Sequence, Table};
use crate::ident::{Ident, ObjectName};

impl Schema {
    /// The table of this name.
    pub fn table(&self, name: &ObjectName) -> Option<&Table> {
        self.tables.get(name).map(Arc::as_ref)
    }

    /// What this name stands for among tables, indexes and sequences.
    pub fn relation(&self, name: &ObjectName) -> Option<&Relation> {
        self.relations.get(name)
    }

    /// Every name of a table, an index or a sequence.
    pub fn relation_names(&self) -> impl Iterator<Item = (&ObjectName, &Relation)> {
        self.relations.iter()
    }

    /// Adds a table.
    pub fn insert_table(&mut self, name: ObjectName, table: impl Into<Arc<Table>>) {
        let table = table.into();
        let own = Relation { kind: RelationKind::Table, table: Some(name.clone()) };
        self.relations.insert(name.clone(), own);
        self.insert_names(&name, &table);
        self.tables.insert(name, table);
    }

    /// Removes a table and all that is in it.
    pub fn remove_table(&mut self, name: &ObjectName) -> Option<Arc<Table>> {
        let table = self.tables.remove(name)?;
        self.relations.remove(name);
        self.remove_names(name, &table);
        Some(table)
    }

    /// Changes a table, where it exists.
    pub fn change_table(&mut self, name: &ObjectName, change: impl FnOnce(&mut Table)) {
        let Some(mut table) = self.tables.remove(name) else { return };
        self.remove_names(name, &table);
        change(Arc::make_mut(&mut table));
        self.insert_names(name, &table);
        self.tables.insert(name.clone(), table);
    }

    /// Adds a sequence.
    pub fn insert_sequence(&mut self, name: ObjectName, sequence: impl Into<Arc<Sequence>>) {
        let own = Relation { kind: RelationKind::Sequence, table: None };
        self.relations.insert(name.clone(), own);
        self.sequences.insert(name, sequence.into());
    }

    /// Removes a sequence.
    pub fn remove_sequence(&mut self, name: &ObjectName) -> Option<Arc<Sequence>> {
        self.relations.remove(name);
        self.sequences.remove(name)
    }

    /// The sequences that are dropped with a table, or with one column of it.
    pub fn owned_sequences(&self, table: &ObjectName, column: Option<&Ident>) -> Vec<ObjectName> {
        let owned = self.sequences.iter().filter(|(_, sequence)| {
            sequence.owner.as_ref().is_some_and(|owner| {
                owner.table == *table && column.is_none_or(|column| owner.column == *column)
            })
        });
        owned.map(|(name, _)| name.clone()).collect()
    }

    fn insert_names(&mut self, table_name: &ObjectName, table: &Table) {
        for (name, kind) in table.relation_names() {
            let relation = Relation { kind, table: Some(table_name.clone()) };
            self.relations.insert(table_name.sibling(name), relation);
        }
    }

    fn remove_names(&mut self, table_name: &ObjectName, table: &Table) {
        for (name, _) in table.relation_names() {
            self.relations.remove(&table_name.sibling(name));
        }
    }
}
