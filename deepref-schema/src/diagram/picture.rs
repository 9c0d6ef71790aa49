//! What a diagram shows, however it is drawn.

use std::collections::BTreeSet;

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::schema::{
    Column, ConstraintKind, ElementSubject, ForeignKey, IndexElement, Schema, Table,
};

use super::renamed::Renamed;

/// What a diagram shows.
pub(super) struct Picture {
    pub(super) entities: Vec<Entity>,
    pub(super) lines: Vec<Line>,
    /// Whether it shows a change.
    pub(super) is_change: bool,
}

/// A table.
pub(super) struct Entity {
    pub(super) name: String,
    /// Its name before.
    pub(super) old_name: Option<String>,
    pub(super) mark: Mark,
    pub(super) rows: Vec<Row>,
}

/// A column.
pub(super) struct Row {
    pub(super) name: String,
    /// Its name before.
    pub(super) old_name: Option<String>,
    pub(super) ty: String,
    pub(super) nullable: bool,
    pub(super) primary: bool,
    pub(super) unique: bool,
    pub(super) foreign: bool,
    pub(super) mark: Mark,
}

impl Entity {
    /// Its name, with the one before.
    pub(super) fn name_with_old(&self) -> String {
        with_old(&self.name, self.old_name.as_ref())
    }
}

impl Row {
    /// Its name, with the one before.
    pub(super) fn name_with_old(&self) -> String {
        with_old(&self.name, self.old_name.as_ref())
    }
}

fn with_old(name: &str, old: Option<&String>) -> String {
    old.map_or_else(|| name.to_owned(), |old| format!("{name} (was {old})"))
}

/// A foreign key.
pub(super) struct Line {
    /// The table that refers, by its number, and the first of its columns.
    pub(super) from: (usize, usize),
    /// The table that is referred to.
    pub(super) to: (usize, usize),
    /// Whether a row may refer to nothing.
    pub(super) optional: bool,
    /// Whether at most one row refers to another.
    pub(super) single: bool,
    /// The columns that refer.
    pub(super) label: String,
    pub(super) mark: Mark,
}

/// What a change did.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Same,
    Added,
    Removed,
    Changed,
}

impl Picture {
    /// A whole schema.
    pub(super) fn of(schema: &Schema) -> Self {
        let names: Vec<_> = schema.tables.keys().cloned().collect();
        let renamed = Renamed::default();
        Self { is_change: false, ..Self::with(&names, schema, schema, &renamed) }
    }

    /// What differs between two schemas, with what is referred to.
    pub(super) fn between(before: &Schema, after: &Schema, renamed: &Renamed) -> Self {
        let changes = before.tables.changes(&after.tables);
        let mut names: BTreeSet<ObjectName> =
            changes.iter().map(|(name, _, _)| (*name).clone()).collect();
        names.extend(after.tables.keys().filter(|name| renamed.touches(name)).cloned());
        for (_, a, b) in changes {
            for table in [a, b].into_iter().flatten() {
                names.extend(foreign_keys(table).map(|(_, key)| key.table.clone()));
            }
        }
        Self::with(&names.into_iter().collect::<Vec<_>>(), before, after, renamed)
    }

    fn with(names: &[ObjectName], before: &Schema, after: &Schema, renamed: &Renamed) -> Self {
        let entity = |name| entity(name, before.table(name), after.table(name), renamed);
        let entities: Vec<_> = names.iter().map(entity).collect();
        let mut lines = Vec::new();
        for (from, name) in names.iter().enumerate() {
            for (table, other, mark) in [
                (after.table(name), before.table(name), Mark::Added),
                (before.table(name), after.table(name), Mark::Removed),
            ] {
                let keys = table.into_iter().flat_map(|table| {
                    foreign_keys(table).map(move |(constraint, key)| (table, constraint, key))
                });
                for (table, constraint, key) in keys {
                    let there = other.and_then(|other| foreign_key(other, constraint));
                    let mark = match there {
                        None => mark,
                        Some(_) if mark == Mark::Removed => continue,
                        Some(old) if old == key => Mark::Same,
                        Some(_) => Mark::Changed,
                    };
                    let to = names.iter().position(|name| *name == key.table);
                    lines.extend(to.map(|to| line((from, to), &entities, table, key, mark)));
                }
            }
        }
        Self { entities, lines, is_change: true }
    }
}

