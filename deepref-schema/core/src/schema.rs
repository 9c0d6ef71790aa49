//! What exists: the schema of a database, as a history of migrations makes it.

mod change;
mod column;
mod constraint;
mod create;
mod difference;
mod enum_type;
mod enum_values;
mod enums;
mod extension;
mod index;
mod relation;
mod restore;
mod sequence;
mod sequences;
mod stored;
mod table;
mod users;

use std::sync::Arc;

pub use column::{Column, Identity, IdentityKind};
pub use constraint::{
    Action, Constraint, ConstraintKind, Deferral, Exclusion, ExclusionElement, ForeignKey, Key,
};
pub use difference::differences;
pub use enum_type::EnumType;
pub(crate) use enum_values::array_elements;
pub(crate) use enums::Dependant;
pub use extension::Extension;
pub use index::{ElementSubject, Index, IndexElement, NullsOrder, StorageParameter};
pub use relation::{Relation, RelationKind};
pub use sequence::{Owner, Sequence};
pub(crate) use sequences::{draws_from, nextval};
pub(crate) use stored::Stored;
pub use table::Table;
pub use users::User;

use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName};
use crate::map::Map;

/// The schema of one database.
///
/// Objects are shared between versions of a schema, so that a copy is cheap.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The schemas ("namespaces") with their comments.
    pub namespaces: Map<Ident, Namespace>,
    /// The extensions, by name.
    pub extensions: Map<Ident, Arc<Extension>>,
    /// The enum types.
    pub enums: Map<ObjectName, Arc<EnumType>>,
    /// The sequences, those of `serial` columns among them; those of identity
    /// columns belong to the column.
    pub sequences: Map<ObjectName, Arc<Sequence>>,
    /// The tables with their columns, constraints and indexes.
    pub tables: Map<ObjectName, Arc<Table>>,
    /// The migration that is being applied, for notes.
    pub now: Made,
    /// Every name of a table, an index or a sequence, kept by [`Schema`]'s
    /// own methods.
    relations: Map<ObjectName, Relation>,
    /// How many constraints have a name; kept in the same way.
    constraint_names: Map<ObjectName, usize>,
    /// How many foreign keys refer to a table; kept in the same way.
    references: Map<ObjectName, usize>,
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.namespaces == other.namespaces
            && self.extensions == other.extensions
            && self.enums == other.enums
            && self.sequences == other.sequences
            && self.tables == other.tables
    }
}

impl Eq for Schema {}

/// A schema in the sense of PostgreSQL: a namespace for tables and types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// Which migration made it.
    pub made: Made,
}

/// The migration that made an object, for notes (`created in …`).
///
/// Not part of equality: a schema is what it is, however it came about.
#[derive(Clone, Debug, Default)]
pub struct Made(Option<Arc<str>>);

impl Made {
    /// Made by the migration with this file stem.
    pub fn by(migration: &Arc<str>) -> Self {
        Self(Some(migration.clone()))
    }

    /// The file stem of the migration.
    pub fn migration(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl PartialEq for Made {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Made {}

impl Schema {
    /// The schema of a database that has just been created.
    pub fn empty() -> Self {
        let mut namespaces = Map::new();
        namespaces.insert(Ident::computed(DEFAULT_SCHEMA), Namespace::default());
        Self {
            namespaces,
            extensions: Map::new(),
            enums: Map::new(),
            sequences: Map::new(),
            tables: Map::new(),
            now: Made::default(),
            relations: Map::new(),
            constraint_names: Map::new(),
            references: Map::new(),
        }
    }

    /// Whether something is made by the migration that is being applied:
    /// nobody uses it yet.
    pub fn is_making(&self, made: &Made) -> bool {
        self.now.migration().is_some() && self.now.migration() == made.migration()
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self::empty()
    }
}
