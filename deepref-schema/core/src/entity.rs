//! Entities: what Rust types say about tables and enums, and how that compares
//! with the schema that a history ends in.
//!
//! An entity is completed by the same operations that a migration would use to
//! make its table, so that it is checked by the same rules. What it leaves
//! open, such as the name of an index, is taken from the history; what is left
//! after that is drift.

mod align;
mod complete;
mod drift;
mod enums;
mod renames;
mod same;
mod target;

pub use target::{Target, target};

use crate::diagnostic::Diagnostic;
use crate::history::Fold;
use crate::ident::{Ident, ObjectName};
use crate::operation::{ColumnDefinition, ConstraintDefinition, CreateIndex};
use crate::origin::Origin;

/// The rule of everything in which an entity and the history differ.
pub const DRIFT: &str = "drift";

/// A struct that stands for a table.
#[derive(Clone, Debug)]
pub struct Entity {
    /// The name of the struct.
    pub rust_name: String,
    /// The name of the struct, as a place.
    pub origin: Origin,
    /// The table.
    pub name: ObjectName,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// The constraints, those written beside fields among them.
    pub constraints: Vec<ConstraintDefinition>,
    /// The indexes.
    pub indexes: Vec<CreateIndex>,
    /// The comment of the table; left open where none is written.
    pub comment: Option<String>,
    /// Whether the table may have more than the struct says.
    pub partial: bool,
}

/// A field that stands for a column.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name of the field.
    pub rust_name: String,
    /// The column. Its type's origin is that of the Rust type where the struct
    /// does not write one.
    pub definition: ColumnDefinition,
    /// What the field says about the column's type.
    pub holds: Holds,
    /// Whether the column may be null, as a place: the Rust type.
    pub nullable_origin: Origin,
    /// The comment of the column; left open where none is written.
    pub comment: Option<String>,
}

/// What a field says about the type of its column, beside the type that a new
/// column would get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It is exactly this one.
    Exactly,
    /// It is one of these, by PostgreSQL's own names, with any modifiers: a
    /// `String` does not say whether it is `text` or `varchar(20)`.
    AnyOf(&'static [&'static str]),
    /// It is the enum of this Rust type, unless that is something else.
    EnumOf(String),
}

/// A Rust enum that stands for an enum type.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The name of the Rust enum.
    pub rust_name: String,
    /// The name of the Rust enum, as a place.
    pub origin: Origin,
    /// The type.
    pub name: ObjectName,
    /// The values, in order.
    pub values: Vec<Ident>,
    /// The comment; left open where none is written.
    pub comment: Option<String>,
}

/// What is to be said about an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// What is wrong with the entity itself, whatever the history says.
    pub mistakes: Vec<Diagnostic>,
    /// In what it differs from the history; empty while there are mistakes.
    pub drift: Vec<Diagnostic>,
}

impl Entity {
    /// Compares the entity with the schema that a history ends in.
    pub fn compare(&self, history: &Fold) -> Compared {
        let done = self.complete(history.schema(), history.doubts(), history.settings());
        if !done.mistakes.is_empty() {
            return Compared { mistakes: done.mistakes, drift: Vec::new() };
        }
        let drift = match history.schema().table(&self.name) {
            Some(found) => {
                let aligned = self.align(&done, found, history.schema());
                drift::Drift::of(self, &done, history).against(&aligned, found)
            }
            None => drift::unknown_table(self, history).into_iter().collect(),
        };
        Compared { mistakes: Vec::new(), drift }
    }

    fn field(&self, column: &Ident) -> Option<&Field> {
        self.fields.iter().find(|field| field.definition.name == *column)
    }
}

/// A name as part of a migration's name: `phone_number` is `PhoneNumber`.
fn pascal(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    let mut upper = true;
    for char in name.chars() {
        match char.is_ascii_alphanumeric() {
            true if upper => pascal.push(char.to_ascii_uppercase()),
            true => pascal.push(char),
            false => {}
        }
        upper = !char.is_ascii_alphanumeric();
    }
    pascal
}

/// The help that names the command which writes a migration.
fn generate(name: &str) -> String {
    format!("`cargo migrate generate {name}` writes the migration")
}
