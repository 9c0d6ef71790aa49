//! The whole language: examples and mistakes as data.

/// Compares with a snapshot that does not repeat the source.
macro_rules! snapshot {
    ($text:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!($text));
    }};
}

mod accepted;
mod checksums;
mod mistakes;
mod random;
mod reference;
mod seeds;
mod stored;
mod written;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::migration::Migration;
use deepref_schema_core::seed::Seed;

use crate::{
    Origins, Parsed, Place, SeedList, line_and_column, list_in_file, migration_in_file,
    seed_in_file, seeds_in_file,
};

/// Parses statements as the `up` of a migration.
pub(crate) fn parse_up(statements: &str) -> (String, Origins, Parsed<Migration>) {
    parse(&format!("migration! {{ A = 1; up {{\n{statements}\n}} }}"))
}

/// Parses a file with one migration.
pub(crate) fn parse(file: &str) -> (String, Origins, Parsed<Migration>) {
    let mut origins = Origins::new();
    let parsed = migration_in_file(file, &mut origins).expect(file);
    (file.to_owned(), origins, parsed)
}

/// Parses a file with a list.
pub(crate) fn parse_list(file: &str) -> (String, Origins, Parsed<crate::List>) {
    let mut origins = Origins::new();
    let parsed = list_in_file(file, &mut origins).expect(file);
    (file.to_owned(), origins, parsed)
}

/// Parses a file with a seed; the text of each file that it includes is its
/// path.
pub(crate) fn parse_seed(file: &str) -> (String, Origins, Parsed<Seed>) {
    let mut origins = Origins::new();
    let parsed = seed_in_file(file, &mut origins, &mut |path| Ok(path.to_owned()));
    (file.to_owned(), origins, parsed.expect(file))
}

/// Parses a file with a list of seeds.
pub(crate) fn parse_seeds(file: &str) -> (String, Origins, Parsed<SeedList>) {
    let mut origins = Origins::new();
    let parsed = seeds_in_file(file, &mut origins, &mut |path| Ok(path.to_owned()));
    (file.to_owned(), origins, parsed.expect(file))
}

/// Mistakes as the compiler shows them: the line, a caret, the text.
pub(crate) fn render(text: &str, origins: &Origins, diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| render_one(text, origins, diagnostic)).collect()
}

fn render_one(text: &str, origins: &Origins, diagnostic: &Diagnostic) -> String {
    let Some(Place::Offset(offset)) = origins.place(diagnostic.origin) else {
        panic!("no place: {}", diagnostic.text());
    };
    let (line, column) = line_and_column(text, offset);
    let source = text.lines().nth(line - 1).unwrap_or_default();
    format!("{source}\n{}^\n{}\n\n", " ".repeat(column - 1), diagnostic.text())
}

/// A value's debug text without what is noise to a reader: marks, and the
/// shells around names and expressions.
pub(crate) fn plain(debug: &str) -> String {
    let mut text = debug.to_owned();
    remove_between(&mut text, ", spots: [", "], facts: OnceLock(<uninit>)");
    for origin in ["origin", "version_origin", "up_origin", "down_origin"] {
        remove_between(&mut text, &format!(", {origin}: Origin("), ")");
    }
    remove_between(&mut text, ", Origin(", ")");
    for (open, close) in [("Ident { text: ", " }"), ("Expr { sql: ", " }")] {
        unwrap_strings(&mut text, open, close);
    }
    text
}

fn remove_between(text: &mut String, open: &str, close: &str) {
    while let Some(start) = text.find(open) {
        let end = text[start + open.len()..].find(close).expect(close);
        text.replace_range(start..start + open.len() + end + close.len(), "");
    }
}

fn unwrap_strings(text: &mut String, open: &str, close: &str) {
    while let Some(start) = text.find(open) {
        let string = start + open.len();
        let mut end = string + 1;
        while !text[end..].starts_with('"') {
            end += if text[end..].starts_with('\\') { 2 } else { 1 };
            while !text.is_char_boundary(end) {
                end += 1;
            }
        }
        text.replace_range(end + 1..end + 1 + close.len(), "");
        text.replace_range(start..string, "");
    }
}
