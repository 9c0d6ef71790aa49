//! Configurations of the full text search.

use super::search::Table;

const CONFIGURATIONS: Table = Table::new(include_str!("text_search_configurations.tsv"));

/// Whether every server has a configuration of this name: `english`, `simple`.
pub fn configuration_exists(name: &str) -> bool {
    CONFIGURATIONS.rows(&[name]).next().is_some()
}

/// The names of the configurations, for suggestions.
pub fn configurations() -> impl Iterator<Item = &'static str> {
    CONFIGURATIONS.all().map(|mut row| row.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_configurations() {
        assert!(configuration_exists("english") && configuration_exists("simple"));
        assert!(!configuration_exists("englisch"));
        assert!(configurations().count() >= 29);
    }
}
