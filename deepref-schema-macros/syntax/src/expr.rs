//! Expressions: SQL written in Rust's tokens, turned into SQL text.

mod ends;
mod operators;
mod words;
mod writer;

use deepref_schema_core::expr::Expr;
use proc_macro2::Delimiter;

use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::token::Token;
pub(crate) use ends::Ends;
use writer::Writer;

/// An expression in the open.
pub(crate) fn open(cursor: &mut Cursor, ends: Ends) -> Parse<Expr> {
    let mut writer = Writer::new(Some(ends));
    let start = *cursor;
    writer.write(cursor)?;
    if start.is_at(cursor) {
        return Err(cursor.expected("an expression"));
    }
    Ok(writer.finish())
}

/// An expression in parentheses, which are not part of it.
pub(crate) fn in_parentheses(cursor: &mut Cursor) -> Parse<Expr> {
    let mut inner = cursor.expect_group(Delimiter::Parenthesis)?;
    if inner.at_end() {
        return Err(inner.expected("an expression"));
    }
    let mut writer = Writer::new(None);
    writer.write(&mut inner)?;
    Ok(writer.finish())
}

/// A single call: a path and what stands in parentheses after it. Where
/// `start` is, a call was found to begin; `end` is behind it.
pub(crate) fn call(start: Cursor, end: &Cursor) -> Parse<Expr> {
    let mut writer = Writer::new(None);
    writer.write_until(start, end)?;
    Ok(writer.finish())
}

/// The mistake of a literal that SQL does not have.
pub(crate) fn other_literal(cursor: &Cursor, text: &str) -> Stop {
    if let Some(quoted) = text.strip_prefix('\'') {
        let value = quoted.strip_suffix('\'').unwrap_or(quoted);
        let value = if value == "\"" { "\\\"" } else { value };
        return cursor
            .mistake("a string stands in double quotes")
            .help(format!("write `\"{value}\"`"));
    }
    let what = match text.as_bytes().first() {
        Some(b'b') => "a byte string",
        Some(b'c') => "a C string",
        _ => "a string with a suffix",
    };
    cursor.mistake(format!("{what} has no meaning in SQL")).help("write `\"…\"`")
}

/// A number as SQL takes it.
fn number(cursor: &Cursor, text: &str) -> Parse<String> {
    let text = text.replace('_', "");
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits(whole) && digits(fraction) && digits(exponent) && !exponent.is_empty() {
        return Ok(text);
    }
    let found = cursor.peek().map(Token::display).unwrap_or_default();
    Err(cursor
        .mistake(format!("`{found}` is not a number in SQL"))
        .help("write it in decimal, without a suffix"))
}

/// A string that stands where only a name can.
fn string_for_name(cursor: &Cursor, text: &str) -> Stop {
    let stop = cursor.mistake(format!("{text:?} is a string, not a name"));
    if text == "char" {
        // The type in quotes is another one than the word.
        stop.help("write `r#char` for the type of one byte, `char` for `char(1)`")
    } else if crate::name::is_identifier(text) {
        stop.help(format!("write `{text}`"))
    } else {
        stop.help(format!("a name that is no word stands after a dot: write `.{text:?}`"))
    }
}
