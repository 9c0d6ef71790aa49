//! Sequences, and those of identity columns.

use std::collections::BTreeMap;

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::schema::{Made, Owner, Sequence};
use deepref_schema_core::types::Type;

use super::rows::Row;

/// The sequence of each identity column, by table and column.
pub(super) type Identities = BTreeMap<(ObjectName, Ident), (ObjectName, Sequence)>;

/// What was read.
pub(super) struct Sequences {
    /// The sequences that are objects of their own, owned by a column or not.
    pub(super) free: Vec<(ObjectName, Sequence)>,
    /// Those that belong to identity columns.
    pub(super) identities: Identities,
}

pub(super) fn read(rows: &[Row]) -> Sequences {
    let mut read = Sequences { free: Vec::new(), identities: Identities::new() };
    for row in rows {
        let (name, sequence) = (row.object(0, 1), sequence(row));
        let column = row.get(11).map(|_| (row.object(10, 11), row.name(12)));
        match (row.get(9), column) {
            (Some("i"), Some(column)) => {
                read.identities.insert(column, (name, sequence));
            }
            (Some(_), Some((table, column))) => {
                let owner = Some(Owner { table, column });
                read.free.push((name, Sequence { owner, ..sequence }));
            }
            _ => read.free.push((name, sequence)),
        }
    }
    read
}

fn sequence(row: &Row) -> Sequence {
    Sequence {
        ty: Type::builtin(row.text(2)),
        increment: row.number(3),
        min: row.number(4),
        max: row.number(5),
        start: row.number(6),
        cache: row.number(7),
        cycle: row.is(8),
        owner: None,
        comment: row.owned(13),
        made: Made::default(),
    }
}
