//! `serial`: a sequence, a column that draws from it, and its ownership.

use crate::ident::{Ident, ObjectName};
use crate::operation::{
    AddColumn, ColumnDefinition, CreateSequence, CreateTable, Operation, SequenceOption, TableItem,
};
use crate::schema::{Owner, nextval};

/// The one operation with `serial` columns that several operations amount to,
/// and how many these are.
pub(super) fn collapsed(operations: &[Operation]) -> Option<(usize, Operation)> {
    let created = operations.iter().map_while(created).collect::<Vec<_>>();
    let main = operations.get(created.len()).filter(|_| !created.is_empty())?;
    let owned = operations[created.len() + 1..].iter().map_while(owned).take(created.len());
    let owned: Vec<_> = owned.collect();
    if owned.len() < created.len() {
        return None;
    }
    let serial = |table: &ObjectName, column: &ColumnDefinition| {
        let (name, _) = owned.iter().find(|(name, owner)| {
            owner.table == *table
                && owner.column == column.name
                && created.iter().any(|create| create.name == **name)
        })?;
        (column.default == Some(nextval(name))).then(|| serial(column)).flatten()
    };
    let mut done = 0;
    let mut replace = |table: &ObjectName, column: &ColumnDefinition| match serial(table, column) {
        Some(column) => {
            done += 1;
            column
        }
        None => column.clone(),
    };
    let collapsed = match main {
        Operation::AddColumn(add) => {
            let column = replace(&add.table, &add.column);
            Operation::from(AddColumn { column, ..add.clone() })
        }
        Operation::CreateTable(create) => {
            let items = create.items.iter().map(|item| match item {
                TableItem::Column(column) => TableItem::Column(replace(&create.name, column)),
                other => other.clone(),
            });
            let items = items.collect();
            Operation::from(CreateTable { name: create.name.clone(), items })
        }
        _ => return None,
    };
    (done == created.len()).then_some((created.len() * 2 + 1, collapsed))
}

fn created(operation: &Operation) -> Option<&CreateSequence> {
    match operation {
        Operation::CreateSequence(create) => Some(create),
        _ => None,
    }
}

fn owned(operation: &Operation) -> Option<(&ObjectName, &Owner)> {
    match operation {
        Operation::AlterSequence(alter) => match alter.options.as_slice() {
            [SequenceOption::OwnedBy(Some(owner), _)] => Some((&alter.name, owner)),
            _ => None,
        },
        _ => None,
    }
}

/// The column as `serial`, which is never null.
fn serial(column: &ColumnDefinition) -> Option<ColumnDefinition> {
    let ty = match column.ty.name.as_str() {
        _ if column.nullable || column.ty.schema.is_some() || column.ty.array => return None,
        "smallint" => "smallserial",
        "integer" => "serial",
        "bigint" => "bigserial",
        _ => return None,
    };
    let mut column = column.clone();
    column.ty.name = Ident::computed(ty);
    column.default = None;
    Some(column)
}
