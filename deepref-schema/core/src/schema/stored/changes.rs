//! What differs between two versions of a schema as bytes.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

use super::{Stored, read_bytes, write_bytes};
use crate::history::{Write, digest};
use crate::ident::{Ident, ObjectName};
use crate::map::{Map, Watcher, key_number};
use crate::schema::{Namespace, Relation, Schema, Sequence, Table};

/// The maps of a schema by their numbers. The last three follow from the
/// others, so that only their digests count.
const NAMESPACES: u8 = 0;
const EXTENSIONS: u8 = 1;
const ENUMS: u8 = 2;
const SEQUENCES: u8 = 3;
const TABLES: u8 = 4;
const RELATIONS: u8 = 5;
const CONSTRAINT_NAMES: u8 = 6;
const REFERENCES: u8 = 7;

/// What differs between two versions of a schema.
#[derive(Debug, Default)]
pub(crate) struct StoredChanges {
    /// The objects that differ.
    pub(crate) writes: Vec<Write>,
    /// What these are now, for [`Schema::apply_stored`].
    pub(crate) bytes: Vec<u8>,
}

/// Whether two values are one, at a glance: what was not touched is shared.
trait Same {
    fn is_same(&self, other: &Self) -> bool;
}

impl<T> Same for Arc<T> {
    fn is_same(&self, other: &Self) -> bool {
        Self::ptr_eq(self, other)
    }
}

impl Same for Namespace {
    fn is_same(&self, other: &Self) -> bool {
        self.made.migration() == other.made.migration()
    }
}

impl Same for Relation {
    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Same for usize {
    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
}

impl StoredChanges {
    pub(crate) fn between(before: &Schema, after: &Schema) -> Self {
        let mut changes = Self::default();
        changes.stored(NAMESPACES, &before.namespaces, &after.namespaces);
        changes.stored(EXTENSIONS, &before.extensions, &after.extensions);
        changes.stored(ENUMS, &before.enums, &after.enums);
        changes.stored(SEQUENCES, &before.sequences, &after.sequences);
        changes.stored(TABLES, &before.tables, &after.tables);
        changes.compare(RELATIONS, &before.relations, &after.relations);
        changes.compare(CONSTRAINT_NAMES, &before.constraint_names, &after.constraint_names);
        changes.compare(REFERENCES, &before.references, &after.references);
        changes
    }

    fn compare<K, V>(&mut self, map: u8, before: &Map<K, V>, after: &Map<K, V>) -> Vec<Changed<K>>
    where
        K: Ord + Hash + Clone,
        V: Stored + Same + Clone,
    {
        let mut changed = Vec::new();
        for (key, before, after) in before.changes_by(after, V::is_same) {
            let [before, after] = [before, after].map(|value| value.map(bytes_of));
            if before == after {
                continue;
            }
            let [old, new] = [&before, &after].map(|bytes| bytes.as_deref().map_or(0, digest));
            self.writes.push(Write { object: key_number(map, key), before: old, after: new });
            changed.push((key.clone(), after));
        }
        changed
    }

    fn stored<K, V>(&mut self, map: u8, before: &Map<K, V>, after: &Map<K, V>)
    where
        K: Ord + Hash + Clone + Stored,
        V: Stored + Same + Clone,
    {
        for (key, after) in self.compare(map, before, after) {
            map.write(&mut self.bytes);
            key.write(&mut self.bytes);
            // None is no bytes; a value has one at least.
            write_bytes(&after.unwrap_or_default(), &mut self.bytes);
        }
    }
}

/// A key, and the bytes of its value where it has one.
type Changed<K> = (K, Option<Vec<u8>>);

fn bytes_of<V: Stored>(value: &V) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.write(&mut bytes);
    bytes
}

/// The last value of each object that changed, in bytes; none is no bytes.
#[derive(Default)]
struct Last<'a> {
    namespaces: BTreeMap<Ident, &'a [u8]>,
    extensions: BTreeMap<Ident, &'a [u8]>,
    enums: BTreeMap<ObjectName, &'a [u8]>,
    sequences: BTreeMap<ObjectName, &'a [u8]>,
    tables: BTreeMap<ObjectName, &'a [u8]>,
}

impl<'a> Last<'a> {
    fn read(&mut self, mut bytes: &'a [u8]) -> Option<()> {
        let bytes = &mut bytes;
        while !bytes.is_empty() {
            match u8::read(bytes)? {
                NAMESPACES => self.namespaces.insert(Stored::read(bytes)?, read_bytes(bytes)?),
                EXTENSIONS => self.extensions.insert(Stored::read(bytes)?, read_bytes(bytes)?),
                ENUMS => self.enums.insert(Stored::read(bytes)?, read_bytes(bytes)?),
                SEQUENCES => self.sequences.insert(Stored::read(bytes)?, read_bytes(bytes)?),
                TABLES => self.tables.insert(Stored::read(bytes)?, read_bytes(bytes)?),
                _ => return None,
            };
        }
        Some(())
    }
}

/// The value in bytes; `None` where they are none.
fn value<V: Stored>(mut bytes: &[u8]) -> Option<V> {
    V::read(&mut bytes).filter(|_| bytes.is_empty())
}

fn replace<K, V>(map: &mut Map<K, V>, last: BTreeMap<K, &[u8]>) -> Option<()>
where
    K: Ord + Hash + Clone,
    V: Stored + Clone,
{
    for (key, bytes) in last {
        match bytes.is_empty() {
            true => map.remove(&key),
            false => map.insert(key, value(bytes)?),
        };
    }
    Some(())
}

impl Schema {
    /// Watches what is asked of the schema and of its copies, or no longer.
    pub(crate) fn watch(&mut self, watcher: Option<&Arc<Watcher>>) {
        self.namespaces.watch(NAMESPACES, watcher);
        self.extensions.watch(EXTENSIONS, watcher);
        self.enums.watch(ENUMS, watcher);
        self.sequences.watch(SEQUENCES, watcher);
        self.tables.watch(TABLES, watcher);
        self.relations.watch(RELATIONS, watcher);
        self.constraint_names.watch(CONSTRAINT_NAMES, watcher);
        self.references.watch(REFERENCES, watcher);
    }

    /// Applies the bytes of [`StoredChanges`], one after the other; `None`
    /// where they are none.
    pub(crate) fn apply_stored(&mut self, changes: &[&[u8]]) -> Option<()> {
        let mut last = Last::default();
        changes.iter().try_for_each(|bytes| last.read(bytes))?;
        replace(&mut self.namespaces, last.namespaces)?;
        replace(&mut self.extensions, last.extensions)?;
        replace(&mut self.enums, last.enums)?;
        // A name may go from one object to another: first all of them are free.
        last.sequences.keys().for_each(|name| drop(self.remove_sequence(name)));
        last.tables.keys().for_each(|name| drop(self.remove_table(name)));
        for (name, bytes) in last.sequences.into_iter().filter(|(_, bytes)| !bytes.is_empty()) {
            self.insert_sequence(name, value::<Sequence>(bytes)?);
        }
        for (name, bytes) in last.tables.into_iter().filter(|(_, bytes)| !bytes.is_empty()) {
            self.insert_table(name, value::<Table>(bytes)?);
        }
        Some(())
    }
}
