//! Tables, put together from their parts.

use std::collections::{HashMap, HashSet};

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::schema::Table;

use super::queries::Answers;
use super::references::References;
use super::rows::Row;
use super::sequences::Identities;
use super::{columns, constraints, indexes};

pub(super) fn read(
    answers: &Answers,
    references: &References<'_>,
    identities: &Identities<'_>,
) -> Vec<(ObjectName, Table)> {
    let mut tables = HashMap::<&str, Table>::new();
    for row in &answers.tables {
        let comment = references.comment("pg_class", row.text(0), "0");
        tables.insert(row.text(0), Table { comment, ..Table::default() });
    }
    for row in in_order(&answers.columns) {
        if let Some(table) = tables.get_mut(row.text(0)) {
            table.columns.extend(columns::read(row, references, identities));
        }
    }
    let indexes = indexes::read(&answers.indexes, &answers.expressions, references);
    let of_constraints: HashSet<_> =
        answers.constraints.iter().filter_map(constraints::made_index).collect();
    for row in &answers.constraints {
        if let (Some(table), Some(constraint)) =
            (tables.get_mut(row.text(1)), constraints::read(row, references, &indexes))
        {
            table.constraints.insert(row.name(2), constraint);
        }
    }
    for (number, read) in indexes {
        if let (Some(table), false) = (tables.get_mut(read.table), of_constraints.contains(number))
        {
            table.indexes.insert(read.name, read.index);
        }
    }
    let named = answers
        .tables
        .iter()
        .filter_map(|row| Some((row.object(1, 2), tables.remove(row.text(0))?)));
    named.collect()
}

/// Columns by their numbers, as they stand in their tables.
fn in_order(columns: &[Row]) -> Vec<&Row> {
    let mut columns: Vec<_> = columns.iter().collect();
    columns.sort_by_cached_key(|row| row.number(1));
    columns
}
