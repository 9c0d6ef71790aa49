//! What constraints lock and read.

use super::{Lock, LockMode, Work};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::operation::{ConstraintDefinition, ConstraintForm};
use crate::schema::{Constraint, ConstraintKind, Schema};

/// The locks of `ALTER TABLE … ADD` of a constraint (manual chapter "ALTER
/// TABLE"): a foreign key locks both tables, against writes only.
pub(crate) fn locks_of_new_constraint(
    before: &Schema,
    table: &ObjectName,
    constraint: &ConstraintDefinition,
) -> Vec<Lock> {
    let read = if constraint.not_valid { Work::Nothing } else { Work::Scan };
    match &constraint.form {
        ConstraintForm::ForeignKey(foreign) => {
            let mode = LockMode::ShareRowExclusive;
            let mut locks = before.lock_for(table, mode, read);
            if foreign.table != *table {
                locks.extend(before.lock(&foreign.table, mode));
            }
            locks
        }
        ConstraintForm::Check(_) => before.lock_to_alter(table, read),
        ConstraintForm::PrimaryKey(_)
        | ConstraintForm::Unique(_)
        | ConstraintForm::Exclusion(_) => before.lock_to_alter(table, Work::Index),
        ConstraintForm::PrimaryKeyUsingIndex(index) => {
            before.lock_to_alter(table, work_of_key(before, table, index))
        }
        ConstraintForm::UniqueUsingIndex(_) => before.lock_to_alter(table, Work::Nothing),
    }
}

/// A primary key reads the table where its columns may be null.
fn work_of_key(before: &Schema, table: &ObjectName, index: &Ident) -> Work {
    let Some(of) = before.table(table) else { return Work::Scan };
    let Some(index) = of.indexes.get(index) else { return Work::Scan };
    let columns = index.unique_columns();
    let nullable = columns
        .iter()
        .filter(|name| of.column(name.as_str()).is_some_and(|column| column.nullable));
    nullable.map(|name| work_of_not_null(before, table, name)).max().unwrap_or_default()
}

/// A column becomes NOT NULL without a scan where a valid check says the same
/// (manual chapter "ALTER TABLE").
pub(crate) fn work_of_not_null(before: &Schema, table: &ObjectName, column: &Ident) -> Work {
    let same = Expr::computed(format!("{} is not null", column.sql()));
    let proves = |constraint: &Constraint| match &constraint.kind {
        ConstraintKind::Check(expr) => constraint.valid && *expr == same,
        _ => false,
    };
    let proved = before.table(table).is_some_and(|table| table.constraints.values().any(proves));
    if proved { Work::Nothing } else { Work::Scan }
}

/// The locks of `ALTER TABLE … VALIDATE CONSTRAINT`, which reads the table
/// while others write (manual chapter "ALTER TABLE").
pub(crate) fn locks_of_validation(before: &Schema, table: &ObjectName, name: &Ident) -> Vec<Lock> {
    let mut locks = before.lock_for(table, LockMode::ShareUpdateExclusive, Work::Scan);
    let constraint = before.table(table).and_then(|table| table.constraints.get(name));
    let foreign = constraint.and_then(|constraint| constraint.kind.foreign_key());
    if let Some(foreign) = foreign.filter(|foreign| foreign.table != *table) {
        locks.extend(before.lock(&foreign.table, LockMode::RowShare));
    }
    locks
}

/// The locks of what takes constraints of a table away. With a foreign key go
/// its triggers on the table it refers to, which is locked as its own table is:
/// the manual does not say so, `pg_locks` does.
pub(crate) fn locks_without(
    before: &Schema,
    table: &ObjectName,
    goes: impl Fn(&Ident, &Constraint) -> bool,
) -> Vec<Lock> {
    let mut locks = before.lock_to_alter(table, Work::Nothing);
    let Some(of) = before.table(table) else { return locks };
    for (_, constraint) in of.constraints.iter().filter(|(name, it)| goes(name, it)) {
        if let Some(foreign) = constraint.kind.foreign_key()
            && foreign.table != *table
            && locks.iter().all(|lock| lock.relation != foreign.table)
        {
            locks.extend(before.lock(&foreign.table, LockMode::AccessExclusive));
        }
    }
    locks
}
