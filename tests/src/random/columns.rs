//! Columns.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{
    AddColumn, AddIdentity, AlterColumnType, ColumnDefinition, DropColumn, DropConstraint,
    DropDefault, DropIdentity, DropNotNull, IdentityDefinition, Operation, RenameColumn,
    SequenceOption, SetDefault, SetNotNull,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{Column, IdentityKind, Schema, Table};
use deepref_schema_core::types::Type;

use super::choice::Choice;
use super::{names, values};

/// A new column.
pub(super) fn definition(
    schema: &Schema,
    others: &[&Column],
    choice: &mut Choice<'_>,
) -> ColumnDefinition {
    let mut column = ColumnDefinition {
        name: names::column(choice),
        ty: values::ty(schema, choice),
        nullable: choice.once_in(2),
        default: None,
        identity: None,
        generated: None,
        collation: None,
    };
    let whole = ["integer", "bigint", "smallint"].iter().any(|name| column.ty.is(name));
    if whole && choice.once_in(4) {
        column.nullable = false;
        if choice.once_in(2) {
            let serial = choice.text(&["serial", "bigserial", "smallserial"]);
            column.ty = Type::builtin(serial);
        } else {
            column.identity = Some(identity(choice));
        }
        return column;
    }
    column.generated =
        choice.once_in(4).then(|| values::generated(&column.ty, others, choice)).flatten();
    if column.generated.is_none() && choice.once_in(2) {
        column.default = values::default(schema, &column.ty, choice);
    }
    let text = column.ty.is("text") || column.ty.is("character varying");
    if text && choice.once_in(4) {
        let collation = choice.text(&["C", "POSIX", "ucs_basic"]);
        column.collation = Some(ObjectName::unqualified(Ident::computed(collation)));
    }
    column
}

fn identity(choice: &mut Choice<'_>) -> IdentityDefinition {
    let none = Origin::NONE;
    let options = match choice.below(4) {
        0 => vec![SequenceOption::Start(1000, none), SequenceOption::Increment(10, none)],
        1 => vec![SequenceOption::Increment(-1, none), SequenceOption::Cycle(true, none)],
        _ => Vec::new(),
    };
    let kind = if choice.once_in(2) { IdentityKind::Always } else { IdentityKind::ByDefault };
    IdentityDefinition { kind, options, sequence_name: None, origin: none }
}

pub(super) fn add(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (name, table) = names::table(schema, choice)?;
    let others: Vec<_> = table.columns.iter().collect();
    let column = definition(schema, &others, choice);
    let mut operations =
        vec![AddColumn { table: name.clone(), column: column.clone(), fill: None }.into()];
    if choice.once_in(3) {
        let made = made(&column);
        let with: Vec<_> = others.iter().copied().chain([&made]).collect();
        operations.extend(super::constraints::add_to(schema, &name, &with, choice));
    }
    Some(operations)
}

/// The column that a definition makes, as far as expressions ask.
pub(super) fn made(definition: &ColumnDefinition) -> Column {
    let ty = match definition.ty.name.as_str() {
        "serial" => Type::builtin("integer"),
        "bigserial" => Type::builtin("bigint"),
        "smallserial" => Type::builtin("smallint"),
        _ => definition.ty.clone(),
    };
    Column {
        name: definition.name.clone(),
        ty,
        nullable: definition.nullable,
        default: definition.default.clone(),
        identity: None,
        generated: definition.generated.clone(),
        collation: definition.collation.clone(),
        comment: None,
        made: deepref_schema_core::schema::Made::default(),
    }
}

/// Drops a column, sometimes with what stands in the way.
pub(super) fn drop(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (name, table) = names::table(schema, choice)?;
    let column = choice.of(&table.columns)?;
    let mut operations = Vec::new();
    if choice.once_in(2) {
        operations.extend(users(schema, &name, table, &column));
    }
    let has_value =
        column.default.is_some() || column.identity.is_some() || column.generated.is_some();
    let restore = (!column.nullable && !has_value && values::words(&column.ty))
        .then(|| values::filling(&column.ty));
    operations.push(DropColumn { table: name, column: column.name.clone(), restore }.into());
    Some(operations)
}

/// What drops the users of a column: foreign keys to it, columns that are made of it.
fn users(schema: &Schema, name: &ObjectName, table: &Table, column: &Column) -> Vec<Operation> {
    let foreign = schema.foreign_keys_to(name).into_iter();
    let foreign = foreign.filter(|(_, _, foreign)| foreign.referenced.contains(&column.name));
    let foreign = foreign.map(|(table, name, _)| {
        Operation::from(DropConstraint { table: table.clone(), name: name.clone() })
    });
    let made_of = table.columns.iter().filter(|other| {
        other.generated.as_ref().is_some_and(|expr| expr.uses_column(column.name.as_str()))
    });
    let made_of = made_of.map(|other| {
        DropColumn { table: name.clone(), column: other.name.clone(), restore: None }.into()
    });
    foreign.chain(made_of).collect()
}

pub(super) fn rename(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (table, of) = names::table(schema, choice)?;
    let column = choice.of(&of.columns)?.name;
    Some(vec![RenameColumn { table, column, to: names::column(choice) }.into()])
}

/// One of the changes of a column.
pub(super) fn change(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (table, of) = names::table(schema, choice)?;
    let found = choice.of(&of.columns)?;
    let column = found.name.clone();
    let operation: Operation = match choice.below(8) {
        0 | 1 => retype(schema, table, &found, choice),
        2 | 3 => SetDefault { table, column, default: values::default(schema, &found.ty, choice)? }
            .into(),
        4 if found.default.is_some() => DropDefault { table, column }.into(),
        4 | 5 if found.identity.is_some() => DropIdentity { table, column }.into(),
        4 | 5 if !found.nullable && ["integer", "bigint"].iter().any(|name| found.ty.is(name)) => {
            AddIdentity { table, column, identity: identity(choice) }.into()
        }
        _ if found.nullable => SetNotNull { table, column, concurrently: choice.once_in(2) }.into(),
        _ => DropNotNull { table, column }.into(),
    };
    Some(vec![operation])
}

fn retype(
    schema: &Schema,
    table: ObjectName,
    found: &Column,
    choice: &mut Choice<'_>,
) -> Operation {
    let ty = values::ty(schema, choice);
    let cast = |ty: &Type| {
        let text = if ty.array && found.ty.array { "text[]" } else { "text" };
        Expr::computed(format!("{}::{text}::{}", found.name.sql(), ty.sql()))
    };
    let words = names::is_word(&found.name) && values::words(&ty) && values::words(&found.ty);
    let written = words && !choice.once_in(3);
    let using = written.then(|| cast(&ty));
    let revert_using = written.then(|| cast(&found.ty));
    let column = found.name.clone();
    AlterColumnType { table, column, ty, collation: None, using, revert_using }.into()
}
