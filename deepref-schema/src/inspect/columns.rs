use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::schema::{Column, Identity, IdentityKind, Made};

use super::rows::Row;
use super::sequences::Identities;
use super::types;

/// A column of a table.
pub(super) fn read(table: &ObjectName, row: &Row, identities: &Identities) -> Column {
    let name = row.name(2);
    let kind = match row.text(11) {
        "a" => Some(IdentityKind::Always),
        "d" => Some(IdentityKind::ByDefault),
        _ => None,
    };
    let identity = kind.and_then(|kind| {
        let (sequence_name, sequence) = identities.get(&(table.clone(), name.clone()))?.clone();
        Some(Identity { kind, sequence_name, sequence })
    });
    let is_generated = !row.text(10).is_empty();
    let (default, generated) = match is_generated {
        true => (None, row.expression(9)),
        false => (row.expression(9), None),
    };
    Column {
        ty: types::read(row.text(4), row.text(5), row.text(6), row.text(7), row.is(8)),
        nullable: !row.is(3),
        default,
        identity,
        generated,
        collation: row.optional_object(12, 13),
        comment: row.owned(14),
        made: Made::default(),
        name,
    }
}
