//! Enum types.

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::migration::{Allow, Item};
use deepref_schema_core::operation::{
    AddEnumValue, CreateEnum, DropEnumValue, Operation, RenameEnum, RenameEnumValue, ValuePosition,
};
use proc_macro2::Delimiter;

use super::table::new_name;
use super::{actions, brace_items, item, unknown_word};
use crate::cursor::Cursor;
use crate::error::{Errors, Parse};
use crate::keywords;
use crate::name::{name, object};

/// `PATH { … }`, after `create enum`.
pub(super) fn create(
    cursor: &mut Cursor,
    mut allows: Vec<Allow>,
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
) -> Parse<()> {
    let enum_name = object(cursor)?;
    if cursor.is_group(Delimiter::Parenthesis) {
        return Err(cursor
            .mistake("the values of an enum stand in braces")
            .help("write `{ a, b }`"));
    }
    let inner = cursor.expect_group(Delimiter::Brace)?;
    if inner.at_end() {
        errors.push(inner.mistake("an enum needs a value").help("write `{ a, b }`"));
        return Ok(());
    }
    let mut values = Vec::new();
    brace_items(inner, errors, "the values of an enum", |cursor, more, _| {
        allows.extend(more);
        values.push(name(cursor)?);
        Ok(())
    });
    let operation = Operation::CreateEnum(CreateEnum { name: enum_name, values });
    items.push(item(operation, allows, start));
    Ok(())
}

/// `PATH action`, after `alter enum`.
pub(super) fn alter(
    cursor: &mut Cursor,
    allows: &[Allow],
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
) -> Parse<()> {
    let name = object(cursor)?;
    actions(cursor, allows, start, errors, items, |cursor| {
        action(cursor, &name).map(|operation| vec![operation])
    })
}

fn action(cursor: &mut Cursor, enum_name: &ObjectName) -> Parse<Operation> {
    let of = enum_name.clone();
    if cursor.eat_words(&["add", "value"]) {
        keywords::refuse_if_exists(cursor)?;
        let value = name(cursor)?;
        let position = position(cursor)?;
        return Ok(Operation::AddEnumValue(AddEnumValue { name: of, value, position }));
    }
    if cursor.eat_words(&["rename", "value"]) {
        let (value, to) = (name(cursor)?, new_name(cursor)?);
        return Ok(Operation::RenameEnumValue(RenameEnumValue { name: of, value, to }));
    }
    if cursor.eat_words(&["drop", "value"]) {
        let value = name(cursor)?;
        return Ok(Operation::DropEnumValue(DropEnumValue { name: of, value }));
    }
    if cursor.are_words(&["rename", "to"]) {
        cursor.skip(1);
        return Ok(Operation::RenameEnum(RenameEnum { name: of, to: new_name(cursor)? }));
    }
    if let Some(word) = ["add", "rename", "drop"].into_iter().find(|word| cursor.eat_word(word)) {
        let stop = cursor.expected("`value`");
        return Err(match cursor.peek() {
            Some(token) => stop.help(format!("write `{word} value {}`", token.display())),
            None => stop,
        });
    }
    Err(unknown_word(
        cursor,
        "`add value`, `rename value`, `drop value` or `rename to`",
        &["add", "rename", "drop"],
    ))
}

fn position(cursor: &mut Cursor) -> Parse<ValuePosition> {
    if cursor.eat_word("before") {
        return name(cursor).map(ValuePosition::Before);
    }
    if cursor.eat_word("after") {
        return name(cursor).map(ValuePosition::After);
    }
    Ok(ValuePosition::Last)
}
