//! What tables stand on: schemas, extensions, enums, sequences.

use super::Planner;
use super::order::ordered;
use crate::catalogue::extensions;
use crate::ident::Ident;
use crate::operation::{
    CreateExtension, CreateSchema, DropEnum, DropExtension, DropSchema, DropSequence,
};

impl Planner<'_> {
    /// Makes what is missing.
    pub(super) fn found(&mut self) {
        let schemas = self.to.namespaces.keys();
        let missing = schemas.filter(|name| !self.now.namespaces.contains_key(name.as_str()));
        let missing: Vec<_> = missing.cloned().collect();
        missing.into_iter().for_each(|name| self.push(CreateSchema { name }));
        self.create_extensions();
        self.create_enums();
        self.create_sequences();
    }

    fn create_extensions(&mut self) {
        let names = self.to.extensions.keys().cloned().collect();
        for name in ordered(names, required) {
            let schema = self.to.extensions[&name].schema.clone();
            let there = self.now.extensions.get(&name).map(|found| found.schema == schema);
            if there == Some(true) {
                continue;
            }
            if there == Some(false) {
                // Nothing moves an extension; one that is used stays where it is.
                if !self.now.users_of_extension(name.as_str()).is_empty() {
                    continue;
                }
                self.push(DropExtension { name: name.clone() });
            }
            self.push(CreateExtension { name, schema: Some(schema) });
        }
    }

    /// Drops the sequences and enums that nothing uses any more.
    pub(super) fn drop_unused(&mut self) {
        let (now, to) = (&self.now, self.to);
        let sequences = now.sequences.keys().filter(|name| !to.sequences.contains_key(*name));
        let unused = sequences.filter(|name| now.users_of_sequence(name).is_empty());
        let unused: Vec<_> = unused.cloned().collect();
        let enums = now.enums.keys().filter(|name| !to.enums.contains_key(*name));
        let unused_enums = enums.filter(|name| now.users_of_type(name).is_empty());
        let unused_enums: Vec<_> = unused_enums.cloned().collect();
        unused.into_iter().for_each(|name| self.push(DropSequence { name }));
        unused_enums.into_iter().for_each(|name| self.push(DropEnum { name }));
    }

    /// Drops the rest of what is not wanted.
    pub(super) fn drop_foundation(&mut self) {
        self.drop_unused();
        self.drop_enum_values();
        let gone = self.now.extensions.keys();
        let gone = gone.filter(|name| !self.to.extensions.contains_key(name.as_str()));
        let mut gone = ordered(gone.cloned().collect(), required);
        gone.reverse();
        gone.into_iter().for_each(|name| self.push(DropExtension { name }));
        let gone = self.now.namespaces.keys();
        let gone = gone.filter(|name| !self.to.namespaces.contains_key(name.as_str()));
        let gone: Vec<_> = gone.cloned().collect();
        gone.into_iter().for_each(|name| self.push(DropSchema { name }));
    }
}

/// The extensions that another one needs.
fn required(name: &Ident) -> Vec<Ident> {
    let row = extensions::named(name.as_str());
    row.map_or_else(Vec::new, |row| row.requires().map(Ident::computed).collect())
}
