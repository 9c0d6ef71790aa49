//! Changes of a schema that keep its index of names true.

use std::sync::Arc;

use super::{Relation, RelationKind, Schema, Sequence, Table};
use crate::ident::{Ident, ObjectName};
use crate::map::Map;

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
        self.rename_parts(&name, &Names::default(), &table.names());
        self.tables.insert(name, table);
    }

    /// Removes a table and all that is in it.
    pub fn remove_table(&mut self, name: &ObjectName) -> Option<Arc<Table>> {
        let table = self.tables.remove(name)?;
        self.relations.remove(name);
        self.rename_parts(name, &table.names(), &Names::default());
        Some(table)
    }

    /// Changes a table, where it exists.
    pub fn change_table(&mut self, name: &ObjectName, change: impl FnOnce(&mut Table)) {
        let Some(mut table) = self.tables.remove(name) else { return };
        let before = table.names();
        change(Arc::make_mut(&mut table));
        self.rename_parts(name, &before, &table.names());
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

    /// Whether a constraint of any table of the namespace has this name.
    pub fn has_constraint_named(&self, name: &ObjectName) -> bool {
        self.constraint_names.contains_key(name)
    }

    /// Whether any foreign key refers to this table, or any column has this
    /// type.
    pub(super) fn is_referenced(&self, table: &ObjectName) -> bool {
        self.references.contains_key(table)
    }

    /// Keeps the index of names when those in a table change.
    fn rename_parts(&mut self, table: &ObjectName, before: &Names, after: &Names) {
        let (gone, new) = changed(&before.relations, &after.relations);
        for (name, _) in gone {
            self.relations.remove(&table.sibling(name.clone()));
        }
        for (name, kind) in new {
            let relation = Relation { kind: *kind, table: Some(table.clone()) };
            self.relations.insert(table.sibling(name.clone()), relation);
        }
        let (gone, new) = changed(&before.constraints, &after.constraints);
        let qualified = |name: &Ident| table.sibling(name.clone());
        gone.iter().for_each(|name| uncount(&mut self.constraint_names, &qualified(name)));
        new.iter().for_each(|name| count(&mut self.constraint_names, qualified(name)));
        let (gone, new) = changed(&before.references, &after.references);
        gone.iter().for_each(|name| uncount(&mut self.references, name));
        new.iter().for_each(|name| count(&mut self.references, name.clone()));
    }
}

/// The names in a table.
#[derive(Default)]
struct Names {
    relations: Vec<(Ident, RelationKind)>,
    constraints: Vec<Ident>,
    /// The tables that foreign keys refer to, and the types of columns.
    references: Vec<ObjectName>,
}

impl Table {
    fn names(&self) -> Names {
        let foreign = self.constraints.values().filter_map(|one| one.kind.foreign_key());
        let types = self.columns.iter().filter_map(|column| column.ty.object_name());
        Names {
            relations: self.relation_names(),
            constraints: self.constraints.keys().cloned().collect(),
            references: foreign.map(|key| key.table.clone()).chain(types).collect(),
        }
    }
}

/// What two lists do not have in common at their ends.
fn changed<'a, T: PartialEq>(before: &'a [T], after: &'a [T]) -> (&'a [T], &'a [T]) {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[same..], &after[same..]);
    let same = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    (&before[..before.len() - same], &after[..after.len() - same])
}

fn count(counts: &mut Map<ObjectName, usize>, name: ObjectName) {
    match counts.get_mut(&name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name, 1);
        }
    }
}

fn uncount(counts: &mut Map<ObjectName, usize>, name: &ObjectName) {
    match counts.get_mut(name) {
        Some(count) if *count > 1 => *count -= 1,
        _ => {
            counts.remove(name);
        }
    }
}
