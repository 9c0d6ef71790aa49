//! What PostgreSQL itself and the extensions of its contrib folder bring: types, functions,
//! operators, casts, operator classes and so on, of every supported major version.
//!
//! The rows were read from real servers (`cargo run -p tests --bin catalogue`) and are searched
//! as the sorted text that they are: a proc macro, often built without optimisation, must not
//! parse five thousand lines to look up three names.
//!
//! Rows of extensions stand beside those of PostgreSQL: their `extension` tells. Which
//! of them exist in a schema, and in the versions that matter, is for the caller to say.
//! Types are named as `format_type` writes them: `integer`, `character varying`, `text[]`.

pub mod access_methods;
pub mod casts;
pub mod collations;
pub mod extensions;
pub mod functions;
pub mod keywords;
pub mod operator_classes;
pub mod operators;
pub mod relations;
mod search;
pub mod text_search;
pub mod types;

/// The oldest major version that the catalogue was read from.
pub const OLDEST_MAJOR: u32 = 14;

/// The newest major version that the catalogue was read from.
pub const NEWEST_MAJOR: u32 = 18;

/// The major versions that have a row. One that the oldest version has is taken to be older still,
/// and one that the newest has to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Majors {
    /// The first version that has it; 0 when every supported one from the oldest on does.
    pub first: u32,
    /// The last version that has it; `u32::MAX` when the newest does.
    pub last: u32,
}

impl Majors {
    /// All versions.
    pub const ALL: Majors = Majors { first: 0, last: u32::MAX };

    /// Whether this version has it.
    pub fn contains(self, major: u32) -> bool {
        (self.first..=self.last).contains(&major)
    }

    /// Whether every one of the other versions has it.
    pub fn cover(self, other: Majors) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Reads `` (all), `16` (since), `-16` (until) and `15-16`.
    fn parse(text: &str) -> Majors {
        let (first, last) = text.split_once('-').unwrap_or((text, ""));
        Majors { first: first.parse().unwrap_or(0), last: last.parse().unwrap_or(u32::MAX) }
    }
}

/// How much the result of a function may change: `CREATE FUNCTION`, "Function Volatility Categories".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volatility {
    /// The same arguments always give the same result.
    Immutable,
    /// The same within one statement; depends on settings or on the time.
    Stable,
    /// May differ at every call.
    Volatile,
}

impl Volatility {
    fn parse(letter: &str) -> Volatility {
        match letter {
            "i" => Volatility::Immutable,
            "s" => Volatility::Stable,
            _ => Volatility::Volatile,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors_are_ranges_with_open_ends() {
        assert_eq!(Majors::parse(""), Majors::ALL);
        assert_eq!(Majors::parse("16"), Majors { first: 16, last: u32::MAX });
        assert_eq!(Majors::parse("-16"), Majors { first: 0, last: 16 });
        assert_eq!(Majors::parse("15-16"), Majors { first: 15, last: 16 });
        assert!(Majors::parse("16").contains(19) && !Majors::parse("16").contains(15));
        assert!(
            Majors::ALL.cover(Majors::parse("15"))
                && !Majors::parse("16").cover(Majors::parse("15"))
        );
    }
}
