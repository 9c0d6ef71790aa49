//! Operator classes: how an index of some method treats a type.

use super::search::{Row, Table};
use super::types::{self, TypeKind};
use super::{Majors, casts};

const OPERATOR_CLASSES: Table = Table::new(include_str!("operator_classes.tsv"));

/// An operator class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorClass {
    /// The method of the index: `btree`, `gin`.
    pub method: &'static str,
    /// Its name: `text_pattern_ops`.
    pub name: &'static str,
    /// The type that it is for; a pseudo-type such as `anyarray` for a family of types.
    pub input: &'static str,
    /// Whether it is used where none is named.
    pub is_default: bool,
    /// The extension that brings it.
    pub extension: Option<&'static str>,
    /// The versions that have it.
    pub majors: Majors,
}

/// The classes of this name for a method.
pub fn named(method: &str, name: &str) -> impl Iterator<Item = OperatorClass> + use<> {
    OPERATOR_CLASSES.rows(&[method, name]).map(read)
}

/// The classes of a method.
pub fn of_method(method: &str) -> impl Iterator<Item = OperatorClass> + use<> {
    OPERATOR_CLASSES.rows(&[method]).map(read)
}

/// The classes that may be used where none is named for a column of this type, those of extensions
/// included, for enum types of the schema under `anyenum`. As PostgreSQL chooses: one for
/// exactly the type, else those for types that it can be read as without a change, preferred types first.
pub fn default_for(method: &str, data_type: &str) -> Vec<OperatorClass> {
    let defaults: Vec<OperatorClass> = of_method(method).filter(|class| class.is_default).collect();
    let exact: Vec<OperatorClass> = defaults
        .iter()
        .copied()
        .filter(|class| class.input == data_type)
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let readable: Vec<OperatorClass> = defaults
        .into_iter()
        .filter(|class| reads_as(data_type, class.input))
        .collect();
    let preferred: Vec<OperatorClass> = readable
        .iter()
        .copied()
        .filter(|class| is_preferred(class.input))
        .collect();
    if preferred.is_empty() {
        readable
    } else {
        preferred
    }
}

fn is_preferred(data_type: &str) -> bool {
    types::by_alias(data_type).is_some_and(|found| found.preferred)
}

/// Whether a value of the type is also one of the other, bit by bit.
fn reads_as(data_type: &str, other: &str) -> bool {
    match other {
        "anyarray" => data_type.ends_with("[]") || matches!(data_type, "int2vector" | "oidvector"),
        "anyrange" => is_of_kind(data_type, TypeKind::Range),
        "anymultirange" => is_of_kind(data_type, TypeKind::Multirange),
        _ => casts::between(data_type, other).any(|cast| {
            cast.method == casts::CastMethod::Binary && cast.context == casts::CastContext::Implicit
        }),
    }
}

fn is_of_kind(data_type: &str, kind: TypeKind) -> bool {
    types::by_alias(data_type).is_some_and(|found| found.kind == kind)
}

fn read(mut row: Row) -> OperatorClass {
    OperatorClass {
        method: row.text(),
        name: row.text(),
        input: row.text(),
        is_default: row.text() == "d",
        extension: row.optional(),
        majors: row.majors(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults(method: &str, data_type: &str) -> Vec<&'static str> {
        default_for(method, data_type)
            .iter()
            .map(|class| class.name)
            .collect()
    }

    #[test]
    fn defaults_are_chosen_as_postgresql_does() {
        assert_eq!(defaults("btree", "integer"), ["int4_ops"]);
        assert_eq!(defaults("btree", "character varying"), ["text_ops"]);
        assert_eq!(defaults("btree", "text[]"), ["array_ops"]);
        assert_eq!(defaults("btree", "anyenum"), ["enum_ops"]);
        assert_eq!(defaults("gist", "tstzrange"), ["range_ops"]);
        assert!(defaults("btree", "json").is_empty());
        assert!(
            default_for("gin", "integer")
                .iter()
                .all(|class| class.extension == Some("btree_gin"))
        );
    }

    #[test]
    fn known_classes() {
        let trigrams = named("gin", "gin_trgm_ops").next().unwrap();
        assert_eq!(
            (trigrams.input, trigrams.is_default, trigrams.extension),
            ("text", false, Some("pg_trgm"))
        );
        assert_eq!(named("btree", "text_pattern_ops").count(), 1);
        assert_eq!(named("gin", "text_pattern_ops").count(), 0);
    }
}
