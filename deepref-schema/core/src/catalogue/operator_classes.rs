//! Operator classes: how an index of some method treats a type.

use super::Majors;
use super::casts::{self, Cast, CastContext, CastMethod};
use super::search::{Row, Table};
use super::types::{self, TypeKind};

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
pub fn named(method: &str, name: &str) -> impl Iterator<Item = OperatorClass> {
    of_method(method).filter(move |class| class.name == name)
}

/// The classes of a method.
pub fn of_method(method: &str) -> impl Iterator<Item = OperatorClass> + use<> {
    OPERATOR_CLASSES.rows(&[method]).map(read)
}

/// The classes that may be used where none is named for a column of this type, those of extensions
/// included, for enum types of the schema under `anyenum`. As PostgreSQL chooses: one for
/// exactly the type, else those for types that it can be read as without a change, preferred types first.
pub fn default_for(method: &str, data_type: &str) -> Vec<OperatorClass> {
    let exact: Vec<OperatorClass> = defaults(method, data_type).collect();
    if !exact.is_empty() {
        return exact;
    }
    let inputs = readable_as(data_type);
    let readable = inputs.iter().flat_map(|input| defaults(method, input));
    let (preferred, others): (Vec<_>, Vec<_>) =
        readable.partition(|class| is_preferred(class.input));
    if preferred.is_empty() { others } else { preferred }
}

fn defaults(method: &str, input: &str) -> impl Iterator<Item = OperatorClass> + use<> {
    OPERATOR_CLASSES.rows(&[method, input]).map(read).filter(|class| class.is_default)
}

/// The types of which a value of the type is one too, bit by bit.
fn readable_as(data_type: &str) -> Vec<&'static str> {
    if data_type.ends_with("[]") || matches!(data_type, "int2vector" | "oidvector") {
        return vec!["anyarray"];
    }
    match types::by_alias(data_type).map(|found| found.kind) {
        Some(TypeKind::Range) => vec!["anyrange"],
        Some(TypeKind::Multirange) => vec!["anymultirange"],
        _ => casts::from(data_type).filter(is_free).map(|cast| cast.target).collect(),
    }
}

fn is_free(cast: &Cast) -> bool {
    cast.method == CastMethod::Binary && cast.context == CastContext::Implicit
}

fn is_preferred(data_type: &str) -> bool {
    types::by_alias(data_type).is_some_and(|found| found.preferred)
}

fn read(mut row: Row) -> OperatorClass {
    OperatorClass {
        method: row.text(),
        input: row.text(),
        name: row.text(),
        is_default: row.text() == "d",
        extension: row.optional(),
        majors: row.majors(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults(method: &str, data_type: &str) -> Vec<&'static str> {
        default_for(method, data_type).iter().map(|class| class.name).collect()
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
            default_for("gin", "integer").iter().all(|class| class.extension == Some("btree_gin"))
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
