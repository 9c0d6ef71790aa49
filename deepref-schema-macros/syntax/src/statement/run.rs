//! `run`: functions of the program.

use deepref_schema_core::ident::Ident;
use deepref_schema_core::operation::{FunctionRevert, Operation, RunFunction};
use deepref_schema_core::rust_path::RustPath;
use proc_macro2::Delimiter;

use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::token::{Kind, Token};

/// From `run` up to the `;`.
pub(super) fn run(cursor: &mut Cursor) -> Parse<Operation> {
    let origin = cursor.expect_word("run")?;
    let function = path(cursor)?;
    if cursor.is_word("down") {
        let stop = cursor.mistake("a function is reverted by another one, not by `down`");
        return Err(stop.help("write `revert path::to::function`, or `revert none`"));
    }
    let revert = if cursor.eat_word("revert") { Some(revert(cursor)?) } else { None };
    Ok(Operation::RunFunction(RunFunction { function, revert, origin }))
}

fn revert(cursor: &mut Cursor) -> Parse<FunctionRevert> {
    if cursor.is_word("none") && !is_colons(cursor, 1) {
        cursor.skip(1);
        return Ok(FunctionRevert::Nothing);
    }
    path(cursor).map(FunctionRevert::Function)
}

/// `['::'] word {'::' word}`
fn path(cursor: &mut Cursor) -> Parse<RustPath> {
    let is_global = is_colons(cursor, 0);
    if is_global {
        cursor.skip(2);
    }
    let mut words = vec![word(cursor)?];
    while is_colons(cursor, 0) {
        cursor.skip(2);
        words.push(word(cursor)?);
    }
    if cursor.is_group(Delimiter::Parenthesis) {
        let stop = cursor.mistake("the runner calls the function: only its path stands here");
        return Err(stop.help(format!("write `{}`", RustPath { is_global, words })));
    }
    Ok(RustPath { is_global, words })
}

fn word(cursor: &mut Cursor) -> Parse<Ident> {
    match cursor.peek() {
        Some(token @ Token { kind: Kind::Word | Kind::RawWord, .. }) => {
            cursor.skip(1);
            Ok(Ident::new(token.display(), token.origin))
        }
        Some(Token { kind: Kind::Str, .. }) => Err(no_path(cursor)
            .help("a function is named by its path: `crate::steps::fill`; SQL is `sql \"…\"`")),
        Some(Token { kind: Kind::Punct { char: '<', .. }, .. }) => {
            Err(no_path(cursor).help("name a function that has no type parameters"))
        }
        Some(Token { kind: Kind::Punct { char: '|', .. }, .. }) => {
            Err(no_path(cursor).help("write a function, and its path here: `crate::steps::fill`"))
        }
        _ => Err(no_path(cursor).help("write `crate::steps::fill`")),
    }
}

fn no_path(cursor: &Cursor) -> Stop {
    cursor.expected("the path of a function")
}

fn is_colons(cursor: &Cursor, ahead: usize) -> bool {
    let is_colon = |at| cursor.peek_at(at).and_then(Token::punct) == Some(':');
    is_colon(ahead) && is_colon(ahead + 1)
}
