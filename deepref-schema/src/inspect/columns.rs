use deepref_schema_core::schema::{Column, Identity, IdentityKind, Made};

use super::references::References;
use super::rows::Row;
use super::sequences::Identities;

/// A column of a table; its type is among the types.
pub(super) fn read(
    row: &Row,
    references: &References<'_>,
    identities: &Identities<'_>,
) -> Option<Column> {
    let kind = match row.text(8) {
        "a" => Some(IdentityKind::Always),
        "d" => Some(IdentityKind::ByDefault),
        _ => None,
    };
    let identity = kind.and_then(|kind| {
        let (sequence_name, sequence) = identities.get(&(row.text(0), row.text(1)))?.clone();
        Some(Identity { kind, sequence_name, sequence })
    });
    let is_generated = !row.text(7).is_empty();
    let (default, generated) = match is_generated {
        true => (None, row.expression(9)),
        false => (row.expression(9), None),
    };
    let (ty, collation) = references.types.get(&(row.text(4), row.text(5)))?;
    Some(Column {
        ty: ty.clone(),
        nullable: !row.is(3),
        default,
        identity,
        generated,
        collation: references.collation(row.text(6), Some(collation)),
        comment: references.comment("pg_class", row.text(0), row.text(1)),
        made: Made::default(),
        name: row.name(2),
    })
}
