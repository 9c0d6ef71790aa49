//! Tables.

use deepref_schema_core::operation::{
    ConstraintDefinition, ConstraintForm, CreateTable, DropConstraint, DropTable, Operation,
    RenameTable, TableItem,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{Column, Deferral, Key, Schema};

use super::choice::Choice;
use super::{columns, constraints, names};

/// A new table; most have a primary key.
pub(super) fn create(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let mut made: Vec<Column> = Vec::new();
    let mut items = Vec::new();
    for _ in 0..1 + choice.below(5) {
        let others: Vec<_> = made.iter().collect();
        let column = columns::definition(schema, &others, choice);
        if made.iter().all(|other| other.name != column.name) {
            made.push(columns::made(&column));
            items.push(TableItem::Column(column));
        }
    }
    if !choice.once_in(4) {
        items.push(TableItem::Constraint(primary_key(&made[0], choice)));
    }
    let all: Vec<_> = made.iter().collect();
    for _ in 0..choice.below(3) {
        let constraint = constraints::definition(schema, &all, choice);
        let constraint =
            constraint.filter(|one| !matches!(one.form, ConstraintForm::PrimaryKey(_)));
        items.extend(constraint.map(TableItem::Constraint));
    }
    Some(vec![CreateTable { name: names::object(schema, choice), items }.into()])
}

fn primary_key(column: &Column, choice: &mut Choice<'_>) -> ConstraintDefinition {
    let key = Key { columns: vec![column.name.clone()], ..Key::default() };
    ConstraintDefinition {
        name: names::optional(choice),
        form: ConstraintForm::PrimaryKey(key),
        deferral: Deferral::NotDeferrable,
        not_valid: false,
        origin: Origin::NONE,
    }
}

/// Drops a table, sometimes with the foreign keys that refer to it.
pub(super) fn drop(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (name, _) = names::table(schema, choice)?;
    let mut operations: Vec<Operation> = Vec::new();
    if choice.once_in(2) {
        let inbound = schema.inbound_foreign_keys(&name).into_iter();
        operations.extend(inbound.map(|(table, name, _)| {
            Operation::from(DropConstraint { table: table.clone(), name: name.clone() })
        }));
    }
    operations.push(DropTable { name }.into());
    Some(operations)
}

pub(super) fn rename(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (table, _) = names::table(schema, choice)?;
    Some(vec![RenameTable { table, to: names::name(choice) }.into()])
}
