//! Comments: a text of their own, or the doc comment where that is asked for.

use deepref_schema_core::origin::Origin;
use syn::{Attribute, Expr, Lit, Meta};

use super::attributes::{is_item, once};
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::name::string;

/// `comment` or `comment = "…"`, if that comes next.
pub(super) fn comment(
    cursor: &mut Cursor,
    attributes: &[Attribute],
    comment: &mut Option<String>,
) -> Parse<bool> {
    if !is_item(cursor, "comment") {
        return Ok(false);
    }
    let origin = cursor.origin();
    cursor.skip(1);
    let text = match cursor.eat_punct('=') {
        true => string(cursor, "the comment, in quotes")?.0,
        false => doc(attributes, origin)?,
    };
    once(comment.replace(text).is_none(), origin, "comment")?;
    Ok(true)
}

/// The doc comment as one text: lines of a paragraph are joined.
fn doc(attributes: &[Attribute], origin: Origin) -> Parse<String> {
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let paragraphs = lines.split(|line| line.trim().is_empty());
    let joined: Vec<String> = paragraphs
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| paragraph.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "))
        .collect();
    if joined.is_empty() {
        return Err(Stop::new(origin, "there is no doc comment to take")
            .help("write `comment = \"…\"`, or a doc comment"));
    }
    Ok(joined.join("\n\n"))
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(literal) if pair.path.is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
