//! The extensions of PostgreSQL's contrib folder.

use super::search::{Row, Table};
use super::{Majors, functions, operator_classes, operators, types};
use std::collections::BTreeSet;

const EXTENSIONS: Table = Table::new(include_str!("extensions.tsv"));

/// An extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// The name.
    pub name: &'static str,
    /// The schema that it must be in; nothing when the user chooses.
    pub schema: Option<&'static str>,
    /// Whether it can move to another schema later.
    pub relocatable: bool,
    /// Whether a user who may create objects in the database can create it, without being superuser.
    pub trusted: bool,
    /// Whether it takes a superuser, or a trusted extension.
    pub superuser: bool,
    /// The extensions that it needs, separated by commas.
    pub requires_list: &'static str,
    /// The versions that have it so.
    pub majors: Majors,
}

impl Extension {
    /// The extensions that it needs.
    pub fn requires(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.requires_list.split(',').filter(|name| !name.is_empty())
    }
}

/// The extension of this name, as the newest version that has it knows it.
pub fn named(name: &str) -> Option<Extension> {
    EXTENSIONS.rows(&[name]).map(read).max_by_key(|extension| extension.majors.last)
}

/// Every extension, for suggestions.
pub fn all() -> impl Iterator<Item = Extension> {
    EXTENSIONS.all().map(read)
}

/// The extensions that bring a function of this name.
pub fn providing_function(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    distinct(functions::named(name).filter_map(|function| function.extension))
}

/// The extensions that bring a type of this name.
pub fn providing_type(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    distinct(types::named(name).filter_map(|found| found.extension))
}

/// The extensions that bring an operator of this name.
pub fn providing_operator(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    distinct(operators::named(name).filter_map(|operator| operator.extension))
}

/// The extensions that bring an operator class of this name for a method.
pub fn providing_operator_class(
    method: &str,
    name: &str,
) -> impl Iterator<Item = &'static str> + use<> {
    distinct(operator_classes::named(method, name).filter_map(|class| class.extension))
}

fn distinct(
    names: impl Iterator<Item = &'static str>,
) -> std::collections::btree_set::IntoIter<&'static str> {
    names.collect::<BTreeSet<_>>().into_iter()
}

fn read(mut row: Row) -> Extension {
    let (name, schema, flags) = (row.text(), row.optional(), row.text());
    Extension {
        name,
        schema,
        relocatable: flags.contains('r'),
        trusted: flags.contains('t'),
        superuser: flags.contains('s'),
        requires_list: row.text(),
        majors: row.majors(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_extensions() {
        let uuid = named("uuid-ossp").unwrap();
        assert!(uuid.relocatable && uuid.trusted && uuid.schema.is_none());
        assert!(named("earthdistance").unwrap().requires().eq(["cube"]));
        assert_eq!(named("plpgsql").unwrap().schema, Some("pg_catalog"));
        assert!(!named("adminpack").unwrap().majors.contains(17));
        assert_eq!(named("postgis"), None);
    }

    #[test]
    fn what_they_bring() {
        assert!(providing_function("uuid_generate_v4").eq(["uuid-ossp"]));
        assert!(providing_function("similarity").eq(["pg_trgm"]));
        assert_eq!(providing_function("lower").count(), 0);
        assert!(providing_type("citext").eq(["citext"]));
        assert_eq!(providing_type("text").count(), 0);
        assert!(providing_operator_class("gin", "gin_trgm_ops").eq(["pg_trgm"]));
        assert!(providing_operator_class("gist", "gist_int4_ops").eq(["btree_gist"]));
        assert!(providing_operator("||").eq(["hstore", "ltree"]));
    }
}
