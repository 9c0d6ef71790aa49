//! Sequences, and those of identity columns.

use std::collections::HashMap;

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::schema::{Made, Owner, Sequence};
use deepref_schema_core::types::Type;

use super::references::References;
use super::rows::Row;

/// The sequence of each identity column, by the table and the number in it.
pub(super) type Identities<'a> = HashMap<(&'a str, &'a str), (ObjectName, Sequence)>;

/// What was read.
pub(super) struct Sequences<'a> {
    /// The sequences that are objects of their own, owned by a column or not.
    pub(super) free: Vec<(ObjectName, Sequence)>,
    /// Those that belong to identity columns.
    pub(super) identities: Identities<'a>,
}

/// The sequences, without those of tables that the model does not have.
pub(super) fn read<'a>(rows: &'a [Row], references: &References<'a>) -> Sequences<'a> {
    let mut read = Sequences { free: Vec::new(), identities: Identities::new() };
    for row in rows {
        let (name, sequence) = (row.object(0, 1), sequence(row, references));
        let Some(kind) = row.get(9) else {
            read.free.push((name, sequence));
            continue;
        };
        let (owner, number) = (row.text(10), row.text(11));
        let (Some(table), Some(column)) =
            (references.table(owner), references.column(owner, number))
        else {
            continue;
        };
        if kind == "i" {
            read.identities.insert((owner, number), (name, sequence));
        } else {
            let owner = Some(Owner { table: table.clone(), column: column.name(2) });
            read.free.push((name, Sequence { owner, ..sequence }));
        }
    }
    read
}

fn sequence(row: &Row, references: &References<'_>) -> Sequence {
    Sequence {
        ty: Type::builtin(row.text(2)),
        increment: row.number(3),
        min: row.number(4),
        max: row.number(5),
        start: row.number(6),
        cache: row.number(7),
        cycle: row.is(8),
        owner: None,
        comment: references.comment("pg_class", row.text(12), "0"),
        made: Made::default(),
    }
}
