//! Mermaid's `erDiagram`.

use std::fmt::Write;

use super::picture::{Entity, Line, Mark, Picture, Row};

pub(super) fn write(picture: &Picture) -> String {
    let mut text = String::from("erDiagram\n");
    for entity in &picture.entities {
        write_entity(&mut text, entity);
    }
    for line in &picture.lines {
        let name = |at: usize| name(&picture.entities[at].name);
        let (parent, child) = cardinalities(line);
        let label = format!("{}{}", sign(line.mark), line.label).replace('"', "'");
        let (to, from) = (name(line.to.0), name(line.from.0));
        let _ = writeln!(text, "    {to} {parent}--{child} {from} : \"{label}\"");
    }
    if picture.is_change {
        write_colours(&mut text, picture);
    }
    text
}

fn write_entity(text: &mut String, entity: &Entity) {
    let shown = match entity.old_name {
        Some(_) => format!("[\"{}\"]", entity.name_with_old().replace('"', "'")),
        None => String::new(),
    };
    let _ = writeln!(text, "    {}{shown} {{", name(&entity.name));
    for row in &entity.rows {
        write_row(text, row);
    }
    text.push_str("    }\n");
}

/// Mermaid takes letters, digits and a few signs; what it does not take
/// stands in the comment of the column.
fn write_row(text: &mut String, row: &Row) {
    let (ty, column) = (word(&row.ty, "()[]"), word(&row.name, ""));
    let keys: Vec<&str> = [(row.primary, "PK"), (row.foreign, "FK"), (row.unique, "UK")]
        .into_iter()
        .filter_map(|(is_so, key)| is_so.then_some(key))
        .collect();
    let mut notes = Vec::new();
    match row.mark {
        Mark::Same => {}
        Mark::Added => notes.push("+ added".to_owned()),
        Mark::Removed => notes.push("- dropped".to_owned()),
        Mark::Changed => match &row.old_name {
            Some(old) => notes.push(format!("~ was {old}")),
            None => notes.push("~ changed".to_owned()),
        },
    }
    if column != row.name {
        notes.push(row.name.clone());
    }
    if ty != row.ty {
        notes.push(row.ty.clone());
    }
    if row.nullable {
        notes.push("null".to_owned());
    }
    let _ = write!(text, "        {ty} {column}");
    if !keys.is_empty() {
        let _ = write!(text, " {}", keys.join(", "));
    }
    if !notes.is_empty() {
        let _ = write!(text, " \"{}\"", notes.join("; ").replace('"', "'"));
    }
    text.push('\n');
}

fn cardinalities(line: &Line) -> (&'static str, &'static str) {
    let parent = if line.optional { "|o" } else { "||" };
    let child = if line.single { "o|" } else { "o{" };
    (parent, child)
}

fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Added => "+ ",
        Mark::Removed => "- ",
        Mark::Changed => "~ ",
    }
}

fn write_colours(text: &mut String, picture: &Picture) {
    for (mark, class, fill, stroke) in [
        (Mark::Added, "added", "#dafbe1", "#1a7f37"),
        (Mark::Removed, "dropped", "#ffebe9", "#cf222e"),
        (Mark::Changed, "changed", "#fff8c5", "#9a6700"),
    ] {
        let marked = picture.entities.iter().filter(|entity| entity.mark == mark);
        let names: Vec<_> = marked.map(|entity| name(&entity.name)).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "    classDef {class} fill:{fill},stroke:{stroke}");
            let _ = writeln!(text, "    class {} {class}", names.join(","));
        }
    }
}

/// The name of an entity: in quotes where it is no word.
fn name(text: &str) -> String {
    let plain = text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "'")) }
}

/// A word that Mermaid takes, with these signs in it; others become `_`.
fn word(text: &str, signs: &str) -> String {
    let takes = |char: char| char.is_ascii_alphanumeric() || char == '_' || signs.contains(char);
    let word: String = text.chars().map(|char| if takes(char) { char } else { '_' }).collect();
    match word.starts_with(|first: char| first.is_ascii_digit()) {
        true => format!("_{word}"),
        false => word,
    }
}
