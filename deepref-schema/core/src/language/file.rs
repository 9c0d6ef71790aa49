//! The file of a migration.

use super::layout::{self, indented};
use super::statement::{allows, statements as written};
use super::{Inexpressible, literal};
use crate::checksum::hex;
use crate::migration::{Item, Migration, Replaced};

/// The text of a migration's file.
///
/// # Errors
///
/// Everything in it that the language has no words for.
pub fn file(migration: &Migration) -> Result<String, Vec<Inexpressible>> {
    let mut errors = Vec::new();
    let mut text = String::from("use deepref_schema::migration;\n\nmigration! {\n");
    match head(migration) {
        Ok(lines) => lines.iter().for_each(|line| {
            indented(line, 1, &mut text);
        }),
        Err(why) => errors.push(Inexpressible { what: migration.name.to_string(), why }),
    }
    text.push('\n');
    block("up", &migration.up, &mut text, &mut errors);
    if let Some(down) = &migration.down {
        block("down", down, &mut text, &mut errors);
    }
    text.push_str("}\n");
    if errors.is_empty() { Ok(text) } else { Err(errors) }
}

/// The text of some statements.
///
/// # Errors
///
/// Everything in them that the language has no words for.
pub fn statements(items: &[Item]) -> Result<String, Vec<Inexpressible>> {
    written(items).map(|statements| layout::statements(&statements, 0))
}

/// What stands before `up`.
fn head(migration: &Migration) -> Result<Vec<String>, String> {
    let comment = migration.text.lines().map(|line| format!("/// {line}").trim_end().to_owned());
    let mut lines: Vec<_> = comment.collect();
    lines.extend(allows(&migration.allows)?);
    if let Some(irreversible) = &migration.irreversible {
        let reason = literal::string(&irreversible.reason)?;
        lines.push(format!("#[irreversible(reason = {reason})]"));
    }
    lines.extend(migration.limits.attributes().iter().map(|text| format!("#[{text}]")));
    if !migration.replaces.is_empty() {
        lines.push("#[replaces(".to_owned());
        let line = |one: &Replaced| format!("    {} = \"{}\",", one.version, hex(&one.checksum));
        lines.extend(migration.replaces.iter().map(line));
        lines.push(")]".to_owned());
    }
    lines.push(format!("{} = {};", migration.name, migration.version));
    Ok(lines)
}

fn block(word: &str, items: &[Item], text: &mut String, errors: &mut Vec<Inexpressible>) {
    match written(items) {
        Ok(statements) if statements.is_empty() => indented(&format!("{word} {{}}"), 1, text),
        Ok(statements) => {
            indented(&format!("{word} {{"), 1, text);
            text.push_str(&layout::statements(&statements, 2));
            indented("}", 1, text);
        }
        Err(wrong) => errors.extend(wrong),
    }
}
