//! Operators.

use super::search::{Row, Table};
use super::{Majors, Volatility};

const OPERATORS: Table = Table::new(include_str!("operators.tsv"));

/// One operator by its operands; several share a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// The name: `=`, `->>`.
    pub name: &'static str,
    /// The type to its left; nothing for a prefix operator.
    pub left: Option<&'static str>,
    /// The type to its right.
    pub right: Option<&'static str>,
    /// The type of the result.
    pub result: &'static str,
    /// How much its result may change.
    pub volatility: Volatility,
    /// Whether exchanging the operands gives the same, as exclusion constraints demand.
    pub commutes_with_itself: bool,
    /// The extension that brings it.
    pub extension: Option<&'static str>,
    /// The versions that have it so.
    pub majors: Majors,
}

/// The operators of this name, those of extensions included.
pub fn named(name: &str) -> impl Iterator<Item = Operator> + use<> {
    OPERATORS.rows(&[name]).map(read)
}

/// The operators of this name between exactly these types.
pub fn between(
    left: Option<&str>,
    name: &str,
    right: Option<&str>,
) -> impl Iterator<Item = Operator> + use<> {
    let key = [name, left.unwrap_or(""), right.unwrap_or("")];
    OPERATORS.rows(&key).map(read)
}

fn read(mut row: Row) -> Operator {
    Operator {
        name: row.text(),
        left: row.optional(),
        right: row.optional(),
        result: row.text(),
        volatility: Volatility::parse(row.text()),
        commutes_with_itself: row.text() == "c",
        extension: row.optional(),
        majors: row.majors(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_operators() {
        let equal: Vec<Operator> = between(Some("integer"), "=", Some("integer")).collect();
        assert_eq!(equal.len(), 1);
        assert!(
            equal[0].commutes_with_itself
                && equal[0].result == "boolean"
                && equal[0].volatility == Volatility::Immutable
        );
        assert_eq!(between(Some("text"), ">", Some("integer")).count(), 0);
        let fetch = between(Some("jsonb"), "->>", Some("text")).next().unwrap();
        assert_eq!((fetch.result, fetch.commutes_with_itself), ("text", false));
        let later =
            between(Some("timestamp with time zone"), "+", Some("interval")).next().unwrap();
        assert_eq!(later.volatility, Volatility::Stable);
        assert!(between(None, "-", Some("numeric")).next().is_some());
        assert!(named("%").any(|operator| operator.extension == Some("pg_trgm")));
        assert_eq!(named("===").count(), 0);
    }
}
