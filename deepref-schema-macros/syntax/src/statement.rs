//! Statements: the content of `up` and `down`.

pub(crate) mod column;
pub(crate) mod constraint;
mod data;
mod enums;
pub(crate) mod index;
mod other;
mod run;
mod sequence;
mod table;

use deepref_schema_core::migration::{Allow, Item};
use deepref_schema_core::operation::{
    CreateExtension, CreateSchema, DropEnum, DropExtension, DropSchema, DropSequence, DropTable,
    Operation,
};
use proc_macro2::Delimiter;

use crate::attribute::attributes;
use crate::cursor::Cursor;
use crate::error::{Errors, Parse, Stop};
use crate::keywords;
use crate::name::{name, object, object_name};
use crate::token::{Kind, Token};
use deepref_schema_core::suggest::nearest;

/// The words that begin a statement.
const STATEMENTS: &[&str] =
    &["create", "alter", "drop", "comment", "reindex", "update", "sql", "run"];

/// The statements in the braces of `up` or `down`. After a mistake it goes on
/// with the next statement.
pub(crate) fn block(mut cursor: Cursor, errors: &mut Errors) -> Vec<Item> {
    let mut items = Vec::new();
    while !cursor.at_end() {
        if let Err(stop) = statement(&mut cursor, errors, &mut items) {
            errors.push(stop);
            skip_statement(&mut cursor);
        }
    }
    items
}

/// Moves past the end of a statement that could not be read.
fn skip_statement(cursor: &mut Cursor) {
    while let Some(token) = cursor.bump() {
        if token.punct() == Some(';') {
            return;
        }
        if token.is_group(Delimiter::Brace) {
            cursor.eat_punct(';');
            return;
        }
    }
}

fn statement(cursor: &mut Cursor, errors: &mut Errors, items: &mut Vec<Item>) -> Parse<()> {
    if cursor.is_punct(';') {
        errors.push(cursor.mistake("unexpected `;`").help("a statement with braces needs none"));
        cursor.skip(1);
        return Ok(());
    }
    let allows = attributes(cursor, errors)?;
    let start = *cursor;
    match cursor.peek() {
        Some(Token { kind: Kind::Word, text, .. }) => match text.as_str() {
            "create" => create(cursor, allows, &start, errors, items),
            "alter" => alter(cursor, &allows, &start, errors, items),
            "drop" => simple(drop(cursor), cursor, allows, &start, errors, items),
            "comment" => simple(data::comment(cursor), cursor, allows, &start, errors, items),
            "reindex" => simple(index::reindex(cursor), cursor, allows, &start, errors, items),
            "update" => simple(data::update(cursor), cursor, allows, &start, errors, items),
            "sql" => simple(data::sql(cursor), cursor, allows, &start, errors, items),
            "run" => simple(run::run(cursor), cursor, allows, &start, errors, items),
            _ => Err(other::statement(cursor, text)),
        },
        _ => Err(cursor.expected("a statement")),
    }
}

/// Ends a statement that gave one operation and has no braces.
fn simple(
    operation: Parse<Operation>,
    cursor: &mut Cursor,
    allows: Vec<Allow>,
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
) -> Parse<()> {
    let operation = operation?;
    end(cursor, errors)?;
    items.push(item(operation, allows, start));
    Ok(())
}

fn item(operation: Operation, allows: Vec<Allow>, start: &Cursor) -> Item {
    Item { operation, allows, origin: start.origin() }
}

fn create(
    cursor: &mut Cursor,
    allows: Vec<Allow>,
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
) -> Parse<()> {
    let origin = cursor.expect_word("create")?;
    if cursor.eat_word("table") {
        return table::create(cursor, allows, start, errors, items);
    }
    if cursor.eat_word("enum") {
        return enums::create(cursor, allows, start, errors, items);
    }
    let operation = if cursor.is_word("index") || cursor.are_words(&["unique", "index"]) {
        index::create(cursor, origin)
    } else if cursor.eat_word("extension") {
        extension(cursor)
    } else if cursor.eat_word("schema") {
        schema(cursor)
    } else if cursor.eat_word("sequence") {
        sequence::create(cursor)
    } else {
        Err(other::create(cursor))
    };
    simple(operation, cursor, allows, start, errors, items)
}

fn extension(cursor: &mut Cursor) -> Parse<Operation> {
    let extension = object_name(cursor)?;
    if cursor.are_words(&["with", "schema"]) {
        return Err(cursor
            .mistake("the schema stands directly after the name")
            .help("delete `with`"));
    }
    if cursor.is_word("version") {
        return Err(cursor
            .mistake("the version of an extension is the server's")
            .help("delete it, or write `sql \"CREATE EXTENSION …\"`"));
    }
    let schema = if cursor.eat_word("schema") { Some(name(cursor)?) } else { None };
    Ok(Operation::CreateExtension(CreateExtension { name: extension, schema }))
}

