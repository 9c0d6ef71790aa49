//! Names in Rust for names in a database.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Words that can be names with `r#` before them (the Rust reference, chapter
/// "Keywords").
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that can be no name at all.
const NO_NAMES: &[&str] = &["crate", "self", "super", "_", ""];

/// Types that the file of an entity uses by their names.
const USED: &[&str] = &[
    "Clone",
    "Copy",
    "Date",
    "DateTime",
    "Debug",
    "Decimal",
    "Entity",
    "Eq",
    "IpAddr",
    "None",
    "Option",
    "PartialEq",
    "PgEnum",
    "Self",
    "Some",
    "String",
    "SystemTime",
    "Time",
    "Timestamp",
    "Uuid",
    "Value",
    "Vec",
];

/// How the columns of a table follow from the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// As they are written.
    AsWritten,
    /// `rename_all = "camelCase"`
    Camel,
}

impl Case {
    /// The one that leaves fewer columns to be renamed.
    pub(super) fn of<'a>(columns: impl Iterator<Item = &'a str> + Clone) -> Self {
        let as_written = columns.clone().filter(|column| column.to_snake_case() == **column);
        let camel = columns.filter(|column| is_camel(column, &column.to_snake_case()));
        match camel.count() > as_written.count() {
            true => Self::Camel,
            false => Self::AsWritten,
        }
    }
}

/// Whether a column is its field in camel case.
pub(super) fn is_camel(column: &str, field: &str) -> bool {
    let mut words = field.split('_').filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(char::to_uppercase).into_iter().flatten();
        first.chain(chars).collect::<String>()
    };
    let first = words.next().unwrap_or_default().to_owned();
    column == words.map(capital).fold(first, |name, word| name + &word)
}

/// The field of a column.
pub(super) fn field_name(column: &str, taken: &mut Vec<String>) -> String {
    let mut name = column.to_snake_case();
    if name.starts_with(|first: char| first.is_numeric()) || NO_NAMES.contains(&name.as_str()) {
        name = format!("column_{name}").trim_end_matches('_').to_owned();
    }
    let name = free(name, taken);
    if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name }
}

/// The variant of a value.
pub(super) fn variant(value: &str, taken: &mut Vec<String>) -> String {
    let mut name = value.to_upper_camel_case();
    if name.is_empty() || name == "Self" || name.starts_with(|first: char| first.is_numeric()) {
        name = format!("Value{name}");
    }
    free(name, taken)
}

fn free(name: String, taken: &mut Vec<String>) -> String {
    let others = (2..).map(|number| format!("{name}{number}"));
    let mut names = [name.clone()].into_iter().chain(others);
    let name = names.find(|name| !taken.contains(name)).unwrap_or(name);
    taken.push(name.clone());
    name
}

/// A Rust type for the name of a type.
pub(super) fn type_name(name: &str) -> String {
    let mut rust_name = name.to_upper_camel_case();
    if rust_name.is_empty() || rust_name.starts_with(|first: char| first.is_numeric()) {
        rust_name = format!("Table{rust_name}");
    }
    if USED.contains(&rust_name.as_str()) { format!("{rust_name}Row") } else { rust_name }
}

/// The struct of a table, which holds one row: `users` is `User`.
pub(super) fn struct_name(table: &str) -> String {
    type_name(&singular(&table.to_snake_case()))
}

fn singular(words: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| words.ends_with(ending));
    let without = |count: usize| words[..words.len() - count].to_owned();
    if ends(&["series", "species", "news", "ss", "us", "is"]) || words.len() < 3 {
        words.to_owned()
    } else if ends(&["ies"]) {
        without(3) + "y"
    } else if ends(&["sses", "shes", "ches", "xes", "uses"]) {
        without(2)
    } else if ends(&["s"]) {
        without(1)
    } else {
        words.to_owned()
    }
}

/// The module of a type.
pub(super) fn module(rust_name: &str) -> String {
    let name = rust_name.to_snake_case();
    let is_taken = KEYWORDS.contains(&name.as_str()) || NO_NAMES.contains(&name.as_str());
    if is_taken { format!("{name}_row") } else { name }
}

/// A name in the attribute of an enum.
pub(super) fn written(name: &str) -> String {
    let starts = name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic());
    let is_word = starts && name.chars().all(|char| char == '_' || char.is_ascii_alphanumeric());
    if is_word { name.to_owned() } else { format!("{name:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_are_called_after_one_row() {
        for (table, name) in [
            ("users", "User"),
            ("bundle_references", "BundleReference"),
            ("KycStatuses", "KycStatus"),
            ("companies", "Company"),
            ("addresses", "Address"),
            ("boxes", "Box"),
            ("status", "Status"),
            ("news", "News"),
            ("options", "OptionRow"),
            ("2fa", "Table2fa"),
            ("as", "As"),
        ] {
            assert_eq!(struct_name(table), name);
        }
        assert_eq!([module("Type"), module("UserRow")], ["type_row", "user_row"]);
    }

    #[test]
    fn fields_and_variants_are_words_of_rust() {
        let mut taken = Vec::new();
        let fields = ["createdAt", "created_at", "type", "self", "2nd", "the name", "Ä"]
            .map(|column| field_name(column, &mut taken));
        let wanted =
            ["created_at", "created_at2", "r#type", "column_self", "column_2nd", "the_name", "ä"];
        assert_eq!(fields, wanted);
        let mut taken = Vec::new();
        let variants =
            ["in review", "in_review", "3d", "", "self"].map(|value| variant(value, &mut taken));
        assert_eq!(variants, ["InReview", "InReview2", "Value3d", "Value", "ValueSelf"]);
    }

    #[test]
    fn the_case_is_that_of_most_columns() {
        let of = |columns: &[&str]| Case::of(columns.iter().copied());
        assert_eq!(of(&["id", "createdAt", "aggregatedRCS"]), Case::Camel);
        assert_eq!(of(&["id", "created_at"]), Case::AsWritten);
        assert!(
            is_camel("createdAt", "created_at") && !is_camel("aggregatedRCS", "aggregated_rcs")
        );
    }
}
