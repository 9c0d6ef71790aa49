//! Types as `format_type` writes them.

use std::collections::HashMap;

use deepref_schema_core::ident::Ident;
use deepref_schema_core::types::Type;

use super::rows::Row;

/// The types of columns with their collations, by their object identifiers and modifiers.
pub(super) type Types<'a> = HashMap<(&'a str, &'a str), (Type, &'a str)>;

pub(super) fn all(rows: &[Row]) -> Types<'_> {
    let read = |row: &Row| read(row.text(2), row.text(3), row.text(4), row.text(5), row.is(6));
    rows.iter().map(|row| ((row.text(0), row.text(1)), (read(row), row.text(7)))).collect()
}

/// A type from its schema, its name in `pg_type`, and what `format_type` makes
/// of it without and with modifiers.
fn read(schema: &str, name: &str, plain: &str, full: &str, array: bool) -> Type {
    if schema == "pg_catalog" {
        let (name, modifiers) = without_modifiers(full);
        return Type { schema: None, name: Ident::computed(name), modifiers, array };
    }
    let (_, modifiers) = without_modifiers(full.strip_prefix(plain).unwrap_or_default());
    Type { schema: Some(Ident::computed(schema)), name: Ident::computed(name), modifiers, array }
}

/// Takes out what stands in parentheses: `timestamp(3) without time zone`.
fn without_modifiers(text: &str) -> (String, Vec<String>) {
    let parts = text.split_once('(').and_then(|(before, rest)| {
        let (inside, after) = rest.split_once(')')?;
        Some((format!("{before}{after}"), inside))
    });
    match parts {
        Some((name, inside)) => {
            (name, inside.split(',').map(|one| one.trim().to_owned()).collect())
        }
        None => (text.to_owned(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_are_taken_out() {
        for (schema, name, plain, full, sql) in [
            ("pg_catalog", "numeric", "numeric", "numeric(5,2)", "numeric(5, 2)"),
            (
                "pg_catalog",
                "timestamptz",
                "timestamp with time zone",
                "timestamp(3) with time zone",
                "timestamp(3) with time zone",
            ),
            ("pg_catalog", "bpchar", "character", "bpchar", "bpchar"),
            ("pg_catalog", "char", "\"char\"", "\"char\"", "\"char\""),
            ("public", "geometry", "geometry", "geometry(Point,4326)", "geometry(Point, 4326)"),
            ("app", "a(b)", "app.\"a(b)\"", "app.\"a(b)\"", "app.\"a(b)\""),
            ("pg_catalog", "interval", "interval", "interval(3)", "interval(3)"),
        ] {
            assert_eq!(read(schema, name, plain, full, false).sql(), sql);
        }
    }
}
