//! Kinds of indexes, and what they can: the manual's table "Index Access Method Properties".

use super::Majors;
use super::search::{Row, Table};

const ACCESS_METHODS: Table = Table::new(include_str!("access_methods.tsv"));

/// A kind of index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessMethod {
    /// The name: `btree`.
    pub name: &'static str,
    /// Whether `ASC`, `DESC` and `NULLS FIRST` mean something.
    pub can_order: bool,
    /// Whether an index can be unique.
    pub can_unique: bool,
    /// Whether an index can have several columns.
    pub can_multi_column: bool,
    /// Whether it can back an exclusion constraint.
    pub can_exclude: bool,
    /// Whether `INCLUDE` may follow.
    pub can_include: bool,
    /// The extension that brings it.
    pub extension: Option<&'static str>,
    /// The versions that have it so.
    pub majors: Majors,
}

/// The access method of this name.
pub fn find(name: &str) -> Option<AccessMethod> {
    ACCESS_METHODS.rows(&[name]).next().map(read)
}

/// Every access method.
pub fn all() -> impl Iterator<Item = AccessMethod> {
    ACCESS_METHODS.all().map(read)
}

fn read(mut row: Row) -> AccessMethod {
    let (name, letters) = (row.text(), row.text());
    AccessMethod {
        name,
        can_order: letters.contains('o'),
        can_unique: letters.contains('u'),
        can_multi_column: letters.contains('m'),
        can_exclude: letters.contains('x'),
        can_include: letters.contains('i'),
        extension: row.optional(),
        majors: row.majors(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_methods() {
        let btree = find("btree").unwrap();
        assert!(
            btree.can_order
                && btree.can_unique
                && btree.can_multi_column
                && btree.can_exclude
                && btree.can_include
        );
        let gin = find("gin").unwrap();
        assert!(
            !gin.can_order
                && !gin.can_unique
                && gin.can_multi_column
                && !gin.can_exclude
                && !gin.can_include
        );
        assert!(!find("hash").unwrap().can_multi_column);
        assert_eq!(find("bloom").unwrap().extension, Some("bloom"));
        assert_eq!(find("heap"), None);
    }
}