fn schema(cursor: &mut Cursor) -> Parse<Operation> {
    let name = object_name(cursor)?;
    if name.as_str().starts_with("pg_") {
        let message = format!("`{name}`: schemas that begin with `pg_` are PostgreSQL's own");
        return Err(Stop::of("invalid_name", name.origin, message).help("choose another name"));
    }
    Ok(Operation::CreateSchema(CreateSchema { name }))
}

fn alter(
    cursor: &mut Cursor,
    allows: &[Allow],
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
) -> Parse<()> {
    cursor.skip(1);
    if cursor.eat_word("table") {
        return table::alter(cursor, allows, start, errors, items);
    }
    if cursor.eat_word("enum") {
        return enums::alter(cursor, allows, start, errors, items);
    }
    let operation = if cursor.eat_word("index") {
        index::alter(cursor)
    } else if cursor.eat_word("sequence") {
        sequence::alter(cursor)
    } else {
        Err(other::alter(cursor))
    };
    simple(operation, cursor, allows.to_vec(), start, errors, items)
}

fn drop(cursor: &mut Cursor) -> Parse<Operation> {
    cursor.skip(1);
    if cursor.eat_word("table") {
        return Ok(Operation::DropTable(DropTable { name: object(cursor)? }));
    }
    if cursor.eat_word("index") {
        return index::drop(cursor);
    }
    if cursor.eat_word("enum") {
        return Ok(Operation::DropEnum(DropEnum { name: object(cursor)? }));
    }
    if cursor.eat_word("sequence") {
        return Ok(Operation::DropSequence(DropSequence { name: object(cursor)? }));
    }
    if cursor.eat_word("extension") {
        return Ok(Operation::DropExtension(DropExtension { name: object_name(cursor)? }));
    }
    if cursor.eat_word("schema") {
        return Ok(Operation::DropSchema(DropSchema { name: object_name(cursor)? }));
    }
    Err(other::drop(cursor))
}

/// One change without braces, or several in braces.
fn actions<'a>(
    cursor: &mut Cursor<'a>,
    allows: &[Allow],
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
    mut action: impl FnMut(&mut Cursor<'a>) -> Parse<Vec<Operation>>,
) -> Parse<()> {
    let Some(inner) = cursor.eat_group(Delimiter::Brace) else {
        let operations = action(cursor)?;
        table::end_of_action(cursor, errors)?;
        items.extend(operations.into_iter().map(|one| item(one, allows.to_vec(), start)));
        return Ok(());
    };
    if inner.at_end() {
        errors.push(inner.mistake("expected a change, found `}`").help("delete the statement"));
    }
    brace_items(inner, errors, "several changes", |cursor, more, _| {
        let start = *cursor;
        let operations = action(cursor)?;
        let allows = [allows, &more].concat();
        items.extend(operations.into_iter().map(|one| item(one, allows.clone(), &start)));
        Ok(())
    });
    Ok(())
}

/// Items in braces, with commas between them. After a mistake it goes on with
/// the next item.
fn brace_items<'a>(
    mut inner: Cursor<'a>,
    errors: &mut Errors,
    what: &str,
    mut item: impl FnMut(&mut Cursor<'a>, Vec<Allow>, &mut Errors) -> Parse<()>,
) {
    while !inner.at_end() {
        let read = attributes(&mut inner, errors)
            .and_then(|allows| item(&mut inner, allows, errors))
            .and_then(|()| item_end(&inner, what));
        if let Err(stop) = read {
            errors.push(stop);
        }
        while inner.bump().is_some_and(|token| token.punct() != Some(',')) {}
    }
}

/// Looks for the comma after an item.
fn item_end(cursor: &Cursor, what: &str) -> Parse<()> {
    if cursor.at_end() || cursor.is_punct(',') {
        return Ok(());
    }
    if cursor.is_punct(';') {
        return Err(cursor
            .mistake(format!("{what} are separated by `,`, found `;`"))
            .help("write `,`"));
    }
    Err(cursor.expected("`,`").help("a comma ends each item"))
}

/// The `;` of a statement without braces. Where another statement begins
/// instead, that one is still read.
fn end(cursor: &mut Cursor, errors: &mut Errors) -> Parse<()> {
    if cursor.eat_punct(';') {
        return Ok(());
    }
    let stop = match keywords::general_habit(cursor) {
        Some(stop) => stop,
        None => cursor.expected("`;`").help("a semicolon ends each statement that has no braces"),
    };
    if !STATEMENTS.iter().any(|word| cursor.is_word(word)) {
        return Err(stop);
    }
    errors.push(stop);
    Ok(())
}

/// A word that is none of those expected.
pub(crate) fn unknown_word(cursor: &Cursor, expected: &str, candidates: &[&str]) -> Stop {
    let stop = cursor.expected(expected);
    let word = match cursor.peek() {
        Some(Token { kind: Kind::Word, text, .. }) if !keywords::is_shouted_keyword(text) => text,
        _ => return stop,
    };
    match nearest(word, candidates.iter().copied()) {
        Some(near) => stop.help(format!("did you mean `{near}`?")),
        None => stop,
    }
}
