//! Data types, without their arrays and without the row types of tables.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::Majors;
use super::search::{Row, Table};

const TYPES: Table = Table::new(include_str!("types.tsv"));
const ALIASES: Table = Table::new(include_str!("aliases.tsv"));

/// The most spellings that are remembered.
const MOST: usize = 1024;

/// A data type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type {
    /// Its name in `pg_type`: `int4`.
    pub name: &'static str,
    /// As `format_type` writes it: `integer`.
    pub format: &'static str,
    /// PostgreSQL's letter for the family that decides about implicit casts: the manual's table "typcategory Codes".
    pub category: char,
    /// What kind of type it is.
    pub kind: TypeKind,
    /// Whether it is preferred among those of its category.
    pub preferred: bool,
    /// Whether `COLLATE` may follow.
    pub collatable: bool,
    /// Whether it takes modifiers: `numeric(5, 2)`.
    pub takes_modifiers: bool,
    /// What a subscript gives, for the few that are read like arrays: `point` has `double precision`.
    pub element: Option<&'static str>,
    /// The name of the type of its arrays in `pg_type`: `_int4`.
    pub array: Option<&'static str>,
    /// The extension that brings it.
    pub extension: Option<&'static str>,
    /// The versions that have it so.
    pub majors: Majors,
}

/// What `pg_type.typtype` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeKind {
    /// A scalar.
    Base,
    /// A row.
    Composite,
    /// A type with constraints.
    Domain,
    /// A list of labels.
    Enum,
    /// No type of a column: `anyelement`, `trigger`, `void`.
    Pseudo,
    /// A range.
    Range,
    /// Several ranges.
    Multirange,
}

/// The type of this name in `pg_type`, which is what a quoted name means: `int4`, `timestamptz`.
/// Where versions differ, as the newest has it.
pub fn find(name: &str) -> Option<Type> {
    let rows: Vec<Type> = named(name).collect();
    rows.iter().copied().max_by_key(|found| found.majors.last)
}

/// The rows of this name: several where versions differ.
pub fn named(name: &str) -> impl Iterator<Item = Type> + use<> {
    TYPES.rows(&[name]).map(read)
}

/// What SQL means by this spelling: `int`, `integer` and `int4` are one type, `char` is `character`.
/// Without modifiers and brackets; words are separated by one space, in lower case.
pub fn by_alias(spelling: &str) -> Option<Type> {
    // A history and its entities ask for few spellings, many times.
    static KNOWN: LazyLock<Mutex<HashMap<String, Option<Type>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(spelling) {
        return *found;
    }
    let found = look_up(spelling);
    if known.len() < MOST {
        known.insert(spelling.to_owned(), found);
    }
    found
}

fn look_up(spelling: &str) -> Option<Type> {
    match ALIASES.rows(&[spelling]).next() {
        Some(mut row) => {
            let _spelling = row.text();
            find(row.text())
        }
        // Types of extensions have no other spelling than their name.
        None => find(spelling).filter(|found| found.extension.is_some()),
    }
}

/// Every type, for suggestions.
pub fn all() -> impl Iterator<Item = Type> {
    TYPES.all().map(read)
}

fn read(mut row: Row) -> Type {
    let (name, format, category) =
        (row.text(), row.text(), row.text().chars().next().unwrap_or('U'));
    let kind = TypeKind::parse(row.text());
    let flags = row.text();
    Type {
        name,
        format,
        category,
        kind,
        preferred: flags.contains('p'),
        collatable: flags.contains('c'),
        takes_modifiers: flags.contains('m'),
        element: row.optional(),
        array: row.optional(),
        extension: row.optional(),
        majors: row.majors(),
    }
}

impl TypeKind {
    fn parse(letter: &str) -> TypeKind {
        match letter {
            "c" => TypeKind::Composite,
            "d" => TypeKind::Domain,
            "e" => TypeKind::Enum,
            "p" => TypeKind::Pseudo,
            "r" => TypeKind::Range,
            "m" => TypeKind::Multirange,
            _ => TypeKind::Base,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(spelling: &str) -> &'static str {
        by_alias(spelling).map_or("unknown", |found| found.format)
    }

    #[test]
    fn spellings_of_one_type_are_one() {
        for spelling in ["int", "integer", "int4"] {
            assert_eq!(format(spelling), "integer");
        }
        assert_eq!(format("varchar"), "character varying");
        assert_eq!(format("timestamptz"), "timestamp with time zone");
        assert_eq!(format("decimal"), "numeric");
        assert_eq!(format("float"), "double precision");
        assert_eq!(format("bool"), "boolean");
        assert_eq!(format("citext"), "citext");
        assert_eq!(format("serial"), "unknown");
    }

    #[test]
    fn char_has_two_meanings() {
        assert_eq!(format("char"), "character");
        assert_eq!(format("\"char\""), "\"char\"");
        assert_eq!(find("char").unwrap().format, "\"char\"");
        assert_eq!(find("char").unwrap().category, 'Z');
    }

    #[test]
    fn properties() {
        let text = find("text").unwrap();
        assert!(text.preferred && text.collatable && !text.takes_modifiers);
        assert_eq!((text.array, text.extension), (Some("_text"), None));
        assert_eq!(find("point").unwrap().element, Some("double precision"));
        assert_eq!(find("int4range").unwrap().kind, TypeKind::Range);
        assert_eq!(find("anyarray").unwrap().kind, TypeKind::Pseudo);
        assert_eq!(find("hstore").unwrap().extension, Some("hstore"));
        assert_eq!(find("pg_class"), None);
    }
}
