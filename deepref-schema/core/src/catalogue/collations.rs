//! Collations that a migration may count on.

use super::Majors;
use super::search::Table;

const COLLATIONS: Table = Table::new(include_str!("collations.tsv"));
const ICU: Table = Table::new(include_str!("icu_collations.tsv"));

/// Where a collation exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// On every server of these versions.
    Everywhere(Majors),
    /// On servers of these versions that are built with ICU, as nearly all packages are.
    WithIcu(Majors),
    /// Where the operating system has this locale: `en_US.utf8`. Judged by the form of the name.
    BySystem,
}

/// Where the collation of this name exists; nothing when no server has it by itself.
pub fn find(name: &str) -> Option<Availability> {
    if let Some(mut row) = COLLATIONS.rows(&[name]).next() {
        let (_name, _provider) = (row.text(), row.text());
        return Some(Availability::Everywhere(merged(row.majors(), name)));
    }
    if name == "unicode" {
        return Some(Availability::WithIcu(Majors { first: 16, last: u32::MAX }));
    }
    if ICU.rows(&[name]).next().is_some() {
        return Some(Availability::WithIcu(Majors::ALL));
    }
    is_locale(name).then_some(Availability::BySystem)
}

/// The names that are known without a look at the system, for suggestions.
pub fn all() -> impl Iterator<Item = &'static str> {
    COLLATIONS.all().chain(ICU.all()).map(|mut row| row.text())
}

/// A collation may have moved from one provider to another: then it has several rows.
fn merged(first: Majors, name: &str) -> Majors {
    COLLATIONS.rows(&[name]).fold(first, |all, mut row| {
        let (_name, _provider) = (row.text(), row.text());
        let more = row.majors();
        Majors { first: all.first.min(more.first), last: all.last.max(more.last) }
    })
}

/// `de_DE`, `de_DE.utf8`, `ca_ES@valencia`: language, territory, and what may follow.
fn is_locale(name: &str) -> bool {
    let end = name.find(['.', '@']).unwrap_or(name.len());
    let Some((language, territory)) = name[..end].split_once('_') else {
        return false;
    };
    (2..=3).contains(&language.len())
        && language.bytes().all(|letter| letter.is_ascii_lowercase())
        && territory.len() == 2
        && territory.bytes().all(|letter| letter.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_collations() {
        for name in ["C", "POSIX", "default", "ucs_basic"] {
            assert_eq!(find(name), Some(Availability::Everywhere(Majors::ALL)), "{name}");
        }
        assert_eq!(
            find("pg_c_utf8"),
            Some(Availability::Everywhere(Majors { first: 17, last: u32::MAX }))
        );
        for name in ["und-x-icu", "en-x-icu", "de-AT-x-icu"] {
            assert_eq!(find(name), Some(Availability::WithIcu(Majors::ALL)), "{name}");
        }
        for name in ["en_US", "en_US.utf8", "ca_ES.utf8@valencia"] {
            assert_eq!(find(name), Some(Availability::BySystem), "{name}");
        }
        for name in ["c", "english", "enn-x-icu", "en_us", ""] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
