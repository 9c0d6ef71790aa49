//! What the model does not have, as the SQL that makes it and in the order in
//! which it can be made.
//!
//! The definitions are PostgreSQL's own (manual chapter "System Information
//! Functions and Operators"), the order comes from its record of dependencies
//! (chapter "System Catalogs", section "pg_depend").

mod weave;

use std::collections::{BTreeMap, BTreeSet};

use super::queries::after;
use super::rows::Row;
use super::{Catalog, Unmodelled};

/// The queries, in the order in which the objects are made where nothing says
/// otherwise. Each gives the node, kind, name, statements and the way back of an
/// object; without statements it comes with the node.
const QUERIES: [&str; 9] = [
    include_str!("objects/texts.sql"),
    include_str!("objects/types.sql"),
    include_str!("objects/tables.sql"),
    include_str!("objects/routines.sql"),
    include_str!("objects/operators.sql"),
    include_str!("objects/views.sql"),
    include_str!("objects/details.sql"),
    include_str!("objects/rules.sql"),
    include_str!("objects/comments.sql"),
];

/// The place of functions in that order.
const ROUTINES: usize = 3;

/// What bodies of functions name in texts, which is not recorded as needed: text
/// search, types, functions and operators.
const NAMED_IN_BODIES: [usize; 4] = [0, 1, ROUTINES, 4];

/// Gives which node needs which, and what that is.
const NEEDS: &str = include_str!("objects/needs.sql");

/// The statements that read the objects, after the part that they share.
pub(super) fn queries(common: &str) -> Vec<String> {
    QUERIES.iter().chain([&NEEDS]).map(|query| after(common, query)).collect()
}

/// Something that the model does not have and that SQL makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    /// What is made with it, itself first: kind and name, as in the catalog.
    pub(crate) covers: Vec<(String, String)>,
    /// What makes it.
    pub(crate) create: Vec<String>,
    /// What drops it; nothing where it goes with something else.
    pub(crate) drop: Option<String>,
    /// The place of its kind in the order.
    rank: usize,
}

/// What the model does not have, with what needs what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objects {
    /// By node, a name that means something in one answer only.
    objects: BTreeMap<String, Object>,
    /// The nodes that a node needs, and what these are; the nodes of the model
    /// among them.
    needs: BTreeMap<String, BTreeMap<String, String>>,
}

impl Objects {
    /// The objects in the answers to the queries, as far as the catalog lists
    /// them.
    pub(super) fn of(catalog: &Catalog, mut rows: impl FnMut(usize) -> Vec<Row>) -> Self {
        let listed: BTreeSet<_> =
            catalog.unmodelled.iter().map(|one| (one.kind.clone(), one.name.clone())).collect();
        let mut objects = BTreeMap::<String, Object>::new();
        for rank in 0..QUERIES.len() {
            for row in rows(rank) {
                let covered = (row.text(1).to_owned(), row.text(2).to_owned());
                if !listed.contains(&covered) {
                    continue;
                }
                let empty = || Object { covers: vec![], create: vec![], drop: None, rank };
                let object = objects.entry(row.text(0).to_owned()).or_insert_with(empty);
                match row.get(3) {
                    Some(_) => {
                        object.covers.insert(0, covered);
                        object.create = row.list(3);
                        object.drop = row.owned(4);
                        object.rank = rank;
                    }
                    None => object.covers.push(covered),
                }
            }
        }
        objects.retain(|_, object| !object.create.is_empty());
        let mut needs = BTreeMap::<String, BTreeMap<String, String>>::new();
        for row in rows(QUERIES.len()) {
            let of_node = needs.entry(row.text(0).to_owned()).or_default();
            of_node.insert(row.text(1).to_owned(), row.text(2).to_owned());
        }
        Self { objects, needs }
    }

    /// The objects, by their nodes.
    #[cfg(feature = "cli")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Object)> {
        self.objects.iter()
    }

    /// Takes an object out, because it can not be made.
    #[cfg(feature = "cli")]
    pub(crate) fn remove(&mut self, node: &str) -> Option<Object> {
        self.objects.remove(node)
    }

    /// Whether something of a catalog is made by one of the objects.
    #[cfg(feature = "cli")]
    pub(crate) fn covers(&self, one: &Unmodelled) -> bool {
        let mut covered = self.objects.values().flat_map(|object| &object.covers);
        covered.any(|(kind, name)| (kind, name) == (&one.kind, &one.name))
    }

    /// The SQL of each object, by its kind and name.
    pub(crate) fn texts(&self) -> BTreeMap<&(String, String), &[String]> {
        self.objects.values().map(|object| (&object.covers[0], object.create.as_slice())).collect()
    }
}

/// What a database holds, with the SQL of what the model does not have.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    /// What it holds.
    pub(crate) catalog: Catalog,
    /// What makes what the model does not have, as far as that is known.
    pub(crate) objects: Objects,
}

impl Whole {
    /// Whether two databases hold the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.catalog == other.catalog && self.objects.texts() == other.objects.texts()
    }

    /// Leaves out what is not to be compared.
    pub(crate) fn leave_out(&mut self, unmodelled: &[Unmodelled]) {
        self.catalog.unmodelled.retain(|one| !unmodelled.contains(one));
        let is_left_out = |object: &Object| {
            let (kind, name) = &object.covers[0];
            unmodelled.iter().any(|one| (&one.kind, &one.name) == (kind, name))
        };
        self.objects.objects.retain(|_, object| !is_left_out(object));
    }

    /// What was made of it and read again; what can not be made stays as it is.
    pub(crate) fn settled(self, made: Self) -> Self {
        let mut settled = made;
        for one in self.catalog.unmodelled {
            let is_there =
                |found: &Unmodelled| (&found.kind, &found.name) == (&one.kind, &one.name);
            if !settled.catalog.unmodelled.iter().any(is_there) {
                settled.catalog.unmodelled.push(one);
            }
        }
        settled
    }

    /// What differs between the database that was wanted and the one that is
    /// there, one line an item.
    pub(crate) fn differences(&self, found: &Self) -> Vec<String> {
        let mut lines = self.catalog.differences(&found.catalog);
        let found = found.objects.texts();
        for ((kind, name), text) in self.objects.texts() {
            let Some(other) = found.get(&(kind.clone(), name.clone())) else { continue };
            let start = format!("{kind} `{name}`");
            if *other != text && !lines.iter().any(|line| line.starts_with(&start)) {
                let (other, text) = (other.join("; "), text.join("; "));
                lines.push(format!("{start}: it is made by `{other}`, it was by `{text}`"));
            }
        }
        lines
    }
}
