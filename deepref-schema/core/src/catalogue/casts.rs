//! Casts between two types, as `pg_cast` lists them.
//!
//! Two rules need no row: every type casts to the string types when it is assigned or when it
//! is asked for, and a string casts to every type when it is asked for.

use super::search::{Row, Table};
use super::{Majors, Volatility};

const CASTS: Table = Table::new(include_str!("casts.tsv"));

/// A cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cast {
    /// The type that is cast.
    pub source: &'static str,
    /// The type that it becomes. The same as the source for the casts that apply modifiers.
    pub target: &'static str,
    /// Where it happens without being asked for.
    pub context: CastContext,
    /// How it is done.
    pub method: CastMethod,
    /// How much its result may change. By input and output functions it is as volatile as they are, and no row tells.
    pub volatility: Option<Volatility>,
    /// The extension that brings it.
    pub extension: Option<&'static str>,
    /// The versions that have it so.
    pub majors: Majors,
}

/// Where a cast happens by itself, from nowhere to everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CastContext {
    /// Only `CAST` and `::`.
    Explicit,
    /// Also when a value is stored in a column, or is its default.
    Assignment,
    /// In every expression.
    Implicit,
}

/// How a cast is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastMethod {
    /// Nothing is to be done: both are stored alike, so that a change of type rewrites nothing.
    Binary,
    /// By a function.
    Function,
    /// Through the text form.
    InputOutput,
}

/// The casts from one type to another: at most one for a version and set of extensions.
pub fn between(source: &str, target: &str) -> impl Iterator<Item = Cast> + use<> {
    CASTS.rows(&[source, target]).map(read)
}

/// The casts from a type.
pub fn from(source: &str) -> impl Iterator<Item = Cast> + use<> {
    CASTS.rows(&[source]).map(read)
}

fn read(mut row: Row) -> Cast {
    Cast {
        source: row.text(),
        target: row.text(),
        context: CastContext::parse(row.text()),
        method: CastMethod::parse(row.text()),
        volatility: row.optional().map(Volatility::parse),
        extension: row.optional(),
        majors: row.majors(),
    }
}

impl CastContext {
    fn parse(letter: &str) -> CastContext {
        match letter {
            "i" => CastContext::Implicit,
            "a" => CastContext::Assignment,
            _ => CastContext::Explicit,
        }
    }
}

impl CastMethod {
    fn parse(letter: &str) -> CastMethod {
        match letter {
            "b" => CastMethod::Binary,
            "i" => CastMethod::InputOutput,
            _ => CastMethod::Function,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(source: &str, target: &str) -> Option<(CastContext, CastMethod)> {
        let found: Vec<Cast> = between(source, target).collect();
        assert!(found.len() < 2, "{found:?}");
        found.first().map(|cast| (cast.context, cast.method))
    }

    #[test]
    fn known_casts() {
        use CastContext::*;
        use CastMethod::*;
        assert_eq!(cast("character varying", "text"), Some((Implicit, Binary)));
        assert_eq!(cast("integer", "bigint"), Some((Implicit, Function)));
        assert_eq!(cast("bigint", "integer"), Some((Assignment, Function)));
        assert_eq!(cast("integer", "boolean"), Some((Explicit, Function)));
        assert_eq!(cast("json", "jsonb"), Some((Assignment, InputOutput)));
        assert_eq!(cast("text", "integer"), None);
        let date = between("timestamp with time zone", "date").next().unwrap();
        assert_eq!(date.volatility, Some(Volatility::Stable));
        assert_eq!(between("citext", "text").next().unwrap().extension, Some("citext"));
    }
}
