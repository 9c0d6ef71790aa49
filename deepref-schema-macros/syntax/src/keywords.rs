//! The words of the language and of SQL, and mistakes that can happen at any
//! place.

use crate::cursor::Cursor;
use crate::error::Stop;
use crate::token::{Kind, Token};

/// The words that mean something in the grammar or in most SQL; for telling
/// that a word in capitals was meant as one of these.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "add", "after", "alter", "always", "and", "any", "array", "as", "asc", "at", "batches", "before",
    "begin", "between", "by", "cache", "cascade", "case", "cast", "check", "collate", "column",
    "comment", "commit", "concurrently", "constraint", "create", "current_date", "current_timestamp",
    "current_user", "cycle", "default", "deferrable", "deferred", "delete", "desc", "distinct", "drop",
    "else", "end", "enum", "exclude", "exists", "extension", "false", "filter", "first", "for",
    "foreign", "from", "generated", "group", "having", "identity", "if", "ilike", "immediate", "in",
    "include", "increment", "index", "initially", "insert", "interval", "into", "is", "isnull", "key",
    "last", "like", "limit", "localtimestamp", "maxvalue", "minvalue", "no", "none", "not", "notnull",
    "null", "nulls", "of", "on", "or", "order", "over", "owned", "primary", "references", "rename",
    "restart", "restrict", "returning", "revert", "rollback", "run", "select", "sequence", "session_user",
    "set", "similar", "some", "sql", "start", "stored", "symmetric", "table", "then", "to", "true",
    "truncate", "type", "union", "unique", "update", "user", "using", "valid", "validate", "value",
    "values", "view", "when", "where", "with", "within", "without", "zone",
];

/// Whether a word is a keyword in capitals.
pub(crate) fn is_shouted_keyword(word: &str) -> bool {
    let shouted = word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    shouted && KEYWORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// Mistakes that explain an unexpected token wherever it stands.
pub(crate) fn general_habit(cursor: &Cursor) -> Option<Stop> {
    let token = cursor.peek()?;
    match &token.kind {
        Kind::Word if is_shouted_keyword(&token.text) => Some(shouted(cursor, &token.text)),
        Kind::Word => clause_habit(cursor),
        Kind::Doc => Some(doc(cursor)),
        Kind::Punct { char: '-', joint: true } => is_dashes(cursor).then(|| dashes(cursor)),
        Kind::Punct { char: '$', .. } => Some(dollar(cursor)),
        _ => None,
    }
}

fn shouted(cursor: &Cursor, word: &str) -> Stop {
    cursor
        .mistake(format!("keywords are lower case, `{word}` is not"))
        .help(format!("write `{}`", word.to_ascii_lowercase()))
}

/// `if exists`, `cascade`: asked for where neither can be a name.
fn clause_habit(cursor: &Cursor) -> Option<Stop> {
    if cursor.are_words(&["if", "exists"]) || cursor.are_words(&["if", "not", "exists"]) {
        return Some(if_exists(cursor));
    }
    let word = &cursor.peek()?.text;
    (word == "cascade" || word == "restrict").then(|| {
        Stop::of(
            "cascade",
            cursor.origin(),
            format!("`{word}` is not part of the language: what depends on an object is known"),
        )
        .help("delete it, and drop what depends on the object in statements before this one")
    })
}

pub(crate) fn if_exists(cursor: &Cursor) -> Stop {
    Stop::of(
        "if_exists",
        cursor.origin(),
        "`if exists` and `if not exists` are not part of the language: what exists at this point \
         is known",
    )
    .help("delete it")
}

/// `if exists` where a name stands: `if` was read as the name already.
pub(crate) fn refuse_if_exists(before_name: &Cursor) -> Result<(), Stop> {
    let clause =
        before_name.are_words(&["if", "exists"]) || before_name.are_words(&["if", "not", "exists"]);
    if clause { Err(if_exists(before_name)) } else { Ok(()) }
}

pub(crate) fn doc(cursor: &Cursor) -> Stop {
    cursor
        .mistake("a doc comment says nothing to the database here")
        .help("write `// …`, or `comment on … is \"…\"`")
}

pub(crate) fn is_dashes(cursor: &Cursor) -> bool {
    let is_dash = |token: Option<&Token>| token.and_then(Token::punct) == Some('-');
    let joint = matches!(cursor.peek(), Some(Token { kind: Kind::Punct { joint: true, .. }, .. }));
    joint && is_dash(cursor.peek()) && is_dash(cursor.peek_at(1))
}

pub(crate) fn dashes(cursor: &Cursor) -> Stop {
    cursor.mistake("`--` does not begin a comment here").help("write `// …`")
}

pub(crate) fn dollar(cursor: &Cursor) -> Stop {
    cursor
        .mistake("`$` has no meaning here")
        .help("a string stands in double quotes: `\"…\"`, or `r#\"…\"#`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
        assert!(is_shouted_keyword("NOT") && is_shouted_keyword("CURRENT_USER"));
        assert!(
            !is_shouted_keyword("Not") && !is_shouted_keyword("ID") && !is_shouted_keyword("C")
        );
    }
}
