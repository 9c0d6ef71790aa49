//! Names: as words where they are words, else as strings.

use super::{Text, literal};
use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName};

/// A name where the grammar has a name.
pub(super) fn name(name: &Ident) -> Text {
    let text = name.as_str();
    if text.is_empty() {
        return Err("something has no name".to_owned());
    }
    if is_identifier(text) { Ok(text.to_owned()) } else { literal::string(text) }
}

/// A name where one word would be read as a keyword: that one gets `r#`.
pub(super) fn name_but(of: &Ident, keyword: &str) -> Text {
    if *of == *keyword { Ok(format!("r#{keyword}")) } else { name(of) }
}

/// The name of an object; its schema is left out where it is the default one.
pub(super) fn path(of: &ObjectName) -> Text {
    path_but(of, "")
}

/// As [`path`], where one first word would be read as a keyword.
pub(super) fn path_but(of: &ObjectName, keyword: &str) -> Text {
    if of.schema == DEFAULT_SCHEMA {
        return name_but(&of.name, keyword);
    }
    Ok(format!("{}.{}", name_but(&of.schema, keyword)?, name(&of.name)?))
}

/// A path to one of PostgreSQL's own objects, where those need no schema.
pub(super) fn system_path(of: &ObjectName) -> Text {
    if of.schema == "pg_catalog" { name(&of.name) } else { path(of) }
}

/// Names, separated by commas.
pub(super) fn list(names: &[Ident]) -> Text {
    if names.is_empty() {
        return Err("it has no columns".to_owned());
    }
    let names: Result<Vec<_>, _> = names.iter().map(name).collect();
    names.map(|names| names.join(", "))
}

/// Whether a text is a word of ASCII, as the reader of the language asks: such
/// a name can not be written as a string.
pub(super) fn is_identifier(text: &str) -> bool {
    let starts = text.starts_with(|char: char| char == '_' || char.is_ascii_alphabetic());
    starts && text.chars().all(|char| char == '_' || char.is_ascii_alphanumeric())
}
