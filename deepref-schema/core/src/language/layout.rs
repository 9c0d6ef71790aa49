//! Lines: how statements stand on the page.

/// The longest line, in characters; a longer one is broken between its parts.
const WIDTH: usize = 120;

/// One level of indentation.
const INDENT: &str = "    ";

/// A statement or an item without braces.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// What stands on lines of its own before it.
    pub(super) attributes: Vec<String>,
    /// Its parts, between which it can be broken.
    pub(super) parts: Vec<String>,
}

impl Line {
    pub(super) fn new(parts: Vec<String>) -> Self {
        Self { attributes: Vec::new(), parts }
    }
}

/// A statement.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// One that ends with `;`.
    Plain(Line),
    /// One with braces.
    Braced {
        attributes: Vec<String>,
        /// What stands before the brace.
        head: String,
        /// The items, with an empty line between the sections.
        sections: Vec<Vec<Line>>,
        /// Whether all items may stand on the line of the brace.
        compact: bool,
    },
}

/// Statements, with empty lines between those that do not belong together.
pub(super) fn statements(statements: &[Written], depth: usize) -> String {
    let mut text = String::new();
    for (at, statement) in statements.iter().enumerate() {
        if at > 0 && !belong_together(&statements[at - 1], statement) {
            text.push('\n');
        }
        match statement {
            Written::Plain(line) => self::line(line, depth, ";", &mut text),
            Written::Braced { attributes, head, sections, compact } => {
                for attribute in attributes {
                    indented(attribute, depth, &mut text);
                }
                braced(head, sections, *compact, depth, &mut text);
            }
        }
    }
    text
}

/// Whether no empty line stands between two statements.
fn belong_together(a: &Written, b: &Written) -> bool {
    let kind = |line: &Line| {
        let words: Vec<_> = line.parts[0].split(' ').filter(|word| *word != "unique").collect();
        (words.first().map(ToString::to_string), words.get(1).map(ToString::to_string))
    };
    match (a, b) {
        (Written::Plain(a), Written::Plain(b)) => {
            kind(a) == kind(b) && b.attributes.is_empty() && a.attributes.is_empty()
        }
        (Written::Braced { head, compact: false, .. }, Written::Plain(b)) => {
            let about_it = ["create index", "create unique index", "comment on"];
            head.starts_with("create table")
                && about_it.iter().any(|words| b.parts[0].starts_with(words))
        }
        (Written::Braced { compact: true, .. }, Written::Braced { compact: true, .. }) => true,
        _ => false,
    }
}

fn braced(head: &str, sections: &[Vec<Line>], compact: bool, depth: usize, text: &mut String) {
    let items = sections.iter().flatten();
    let on_one_line: Vec<_> = items.map(|item| item.parts.join(" ")).collect();
    let whole = format!("{head} {{ {} }}", on_one_line.join(", "));
    let plain = sections.iter().flatten().all(|item| item.attributes.is_empty());
    if compact && plain && fits(&whole, depth) {
        return indented(&whole, depth, text);
    }
    indented(&format!("{head} {{"), depth, text);
    for (at, section) in sections.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        section.iter().for_each(|item| line(item, depth + 1, ",", text));
    }
    indented("}", depth, text);
}

fn line(line: &Line, depth: usize, end: &str, text: &mut String) {
    for attribute in &line.attributes {
        indented(attribute, depth, text);
    }
    let whole = format!("{}{end}", line.parts.join(" "));
    if fits(&whole, depth) {
        return indented(&whole, depth, text);
    }
    let (mut current, mut deeper) = (String::new(), depth);
    for (at, part) in line.parts.iter().enumerate() {
        let end = if at + 1 == line.parts.len() { end } else { "" };
        let longer = match current.is_empty() {
            true => format!("{part}{end}"),
            false => format!("{current} {part}{end}"),
        };
        if current.is_empty() || fits(&longer, deeper) {
            current = longer;
        } else {
            indented(&current, deeper, text);
            deeper = depth + 1;
            current = format!("{part}{end}");
        }
    }
    indented(&current, deeper, text);
}

fn fits(line: &str, depth: usize) -> bool {
    let longest = line.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    longest + depth * INDENT.len() <= WIDTH
}

/// Writes one line; the lines of a string in it stay where they are.
pub(super) fn indented(line: &str, depth: usize, text: &mut String) {
    text.push_str(&INDENT.repeat(depth));
    text.push_str(line);
    text.push('\n');
}
