//! Renames: which are possible, how they are written, and what they do.

use deepref_schema_core::diff::{Answers, Question, Rename, diff};
use deepref_schema_core::history::Fold;
use deepref_schema_core::operation::{
    Operation, RenameColumn, RenameEnum, RenameEnumValue, RenameSequence, RenameTable,
};
use deepref_schema_core::schema::Schema;

use crate::cli::entities::Entities;

/// What entities no longer describe, and may describe by another name. A table
/// that no entity describes stays, so a comparison alone does not show this.
pub(super) fn of_undescribed(fold: &Fold, target: &Schema, entities: &Entities) -> Vec<Rename> {
    let before = fold.schema();
    let mut without = target.clone();
    for name in before.tables.keys().filter(|name| !entities.describes_table(name)) {
        without.remove_table(name);
    }
    let idle: Vec<_> = before
        .enums
        .keys()
        .filter(|name| !entities.describes_enum(name) && without.users_of_type(name).is_empty())
        .cloned()
        .collect();
    for name in &idle {
        without.enums.remove(name);
    }
    let questions = diff(before, &without, &Answers::default()).questions;
    let renames = questions.into_iter().filter_map(|question| match question {
        Question::Rename(rename @ (Rename::Table { .. } | Rename::Enum { .. })) => Some(rename),
        _ => None,
    });
    renames.collect()
}

/// The operations that rename, tables and types before what is in them.
pub(super) fn operations(renamed: &[Rename]) -> Vec<Operation> {
    let is_part =
        |rename: &&Rename| matches!(rename, Rename::Column { .. } | Rename::EnumValue { .. });
    let (parts, wholes): (Vec<_>, Vec<_>) = renamed.iter().partition(is_part);
    wholes.into_iter().chain(parts).map(operation).collect()
}

fn operation(rename: &Rename) -> Operation {
    match rename.clone() {
        Rename::Table { from, to } => RenameTable { table: from, to }.into(),
        Rename::Column { table, from, to } => RenameColumn { table, column: from, to }.into(),
        Rename::Enum { from, to } => RenameEnum { name: from, to }.into(),
        Rename::EnumValue { of, from, to } => RenameEnumValue { name: of, value: from, to }.into(),
        Rename::Sequence { from, to } => RenameSequence { name: from, to }.into(),
    }
}

/// As an option says it: `table.old=new`.
pub(super) fn written(rename: &Rename) -> String {
    match rename {
        Rename::Table { from, to } | Rename::Enum { from, to } | Rename::Sequence { from, to } => {
            format!("{from}={to}")
        }
        Rename::Column { table, from, to } => format!("{table}.{from}={to}"),
        Rename::EnumValue { of, from, to } => format!("{of}.{from}={to}"),
    }
}

/// As a person is asked.
pub(super) fn question(rename: &Rename) -> String {
    match rename {
        Rename::Table { from, to } => format!("was table `{from}` renamed to `{to}`?"),
        Rename::Enum { from, to } => format!("was enum `{from}` renamed to `{to}`?"),
        Rename::Sequence { from, to } => format!("was sequence `{from}` renamed to `{to}`?"),
        Rename::Column { table, from, to } => {
            format!("was column `{table}.{from}` renamed to `{to}`?")
        }
        Rename::EnumValue { of, from, to } => {
            format!("was value `{from}` of enum `{of}` renamed to `{to}`?")
        }
    }
}
