//! Tables and their changes.

use super::column::{column, identity, stands_beside};
use super::constraint::constraint;
use super::expression::expression;
use super::layout::Line;
use super::name::{name, system_path};
use super::types::ty;
use crate::ident::ObjectName;
use crate::operation::{
    AddConstraint, AlterColumnType, ConstraintDefinition, CreateTable, DropColumn, Operation,
    TableItem,
};

/// The items of a table, the columns apart from the constraints.
pub(super) fn sections(create: &CreateTable) -> Result<Vec<Vec<Line>>, String> {
    let (mut sections, mut was_column): (Vec<Vec<Line>>, bool) = (Vec::new(), false);
    let mut items = create.items.iter().peekable();
    while let Some(item) = items.next() {
        let (parts, is_column) = match item {
            TableItem::Constraint(of) => (constraint(of)?, false),
            TableItem::Column(of) => {
                let mut beside: Vec<&ConstraintDefinition> = Vec::new();
                while let Some(TableItem::Constraint(next)) = items.peek()
                    && stands_beside(next, of, &beside)
                {
                    beside.push(next);
                    items.next();
                }
                (column(of, &beside)?, true)
            }
        };
        let line = Line::new(parts);
        match sections.last_mut().filter(|_| was_column == is_column) {
            Some(section) => section.push(line),
            None => sections.push(vec![line]),
        }
        was_column = is_column;
    }
    Ok(sections)
}

/// The table that an operation changes, in one of its changes that can stand
/// beside others.
pub(super) fn changed(operation: &Operation) -> Option<&ObjectName> {
    Some(match operation {
        Operation::AddColumn(add) => &add.table,
        Operation::DropColumn(drop) => &drop.table,
        Operation::RenameColumn(rename) => &rename.table,
        Operation::AlterColumnType(alter) => &alter.table,
        Operation::SetDefault(set) => &set.table,
        Operation::DropDefault(drop) => &drop.table,
        Operation::SetNotNull(set) => &set.table,
        Operation::DropNotNull(drop) => &drop.table,
        Operation::AddIdentity(add) => &add.table,
        Operation::DropIdentity(drop) => &drop.table,
        Operation::AddConstraint(add) => &add.table,
        Operation::DropConstraint(drop) => &drop.table,
        Operation::RenameConstraint(rename) => &rename.table,
        Operation::ValidateConstraint(validate) => &validate.table,
        Operation::RenameTable(rename) => &rename.table,
        _ => return None,
    })
}

/// The parts of what stands after `alter table t`; `beside` holds the
/// constraints that are written beside a new column.
pub(super) fn change(
    operation: &Operation,
    beside: &[&ConstraintDefinition],
) -> Result<Vec<String>, String> {
    let one = |text: String| Ok(vec![text]);
    let alter = |of, what: &str| Ok(vec![format!("alter column {} {what}", name(of)?)]);
    match operation {
        Operation::AddColumn(add) if add.fill.is_some() => {
            Err("a new column is filled by an `update` after it".to_owned())
        }
        Operation::AddColumn(add) => after("add column", column(&add.column, beside)?),
        Operation::DropColumn(drop) => drop_column(drop),
        Operation::RenameColumn(rename) => {
            one(format!("rename column {} to {}", name(&rename.column)?, name(&rename.to)?))
        }
        Operation::AlterColumnType(alter) => alter_type(alter),
        Operation::SetDefault(set) => {
            alter(&set.column, &format!("set default {}", expression(&set.default)?))
        }
        Operation::DropDefault(drop) => alter(&drop.column, "drop default"),
        Operation::SetNotNull(set) if set.concurrently => {
            alter(&set.column, "set not null concurrently")
        }
        Operation::SetNotNull(set) => alter(&set.column, "set not null"),
        Operation::DropNotNull(drop) => alter(&drop.column, "drop not null"),
        Operation::AddIdentity(add) => {
            alter(&add.column, &format!("add {}", identity(&add.identity)?))
        }
        Operation::DropIdentity(drop) => alter(&drop.column, "drop identity"),
        Operation::AddConstraint(add) => add_constraint(add),
        Operation::DropConstraint(drop) => one(format!("drop constraint {}", name(&drop.name)?)),
        Operation::RenameConstraint(rename) => {
            one(format!("rename constraint {} to {}", name(&rename.name)?, name(&rename.to)?))
        }
        Operation::ValidateConstraint(validate) => {
            one(format!("validate constraint {}", name(&validate.name)?))
        }
        Operation::RenameTable(rename) => one(format!("rename to {}", name(&rename.to)?)),
        other => Err(format!("`{}` is no change of a table", other.describe())),
    }
}

/// Parts with words before the first one.
fn after(words: &str, mut parts: Vec<String>) -> Result<Vec<String>, String> {
    if let Some(first) = parts.first_mut() {
        *first = format!("{words} {first}");
    }
    Ok(parts)
}

fn add_constraint(add: &AddConstraint) -> Result<Vec<String>, String> {
    let mut parts = constraint(&add.constraint)?;
    if add.concurrently {
        parts.push("concurrently".to_owned());
    }
    after("add", parts)
}

fn drop_column(drop: &DropColumn) -> Result<Vec<String>, String> {
    let mut parts = vec![format!("drop column {}", name(&drop.column)?)];
    if let Some(restore) = &drop.restore {
        parts.push(format!("restore as {}", expression(restore)?));
    }
    Ok(parts)
}

fn alter_type(alter: &AlterColumnType) -> Result<Vec<String>, String> {
    let mut first = format!("alter column {} type {}", name(&alter.column)?, ty(&alter.ty)?);
    if let Some(collation) = &alter.collation {
        first += &format!(" collate {}", system_path(collation)?);
    }
    let mut parts = vec![first];
    match (&alter.using, &alter.revert_using) {
        (None, Some(_)) => return Err("`revert using` stands after `using` only".to_owned()),
        (using, back) => {
            for (word, expr) in [("using", using), ("revert using", back)] {
                if let Some(expr) = expr {
                    parts.push(format!("{word} {}", expression(expr)?));
                }
            }
        }
    }
    Ok(parts)
}
