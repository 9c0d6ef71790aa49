//! The list of a history.

use deepref_schema_core::ident::Ident;
use deepref_schema_core::migration::{Migration, Settings};
use deepref_schema_core::rules::BLOCKING;
use proc_macro2::Delimiter;

use crate::attribute::{allow, head};
use crate::cursor::Cursor;
use crate::error::{Errors, Parse, Stop};
use crate::migration::inline;
use crate::name::{name, whole_number};
use crate::token::Token;

/// The content of `migrations!`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// What its attributes say.
    pub settings: Settings,
    /// The name in `#![allow(blocking, reason = "…")]`, where that is written.
    pub allow_blocking: Option<Ident>,
    /// The modules of the files it names, in order.
    pub files: Vec<Ident>,
    /// The migrations that are written in it, in order. There are none where
    /// it names files.
    pub inline: Vec<Migration>,
}

/// The oldest major version of PostgreSQL that is supported.
const OLDEST_POSTGRES: i64 = 14;

pub(crate) fn list(mut cursor: Cursor, errors: &mut Errors) -> List {
    let mut list = List::default();
    let settings = settings(&mut cursor, &mut list);
    errors.keep(settings);
    while !cursor.at_end() {
        if let Err(stop) = entry(&mut cursor, &mut list, errors) {
            errors.push(stop);
            skip_entry(&mut cursor);
        }
    }
    list
}

fn skip_entry(cursor: &mut Cursor) {
    let ends = |token: &Token| token.punct() == Some(';') || token.is_group(Delimiter::Brace);
    while cursor.bump().is_some_and(|token| !ends(token)) {}
}

fn entry(cursor: &mut Cursor, list: &mut List, errors: &mut Errors) -> Parse<()> {
    let start = *cursor;
    let attributes = head(cursor)?;
    let is_inline = cursor.is_word("migration") && !cursor.is_punct_at(1, ';');
    if start.is_at(cursor) && !is_inline {
        return file(cursor, list);
    }
    if !list.files.is_empty() {
        return Err(mixed(cursor));
    }
    list.inline.extend(inline(cursor, &start, attributes, errors)?);
    Ok(())
}

fn file(cursor: &mut Cursor, list: &mut List) -> Parse<()> {
    if !list.inline.is_empty() && cursor.peek().is_some_and(Token::is_any_word) {
        return Err(mixed(cursor));
    }
    list.files.push(listed_file(cursor, "the name of a migration's file")?);
    Ok(())
}

/// A line of a list that names a file.
pub(crate) fn listed_file(cursor: &mut Cursor, wanted: &str) -> Parse<Ident> {
    if !cursor.peek().is_some_and(Token::is_any_word) {
        return Err(cursor.expected(wanted));
    }
    let file = name(cursor)?;
    if !cursor.eat_punct(';') {
        return Err(cursor.expected("`;`").help("a semicolon ends each line of the list"));
    }
    Ok(file)
}

fn mixed(cursor: &Cursor) -> Stop {
    cursor.mistake("a history either names files or holds its migrations itself")
}

/// What can stand in `#![…]`.
const SETTINGS: &str = "`postgres`, `forbid`, `allow` or `ledger`";

fn settings(cursor: &mut Cursor, list: &mut List) -> Parse<()> {
    let mut seen: Vec<&str> = Vec::new();
    while let Some(mut inner) = inner_attribute(cursor) {
        let Some(word) = inner.peek().filter(|token| token.is_any_word()) else {
            return Err(inner.expected(SETTINGS));
        };
        if seen.contains(&word.text.as_str()) {
            return Err(inner.mistake(format!("`{}` is given twice", word.text)));
        }
        seen.push(&word.text);
        setting(&mut inner, list)?;
        inner.expect_end()?;
    }
    Ok(())
}

fn inner_attribute<'a>(cursor: &mut Cursor<'a>) -> Option<Cursor<'a>> {
    let mut after = *cursor;
    let begins = after.eat_punct('#') && after.eat_punct('!');
    let inner = begins.then(|| after.eat_group(Delimiter::Bracket))??;
    *cursor = after;
    Some(inner)
}

fn setting(cursor: &mut Cursor, list: &mut List) -> Parse<()> {
    if cursor.is_word("allow") {
        list.allow_blocking = allow_blocking(cursor)?;
        list.settings.allow_blocking = true;
        return Ok(());
    }
    let settings = &mut list.settings;
    if cursor.eat_word("postgres") {
        settings.oldest_postgres = postgres(cursor.expect_group(Delimiter::Parenthesis)?)?;
        return Ok(());
    }
    if cursor.eat_word("forbid") {
        let mut inner = cursor.expect_group(Delimiter::Parenthesis)?;
        inner.expect_word("irreversible")?;
        settings.forbid_irreversible = true;
        return inner.expect_end();
    }
    if cursor.eat_word("ledger") {
        let mut inner = cursor.expect_group(Delimiter::Parenthesis)?;
        let path = crate::name::path(&mut inner)?;
        settings.ledger = (path.schema.to_string(), path.name.to_string());
        return inner.expect_end();
    }
    Err(cursor.expected(SETTINGS))
}

/// `allow(blocking, reason = "…")`: of all findings only these are about what
/// the whole history knows, how busy and how large its tables are.
fn allow_blocking(cursor: &mut Cursor) -> Parse<Option<Ident>> {
    let help = "write `#![allow(blocking, reason = \"…\")]` here, and other rules before the \
                statements that need them";
    let rules = allow(cursor, help)?.rules;
    match rules.iter().find(|rule| **rule != BLOCKING) {
        Some(other) => {
            let message = "only `blocking` can be allowed for a whole history";
            Err(Stop::new(other.origin, message).help(help))
        }
        None => Ok(rules.into_iter().next()),
    }
}

/// `14..`
fn postgres(mut cursor: Cursor) -> Parse<u32> {
    let start = cursor;
    let (version, _) = whole_number(&mut cursor)?;
    let range = cursor.eat_punct('.') && cursor.eat_punct('.');
    if !range || !cursor.at_end() {
        return Err(start
            .mistake("expected the oldest supported version, with `..` after it")
            .help("write `#![postgres(14..)]`"));
    }
    match u32::try_from(version) {
        Ok(supported) if version >= OLDEST_POSTGRES => Ok(supported),
        _ => Err(start
            .mistake(format!("PostgreSQL {version} is not supported"))
            .help("write `#![postgres(14..)]`, or a later version")),
    }
}
