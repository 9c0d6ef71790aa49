//! Tables, put together from their parts.

use std::collections::BTreeMap;

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::schema::Table;

use super::queries::Answers;
use super::sequences::Identities;
use super::{columns, constraints, indexes, types};

pub(super) fn read(answers: &Answers, identities: &Identities) -> BTreeMap<ObjectName, Table> {
    let mut tables = BTreeMap::new();
    for row in &answers.tables {
        tables.insert(row.object(0, 1), Table { comment: row.owned(2), ..Table::default() });
    }
    let types = types::all(&answers.types);
    for row in &answers.columns {
        let name = row.object(0, 1);
        if let Some(table) = tables.get_mut(&name) {
            table.columns.extend(columns::read(&name, row, &types, identities));
        }
    }
    let indexes = indexes::read(&answers.indexes, &answers.elements);
    let numbered = columns::numbered(&answers.columns);
    for row in &answers.constraints {
        if let (Some(table), Some(constraint)) =
            (tables.get_mut(&row.object(0, 1)), constraints::read(row, &numbered, &indexes))
        {
            table.constraints.insert(row.name(2), constraint);
        }
    }
    for read in indexes.into_values().filter(|read| !read.of_constraint) {
        if let Some(table) = tables.get_mut(&read.table) {
            table.indexes.insert(read.name, read.index);
        }
    }
    tables
}
