//! SQL's keywords: where they can not be names.

use super::Majors;
use super::search::Table;

const KEYWORDS: Table = Table::new(include_str!("keywords.tsv"));

/// What a keyword can still be: the manual's appendix "SQL Key Words".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Any name.
    Unreserved,
    /// The name of a column or table, not of a function or type.
    ColumnName,
    /// The name of a function or type, not of a column or table.
    TypeOrFunctionName,
    /// No name at all.
    Reserved,
}

/// The category of a word in lower case, as the newest version that has it sees it; nothing for a word that is no keyword.
pub fn category(word: &str) -> Option<Category> {
    in_versions(word).max_by_key(|(_, majors)| majors.last).map(|(category, _)| category)
}

/// The categories of a word, by version.
pub fn in_versions(word: &str) -> impl Iterator<Item = (Category, Majors)> + use<> {
    KEYWORDS.rows(&[word]).map(|mut row| {
        let _word = row.text();
        (Category::parse(row.text()), row.majors())
    })
}

impl Category {
    fn parse(letter: &str) -> Category {
        match letter {
            "C" => Category::ColumnName,
            "T" => Category::TypeOrFunctionName,
            "R" => Category::Reserved,
            _ => Category::Unreserved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_keyword_has_a_digit() {
        let mut words = KEYWORDS.all().map(|mut row| row.text());
        assert!(words.all(|word| !word.contains(|c: char| c.is_ascii_digit())));
    }

    #[test]
    fn known_keywords() {
        assert_eq!(category("select"), Some(Category::Reserved));
        assert_eq!(category("user"), Some(Category::Reserved));
        assert_eq!(category("left"), Some(Category::TypeOrFunctionName));
        assert_eq!(category("coalesce"), Some(Category::ColumnName));
        assert_eq!(category("type"), Some(Category::Unreserved));
        assert_eq!(category("users"), None);
        assert_eq!(category("SELECT"), None);
    }
}
