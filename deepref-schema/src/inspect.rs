//! The catalog of a live database, read into the model.
//!
//! One message holds all queries, so that reading takes one round trip, and
//! sees one state. Most of them are plain readings of system catalogs: to look
//! up here what rows refer to takes less time than to have it joined there.
//! Expressions come as PostgreSQL writes them, which is not as they were
//! written: two catalogs can be compared that both come from a server, and
//! those only.

mod columns;
mod constraints;
mod indexes;
mod made;
mod normal;
mod objects;
mod queries;
mod reader;
mod references;
mod rows;
mod sequences;
mod tables;
mod types;

use std::fmt;

use deepref_schema_core::ident::Ident;
use deepref_schema_core::schema::{EnumType, Extension, Namespace, Schema, differences};

#[cfg(feature = "cli")]
pub(crate) use made::UNCHECKED;
#[cfg(feature = "cli")]
pub(crate) use objects::Objects;
pub(crate) use objects::Whole;
use queries::Answers;
pub(crate) use reader::Reader;
use references::References;
pub(crate) use rows::Row;

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// What the model has. The ledger and what belongs to extensions is left
    /// out.
    pub schema: Schema,
    /// What the model does not have, by kind and name.
    pub unmodelled: Vec<Unmodelled>,
}

/// Something of a database that the model does not have: an object, such as a
/// view, or something about one, such as the storage parameters of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmodelled {
    /// What it is: `view`, `storage parameters of table`.
    pub kind: String,
    /// The object, as SQL names it.
    pub name: String,
    /// How PostgreSQL defines it; empty where it does not say.
    pub definition: String,
}

impl fmt::Display for Unmodelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)
    }
}

impl Catalog {
    /// The catalog in what the server answered.
    fn of(answers: &Answers) -> Self {
        let references = References::of(answers);
        let mut schema = Schema::empty();
        namespaces(&mut schema, &answers.namespaces);
        for row in &answers.extensions {
            let extension = Extension { schema: row.name(1), made: Default::default() };
            schema.extensions.insert(row.name(0), extension.into());
        }
        for row in &answers.enums {
            let values = row.list(2).into_iter().map(Ident::computed).collect();
            let comment = references.comment("pg_type", row.text(3), "0");
            let read = EnumType { values, comment, made: Default::default() };
            schema.enums.insert(row.object(0, 1), read.into());
        }
        let sequences = sequences::read(&answers.sequences, &references);
        for (name, sequence) in sequences.free {
            schema.insert_sequence(name, sequence);
        }
        for (name, table) in tables::read(answers, &references, &sequences.identities) {
            schema.insert_table(name, table);
        }
        let unmodelled = answers.unmodelled.iter().map(|row| Unmodelled {
            kind: row.text(0).to_owned(),
            name: row.text(1).to_owned(),
            definition: row.text(2).to_owned(),
        });
        Self { schema, unmodelled: unmodelled.collect() }
    }
}

impl Catalog {
    /// What differs between the catalog that was wanted and the one that is
    /// there, one line an item; nothing where they are equal.
    pub fn differences(&self, found: &Self) -> Vec<String> {
        let mut lines = differences(&self.schema, &found.schema);
        let key = |one: &Unmodelled| (one.kind.clone(), one.name.clone());
        for wanted in &self.unmodelled {
            match found.unmodelled.iter().find(|one| key(one) == key(wanted)) {
                None => lines.push(format!("{wanted} is missing")),
                Some(one) if one != wanted => lines.push(format!(
                    "{wanted}: the definition is `{}`, it was `{}`",
                    one.definition, wanted.definition
                )),
                Some(_) => {}
            }
        }
        lines.extend(found.surplus(self).map(|one| format!("{one} is left over")));
        lines
    }

    /// What the model does not have and another catalog does not have either.
    pub fn surplus<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Unmodelled> {
        self.unmodelled.iter().filter(|one| {
            !other.unmodelled.iter().any(|two| (&one.kind, &one.name) == (&two.kind, &two.name))
        })
    }
}

/// A database may lack the schema `public`.
fn namespaces(schema: &mut Schema, rows: &[Row]) {
    schema.namespaces.retain(|_, _| false);
    for row in rows {
        schema.namespaces.insert(row.name(0), Namespace::default());
    }
}
