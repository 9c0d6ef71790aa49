use std::collections::HashMap;

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::schema::{Column, Identity, IdentityKind, Made};

use super::rows::Row;
use super::sequences::Identities;
use super::types::Types;

/// The names of columns, by the object identifier of the table and their
/// number in it.
pub(super) type Numbered<'a> = HashMap<(&'a str, &'a str), Ident>;

pub(super) fn numbered(rows: &[Row]) -> Numbered<'_> {
    rows.iter().map(|row| ((row.text(12), row.text(13)), row.name(2))).collect()
}

/// A column of a table; its type is among the types.
pub(super) fn read(
    table: &ObjectName,
    row: &Row,
    types: &Types<'_>,
    identities: &Identities,
) -> Option<Column> {
    let name = row.name(2);
    let kind = match row.text(8) {
        "a" => Some(IdentityKind::Always),
        "d" => Some(IdentityKind::ByDefault),
        _ => None,
    };
    let identity = kind.and_then(|kind| {
        let (sequence_name, sequence) = identities.get(&(table.clone(), name.clone()))?.clone();
        Some(Identity { kind, sequence_name, sequence })
    });
    let is_generated = !row.text(7).is_empty();
    let (default, generated) = match is_generated {
        true => (None, row.expression(6)),
        false => (row.expression(6), None),
    };
    Some(Column {
        ty: types.get(&(row.text(4), row.text(5)))?.clone(),
        nullable: !row.is(3),
        default,
        identity,
        generated,
        collation: row.optional_object(9, 10),
        comment: row.owned(11),
        made: Made::default(),
        name,
    })
}
