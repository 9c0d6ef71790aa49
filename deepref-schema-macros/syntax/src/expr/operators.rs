//! Operators, which Rust gives character by character.

use crate::cursor::Cursor;
use crate::error::Parse;
use crate::keywords;
use crate::token::{Kind, Token};

/// Characters side by side that PostgreSQL reads as operators.
pub(super) fn operator_run(cursor: &mut Cursor) -> Parse<String> {
    let mut run = String::new();
    while let Some(Token { kind: Kind::Punct { char, joint }, .. }) = cursor.peek() {
        if !"+-*/<>=~!@#%^&|?".contains(*char) {
            break;
        }
        if keywords::is_dashes(cursor) {
            return Err(keywords::dashes(cursor));
        }
        run.push(*char);
        cursor.bump();
        if !joint {
            break;
        }
    }
    if run.is_empty() {
        return Err(cursor.expected("an expression"));
    }
    Ok(run)
}

/// The operators in a run: as in PostgreSQL's lexer, one of several characters
/// ends with `+` or `-` only if it holds one of `~ ! @ # % ^ & | ?`.
pub(super) fn split(run: &str) -> Vec<&str> {
    let special = run.contains(['~', '!', '@', '#', '%', '^', '&', '|', '?']);
    let body = if special { run } else { run.trim_end_matches(['+', '-']) };
    let body = if body.is_empty() { &run[..1] } else { body };
    let mut parts = vec![body];
    parts.extend(
        run[body.len()..].char_indices().map(|(at, _)| &run[body.len() + at..body.len() + at + 1]),
    );
    parts
}
