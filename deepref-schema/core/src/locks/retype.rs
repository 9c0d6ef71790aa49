//! What a change of a column's type costs (manual chapter "ALTER TABLE",
//! "Notes").

use super::{Lock, LockMode, Work};
use crate::catalogue::casts::{self, CastMethod};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::known;
use crate::operation::AlterColumnType;
use crate::schema::{Column, Schema, Table};
use crate::types::Type;

/// The locks of `ALTER COLUMN … TYPE`. The foreign keys of the column, from it
/// and to it, are made again, which locks the tables at their other ends.
pub(crate) fn locks_of_new_type(before: &Schema, alter: &AlterColumnType) -> Vec<Lock> {
    let (name, column) = (&alter.table, &alter.column);
    let Some(table) = before.table(name) else {
        return before.lock_to_alter(name, Work::Rewrite);
    };
    let work = table.column(column.as_str()).map_or(Work::Rewrite, |old| work(table, old, alter));
    let mut locks = before.lock_to_alter(name, work);
    for other in other_ends(before, name, table, column) {
        if locks.iter().all(|lock| lock.relation != other) {
            locks.extend(before.lock(&other, LockMode::AccessExclusive));
        }
    }
    locks
}

fn other_ends(
    before: &Schema,
    name: &ObjectName,
    table: &Table,
    column: &Ident,
) -> Vec<ObjectName> {
    let own = table.constraints.values().filter_map(|constraint| constraint.kind.foreign_key());
    let own = own.filter(|foreign| foreign.columns.contains(column)).map(|foreign| &foreign.table);
    let inbound = before.foreign_keys_to(name).into_iter();
    let inbound = inbound.filter(|(_, _, foreign)| foreign.referenced.contains(column));
    let mut ends: Vec<_> = own.chain(inbound.map(|(other, ..)| other)).cloned().collect();
    ends.retain(|other| other != name);
    ends
}

fn work(table: &Table, old: &Column, alter: &AlterColumnType) -> Work {
    if !is_plain(alter) || rewrites(&old.ty, &alter.ty) {
        return Work::Rewrite;
    }
    let indexed = table.indexes.values().any(|index| index.uses_column(&alter.column))
        || table.constraints.values().any(|constraint| {
            constraint.kind.has_index() && constraint.kind.uses_column(&alter.column)
        });
    let alike = is_same(&old.ty, &alter.ty)
        || (known::is_string(&old.ty) && known::is_string(&alter.ty))
        || alter.ty.is("inet");
    if indexed && !(alike && old.collation == alter.collation) {
        Work::Index
    } else {
        Work::Nothing
    }
}

/// Whether the value is the old one, cast to the new type.
fn is_plain(alter: &AlterColumnType) -> bool {
    let Some(using) = &alter.using else { return true };
    let column = alter.column.sql();
    let cast = format!("{column}::{}", alter.ty.sql());
    *using == Expr::computed(column) || *using == Expr::computed(cast)
}

/// Whether values of one type must be written again to be of another.
fn rewrites(from: &Type, to: &Type) -> bool {
    if is_same(from, to) {
        let kept = to.modifiers.is_empty() || from.modifiers == to.modifiers;
        return !kept && (from.array || !widens(from, to));
    }
    let stored_alike = !from.array && !to.array && to.modifiers.is_empty() && is_binary(from, to);
    !stored_alike
}

fn is_same(a: &Type, b: &Type) -> bool {
    a.schema == b.schema && a.name == b.name && a.array == b.array
}

fn is_binary(from: &Type, to: &Type) -> bool {
    let (Some(a), Some(b)) = (known::row_of(from), known::row_of(to)) else { return false };
    let mut casts = casts::between(a.format, b.format).peekable();
    casts.peek().is_some() && casts.all(|cast| cast.method == CastMethod::Binary)
}

/// Whether the new modifiers let all old values through as they are.
fn widens(from: &Type, to: &Type) -> bool {
    let numbers = |ty: &Type| -> Option<Vec<i64>> {
        ty.modifiers.iter().map(|text| text.parse().ok()).collect()
    };
    let (Some(old), Some(new)) = (numbers(from), numbers(to)) else { return false };
    match (to.name.as_str(), old.as_slice(), new.as_slice()) {
        ("character varying" | "bit varying", [old], [new]) => old <= new,
        ("numeric", [old, old_scale], [new, new_scale]) => old <= new && old_scale == new_scale,
        // Six digits are all that there are.
        (name, _, [6]) => is_temporal(name),
        (name, [old], [new]) => is_temporal(name) && old <= new,
        _ => false,
    }
}

fn is_temporal(name: &str) -> bool {
    name == "interval" || name.starts_with("time ") || name.starts_with("timestamp ")
}
