//! The part of a schema that a migration changed.

use std::collections::BTreeSet;

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::schema::Schema;

/// What of a schema must be made to see what changed: the tables that are not
/// as before, those that they refer to, and all that is no table.
pub(super) struct Part {
    /// What must be made.
    pub(super) schema: Schema,
    /// The tables in it.
    tables: BTreeSet<ObjectName>,
}

impl Part {
    /// The part of a schema that was not in the one before it; all of it where
    /// none was.
    pub(super) fn changed(before: Option<&Schema>, after: &Schema) -> Self {
        let is_changed = |name: &ObjectName| match before {
            Some(before) => before.table(name) != after.table(name),
            None => true,
        };
        let mut tables = BTreeSet::new();
        let mut open: Vec<_> =
            after.tables.keys().filter(|name| is_changed(name)).cloned().collect();
        while let Some(name) = open.pop() {
            if tables.contains(&name) {
                continue;
            }
            let constraints = after.table(&name).into_iter().flat_map(|t| t.constraints.values());
            let keys = constraints.filter_map(|constraint| constraint.kind.foreign_key());
            open.extend(keys.map(|key| key.table.clone()));
            tables.insert(name);
        }
        let mut schema = after.clone();
        let others = after.tables.keys().filter(|name| !tables.contains(name));
        for name in others {
            for sequence in after.owned_sequences(name, None) {
                schema.remove_sequence(&sequence);
            }
            schema.remove_table(name);
        }
        Self { schema, tables }
    }

    /// What a whole database holds, where this part of it is as it was made
    /// and the rest as before.
    pub(super) fn completed(&self, made: &Schema, before: &Schema, after: &Schema) -> Schema {
        let mut whole = made.clone();
        let others = after.tables.keys().filter(|name| !self.tables.contains(name));
        for name in others {
            if let Some(table) = before.tables.get(name) {
                whole.insert_table(name.clone(), table.clone());
            }
            for sequence in after.owned_sequences(name, None) {
                if let Some(kept) = before.sequences.get(&sequence) {
                    whole.insert_sequence(sequence, kept.clone());
                }
            }
        }
        whole
    }
}
