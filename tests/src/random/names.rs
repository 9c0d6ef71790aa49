//! Names: plain, long, reserved, no words, and such that differ by their case alone.

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::schema::{Schema, Table};

use super::choice::Choice;

const LONG: &str = "a_name_that_is_as_long_as_postgresql_keeps_it_and_not_longer_63";

const NAMES: &[&str] = &[
    "users",
    "Users",
    "USERS",
    "orders",
    "order",
    "user",
    "select",
    "type",
    "item",
    "Item",
    "t",
    "T",
    "value",
    "key",
    "größe",
    "a b",
    "it's",
    "say \"x\"",
    "a.b",
    "1st",
    "id",
    "ID",
    "Id",
    "name",
    "concurrently",
    "none",
    "using",
    "nulls",
    "on",
    "default",
    "unique",
    "x_1",
    "users_id_seq",
    "users_pkey",
    "order_key",
    "t_check",
    "cOlUmN",
    "year",
    "current_user",
    "_",
    "self",
    LONG,
    "another_name_that_is_as_long_as_postgresql_keeps_it_and_not_long",
];

/// Words that can stand in expressions.
const WORDS: &[&str] = &[
    "id",
    "ID",
    "Id",
    "name",
    "Name",
    "order",
    "user",
    "type",
    "value",
    "no",
    "note",
    "kind",
    "year",
    "select",
    "größe",
    "price",
    "Total",
    "created_at",
    "createdAt",
    "a",
    "b",
    "A",
    "day",
    "at",
    LONG,
];

/// A new name.
pub(super) fn name(choice: &mut Choice<'_>) -> Ident {
    Ident::computed(choice.text(NAMES))
}

/// A new name of a column; seldom one that can not stand in an expression.
pub(super) fn column(choice: &mut Choice<'_>) -> Ident {
    if choice.once_in(8) { name(choice) } else { Ident::computed(choice.text(WORDS)) }
}

/// A name, or none, so that PostgreSQL chooses one.
pub(super) fn optional(choice: &mut Choice<'_>) -> Option<Ident> {
    choice.once_in(2).then(|| name(choice))
}

/// A new name in one of the schemas.
pub(super) fn object(schema: &Schema, choice: &mut Choice<'_>) -> ObjectName {
    let name = name(choice);
    let namespaces: Vec<_> = schema.namespaces.keys().cloned().collect();
    match choice.once_in(4) {
        true => choice.of(&namespaces).map_or_else(
            || ObjectName::unqualified(name.clone()),
            |namespace| ObjectName::qualified(namespace, name.clone()),
        ),
        false => ObjectName::unqualified(name),
    }
}

/// A table that is there.
pub(super) fn table<'a>(
    schema: &'a Schema,
    choice: &mut Choice<'_>,
) -> Option<(ObjectName, &'a Table)> {
    let names: Vec<_> = schema.tables.keys().cloned().collect();
    let name = choice.of(&names)?;
    Some((name.clone(), schema.table(&name)?))
}

/// Whether a name can stand in an expression.
pub(super) fn is_word(name: &Ident) -> bool {
    let is_letter = |char: char| char == '_' || char.is_alphabetic();
    name.as_str().starts_with(is_letter)
        && name.as_str().chars().all(|char| is_letter(char) || char.is_ascii_digit())
}