fn entity(
    name: &ObjectName,
    before: Option<&Table>,
    after: Option<&Table>,
    renamed: &Renamed,
) -> Entity {
    let mark = match (before, after) {
        (None, _) => Mark::Added,
        (_, None) => Mark::Removed,
        (Some(a), Some(b)) if a == b && !renamed.touches(name) => Mark::Same,
        _ => Mark::Changed,
    };
    let mut rows = Vec::new();
    for column in after.into_iter().flat_map(|table| &table.columns) {
        let old = before.map(|table| table.column(column.name.as_str()));
        let old_name = renamed.old_column(name, &column.name).map(Ident::to_string);
        let mark = match old {
            None => mark,
            Some(None) => Mark::Added,
            Some(Some(old)) if old == column && old_name.is_none() => Mark::Same,
            Some(Some(_)) => Mark::Changed,
        };
        rows.extend(after.map(|table| Row { old_name, ..row(table, column, mark) }));
    }
    for column in before.into_iter().flat_map(|table| &table.columns) {
        if after.is_none_or(|table| table.column(column.name.as_str()).is_none()) {
            rows.extend(before.map(|table| row(table, column, Mark::Removed)));
        }
    }
    let old_name = renamed.old_table(name).map(|old| name.sibling(old.clone()).to_string());
    Entity { name: name.to_string(), old_name, mark, rows }
}

fn row(table: &Table, column: &Column, mark: Mark) -> Row {
    let kinds = || table.constraints.values().map(|constraint| &constraint.kind);
    let holds = |columns: &[Ident]| columns.contains(&column.name);
    Row {
        name: column.name.to_string(),
        old_name: None,
        ty: column.ty.language(),
        nullable: column.nullable,
        primary: kinds()
            .any(|kind| matches!(kind, ConstraintKind::PrimaryKey(key) if holds(&key.columns))),
        unique: is_unique(table, std::slice::from_ref(&column.name), false),
        foreign: foreign_keys(table).any(|(_, key)| holds(&key.columns)),
        mark,
    }
}

fn line(
    (from, to): (usize, usize),
    entities: &[Entity],
    table: &Table,
    key: &ForeignKey,
    mark: Mark,
) -> Line {
    let at = |entity: usize, columns: &[Ident]| {
        let first = columns.first();
        let named = |row: &Row| first.is_some_and(|first| first.as_str() == row.name);
        entities[entity].rows.iter().position(named).unwrap_or(0)
    };
    let nullable = |column: &Ident| table.column(column.as_str()).is_some_and(|of| of.nullable);
    let names: Vec<_> = key.columns.iter().map(Ident::to_string).collect();
    Line {
        from: (from, at(from, &key.columns)),
        to: (to, at(to, &key.referenced)),
        optional: key.columns.iter().any(nullable),
        single: is_unique(table, &key.columns, true),
        label: names.join(", "),
        mark,
    }
}

/// Whether no two rows have the same values in these columns, by a constraint
/// or by an index.
fn is_unique(table: &Table, columns: &[Ident], with_primary: bool) -> bool {
    let same = |key: &[Ident]| key.iter().all(|column| columns.contains(column)) && !key.is_empty();
    let by_constraint = table.constraints.values().any(|constraint| match &constraint.kind {
        ConstraintKind::Unique(key) => same(&key.columns),
        ConstraintKind::PrimaryKey(key) => with_primary && same(&key.columns),
        _ => false,
    });
    let column = |element: &IndexElement| match &element.subject {
        ElementSubject::Column(name) => Some(name.clone()),
        _ => None,
    };
    by_constraint
        || table.indexes.values().any(|index| {
            let names: Option<Vec<Ident>> = index.elements.iter().map(column).collect();
            index.unique && index.predicate.is_none() && names.is_some_and(|names| same(&names))
        })
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = (&Ident, &ForeignKey)> {
    let keys = table.constraints.iter();
    keys.filter_map(|(name, constraint)| Some((name, constraint.kind.foreign_key()?)))
}

fn foreign_key<'a>(table: &'a Table, name: &Ident) -> Option<&'a ForeignKey> {
    table.constraints.get(name)?.kind.foreign_key()
}
