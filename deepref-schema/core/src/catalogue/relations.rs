//! Tables and views that exist without being created.

use super::Majors;
use super::search::Table;

const RELATIONS: Table = Table::new(include_str!("relations.tsv"));

/// A table or view of `pg_catalog` or of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// The name.
    pub name: &'static str,
    /// Whether it is a view.
    pub is_view: bool,
    /// The extension that brings it.
    pub extension: Option<&'static str>,
    /// The versions that have it.
    pub majors: Majors,
}

/// Whether any version has a table or view of this name in `pg_catalog`, which would hide one of the user's.
pub fn exists(name: &str) -> bool {
    named(name).any(|relation| relation.extension.is_none())
}

/// The tables and views of this name.
pub fn named(name: &str) -> impl Iterator<Item = Relation> + use<> {
    RELATIONS.rows(&[name]).map(|mut row| Relation {
        name: row.text(),
        is_view: row.text() == "v",
        extension: row.optional(),
        majors: row.majors(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_relations() {
        assert!(exists("pg_class") && exists("pg_aios"));
        assert!(!exists("users") && !exists("pg_stat_statements"));
        let statements = named("pg_stat_statements").next().unwrap();
        assert!(statements.is_view && statements.extension == Some("pg_stat_statements"));
    }
}
