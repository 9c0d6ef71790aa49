//! `#[allow(…)]`, `#[irreversible(…)]`, `#[replaces(…)]` and the limits.

mod limits;

use deepref_schema_core::limits::Limits;
use deepref_schema_core::migration::{Allow, Irreversible, Replaced};
use deepref_schema_core::seal::unhex;
use proc_macro2::Delimiter;

use crate::cursor::Cursor;
use crate::error::{Errors, Parse, Stop};
use crate::keywords;
use crate::name::{name, string, whole_number};
use crate::statement::unknown_word;
use crate::token::{Kind, Token};
pub(crate) use limits::LIMITS;

/// How findings are accepted.
const ALLOW: &str = "write `#[allow(rule, reason = \"…\")]`";

/// The attributes of a statement or of an item in its braces.
pub(crate) fn attributes(cursor: &mut Cursor, errors: &mut Errors) -> Parse<Vec<Allow>> {
    let mut allows = Vec::new();
    loop {
        if matches!(cursor.peek(), Some(Token { kind: Kind::Doc, .. })) {
            errors.push(keywords::doc(cursor));
            cursor.skip(1);
        } else if let Some(mut inner) = attribute(cursor) {
            if LIMITS.iter().any(|name| inner.is_word(name)) {
                let stop = inner.mistake(format!("{} is about a whole migration", inner.found()));
                return Err(stop.help("write it before the migration's name"));
            }
            if !inner.is_word("allow") {
                return Err(inner.expected("`allow`").help(ALLOW));
            }
            allows.push(allow(&mut inner, ALLOW)?);
        } else {
            return Ok(allows);
        }
    }
}

/// What stands before the name of a migration.
#[derive(Default)]
pub(crate) struct Head {
    pub(crate) text: String,
    pub(crate) allows: Vec<Allow>,
    pub(crate) irreversible: Option<Irreversible>,
    pub(crate) replaces: Vec<Replaced>,
    pub(crate) limits: Limits,
}

/// The attributes of a migration.
pub(crate) fn head(cursor: &mut Cursor) -> Parse<Head> {
    let mut head = Head::default();
    loop {
        if let Some(Token { kind: Kind::Doc, text, .. }) = cursor.peek() {
            add_line(&mut head.text, text);
            cursor.skip(1);
        } else if let Some(mut inner) = attribute(cursor) {
            if inner.is_word("allow") {
                head.allows.push(allow(&mut inner, ALLOW)?);
            } else if inner.is_word("irreversible") && head.irreversible.is_none() {
                head.irreversible = Some(irreversible(&mut inner)?);
            } else if inner.is_word("irreversible") {
                return Err(inner.mistake("`irreversible` is given twice"));
            } else if inner.is_word("replaces") && head.replaces.is_empty() {
                head.replaces = replaces(&mut inner)?;
            } else if inner.is_word("replaces") {
                return Err(inner.mistake("`replaces` is given twice"));
            } else if !limits::limit(&mut inner, &mut head.limits)? {
                return Err(unknown_attribute(&inner));
            }
        } else {
            head.text.truncate(head.text.trim_end().len());
            return Ok(head);
        }
    }
}

fn unknown_attribute(cursor: &Cursor) -> Stop {
    let names = [&["allow", "irreversible", "replaces"], LIMITS.as_slice()].concat();
    let stop = unknown_word(cursor, "an attribute of a migration", &names);
    stop.help(
        "they are `allow`, `irreversible`, `replaces`, `lock_timeout`, `statement_timeout`, \
         `idle_in_transaction_session_timeout` and `attempts`",
    )
}

/// The text of the doc comments that stand here.
pub(crate) fn doc(cursor: &mut Cursor) -> String {
    let mut text = String::new();
    while let Some(Token { kind: Kind::Doc, text: line, .. }) = cursor.peek() {
        add_line(&mut text, line);
        cursor.skip(1);
    }
    text.truncate(text.trim_end().len());
    text
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line.strip_prefix(' ').unwrap_or(line));
}

/// The inside of `#[…]`, if one stands here.
fn attribute<'a>(cursor: &mut Cursor<'a>) -> Option<Cursor<'a>> {
    let mut after = *cursor;
    let inner = after.eat_punct('#').then(|| after.eat_group(Delimiter::Bracket))??;
    *cursor = after;
    Some(inner)
}

/// `allow(rule, …, reason = "…")`
pub(crate) fn allow(cursor: &mut Cursor, help: &str) -> Parse<Allow> {
    let start = *cursor;
    let origin = cursor.expect_word("allow")?;
    let mut inner = cursor.expect_group(Delimiter::Parenthesis)?;
    cursor.expect_end()?;
    let mut rules = Vec::new();
    let at_reason = |inner: &Cursor| inner.is_word("reason") && inner.is_punct_at(1, '=');
    while !inner.at_end() && !at_reason(&inner) {
        rules.push(name(&mut inner)?);
        if !inner.at_end() {
            inner.expect_punct(',')?;
        }
    }
    if rules.is_empty() {
        return Err(start.mistake("`allow` needs a rule").help(help));
    }
    if inner.at_end() {
        return Err(start.mistake("`allow` needs a reason").help(help));
    }
    Ok(Allow { rules, reason: reason(&mut inner)?, origin })
}

fn irreversible(cursor: &mut Cursor) -> Parse<Irreversible> {
    let start = *cursor;
    let origin = cursor.expect_word("irreversible")?;
    let Some(mut inner) = cursor.eat_group(Delimiter::Parenthesis) else {
        return Err(start
            .mistake("`irreversible` needs a reason")
            .help("write `#[irreversible(reason = \"…\")]`"));
    };
    cursor.expect_end()?;
    Ok(Irreversible { reason: reason(&mut inner)?, origin })
}

/// `replaces(INT = "…", …)`
fn replaces(cursor: &mut Cursor) -> Parse<Vec<Replaced>> {
    let start = *cursor;
    let help = "`cargo migrate squash` writes it: `#[replaces(1732025000001 = \"…\", …)]`";
    cursor.expect_word("replaces")?;
    let Some(mut inner) = cursor.eat_group(Delimiter::Parenthesis) else {
        return Err(start.mistake("`replaces` needs the migrations that were squashed").help(help));
    };
    cursor.expect_end()?;
    let mut replaces: Vec<Replaced> = Vec::new();
    while !inner.at_end() {
        let at_version = inner;
        let (version, _) = whole_number(&mut inner)?;
        if replaces.last().is_some_and(|last| last.version >= version) {
            return Err(at_version.mistake("the versions in `replaces` ascend").help(help));
        }
        inner.expect_punct('=')?;
        let at_checksum = inner;
        let (digits, _) = string(&mut inner, "a checksum")?;
        let checksum = unhex(&digits).ok_or_else(|| {
            at_checksum.mistake("a checksum has 64 hexadecimal digits").help(help)
        })?;
        replaces.push(Replaced { version, checksum });
        if !inner.at_end() {
            inner.expect_punct(',')?;
        }
    }
    if replaces.is_empty() {
        return Err(start.mistake("`replaces` needs the migrations that were squashed").help(help));
    }
    Ok(replaces)
}

/// `reason = "…"`, up to the end.
fn reason(cursor: &mut Cursor) -> Parse<String> {
    cursor.expect_word("reason")?;
    cursor.expect_punct('=')?;
    let at_text = *cursor;
    let (reason, _) = string(cursor, "a string")?;
    if reason.trim().is_empty() {
        return Err(at_text.mistake("the reason is empty"));
    }
    cursor.eat_punct(',');
    cursor.expect_end()?;
    Ok(reason)
}
