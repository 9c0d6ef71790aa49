//! Names and whole numbers.

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::origin::Origin;
use proc_macro2::Delimiter;

use crate::cursor::{Cursor, list};
use crate::error::{Parse, Stop};
use crate::token::{Kind, Token};

/// Whether the next token can be a name.
pub(crate) fn is_name(cursor: &Cursor) -> bool {
    is_name_at(cursor, 0)
}

pub(crate) fn is_name_at(cursor: &Cursor, ahead: usize) -> bool {
    cursor
        .peek_at(ahead)
        .is_some_and(|token| token.is_any_word() || matches!(token.kind, Kind::Str))
}

/// A name: a word, or a string that is no word.
pub(crate) fn name(cursor: &mut Cursor) -> Parse<Ident> {
    match cursor.peek() {
        Some(token @ Token { kind: Kind::Word | Kind::RawWord, .. }) => {
            cursor.bump();
            Ok(Ident::new(token.text.as_str(), token.origin))
        }
        Some(token @ Token { kind: Kind::Str, .. }) => {
            check_string_name(token)?;
            cursor.bump();
            Ok(Ident::new(token.text.as_str(), token.origin))
        }
        _ => Err(cursor.expected("a name")),
    }
}

/// Refuses a string as a name where a word would do, or nothing will.
pub(crate) fn check_string_name(token: &Token) -> Parse<()> {
    let text = token.text.as_str();
    if text.is_empty() {
        return Err(Stop::new(token.origin, "a name can not be empty"));
    }
    if text.contains('\0') {
        return Err(Stop::new(token.origin, "a name can not hold the character NUL"));
    }
    if is_identifier(text) {
        return Err(Stop::new(token.origin, format!("`{text}` needs no quotes"))
            .help(format!("write `{text}`")));
    }
    Ok(())
}

/// Whether a text can be written as a word. Of other alphabets than ASCII's,
/// strings are accepted as well: which letters Rust takes depends on its
/// version.
pub(crate) fn is_identifier(text: &str) -> bool {
    let starts = text.starts_with(|char: char| char == '_' || char.is_ascii_alphabetic());
    starts && text.chars().all(|char| char == '_' || char.is_ascii_alphanumeric())
}

/// A name that may have a schema before it.
pub(crate) fn path(cursor: &mut Cursor) -> Parse<ObjectName> {
    let first = name(cursor)?;
    if !cursor.eat_punct('.') {
        return Ok(ObjectName::unqualified(first));
    }
    Ok(ObjectName::qualified(first, name(cursor)?))
}

/// The name of something that is made, changed or dropped. `if exists` is read
/// as a name first and then refused.
pub(crate) fn object(cursor: &mut Cursor) -> Parse<ObjectName> {
    crate::keywords::refuse_if_exists(cursor)?;
    path(cursor)
}

/// As [`object`], without a schema.
pub(crate) fn object_name(cursor: &mut Cursor) -> Parse<Ident> {
    crate::keywords::refuse_if_exists(cursor)?;
    name(cursor)
}

/// The path of a column, `t.c` or `s.t.c`.
pub(crate) fn column_path(cursor: &mut Cursor) -> Parse<(ObjectName, Ident)> {
    let table = name(cursor)?;
    cursor.expect_punct('.')?;
    let second = name(cursor)?;
    if !cursor.eat_punct('.') {
        return Ok((ObjectName::unqualified(table), second));
    }
    Ok((ObjectName::qualified(table, second), name(cursor)?))
}

/// Names in parentheses.
pub(crate) fn names(cursor: &mut Cursor) -> Parse<Vec<Ident>> {
    list(cursor.expect_group(Delimiter::Parenthesis)?, name)
}

/// A whole number, perhaps with a sign.
pub(crate) fn whole_number(cursor: &mut Cursor) -> Parse<(i64, Origin)> {
    let origin = cursor.origin();
    let mut after = *cursor;
    let negative = after.eat_punct('-');
    if !negative {
        after.eat_punct('+');
    }
    let Some(Token { kind: Kind::Number, text, .. }) = after.bump() else {
        return Err(cursor.expected("a whole number"));
    };
    let digits = text.replace('_', "");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(cursor.mistake(format!("expected a whole number, found `{text}`")));
    }
    let sign = if negative { "-" } else { "" };
    let number = format!("{sign}{digits}")
        .parse()
        .map_err(|_| cursor.mistake(format!("`{sign}{digits}` does not fit into a `bigint`")))?;
    *cursor = after;
    Ok((number, origin))
}

/// A string.
pub(crate) fn string(cursor: &mut Cursor, expected: &str) -> Parse<(String, Origin)> {
    match cursor.peek() {
        Some(Token { kind: Kind::Str, text, origin }) => {
            if text.contains('\0') {
                return Err(cursor.mistake("a string of SQL can not hold the character NUL"));
            }
            cursor.bump();
            Ok((text.clone(), *origin))
        }
        Some(Token { kind: Kind::OtherLiteral, text, .. }) => {
            Err(crate::expr::other_literal(cursor, text))
        }
        _ => Err(cursor.expected(expected)),
    }
}
