//! What an entity leaves open, as the history has it.

use super::complete::Completed;
use super::{Entity, same};
use crate::ident::{Ident, ObjectName};
use crate::map::Map;
use crate::schema::{Column, Constraint, ConstraintKind, Schema, Table};

impl Entity {
    /// The table that the entity describes, with everything that it leaves
    /// open as it is in the table that was found in the schema.
    pub(super) fn align(&self, done: &Completed, found: &Table, schema: &Schema) -> Table {
        let mut table = done.table.clone();
        table.made = found.made.clone();
        table.comment = table.comment.or_else(|| found.comment.clone());
        for column in &mut table.columns {
            if let Some(known) = found.column(column.name.as_str()) {
                self.align_column(column, known, schema);
            }
        }
        table.constraints = self.align_constraints(&done.table, found, &done.untied);
        table.indexes = self.align_indexes(&done.table, found);
        if self.partial {
            add_rest(&mut table, found);
        }
        table
    }

    fn align_column(&self, column: &mut Column, found: &Column, schema: &Schema) {
        let Some(field) = self.field(&column.name) else { return };
        column.made = found.made.clone();
        column.comment = column.comment.take().or_else(|| found.comment.clone());
        if field.accepts(&column.ty, &found.ty) {
            column.ty = found.ty.clone();
        }
        if field.accepts_identity(column, found) {
            column.identity.clone_from(&found.identity);
        }
        if field.is_serial() && draws_from_own(&self.name, found, schema) {
            column.default.clone_from(&found.default);
        }
        let says_nothing =
            column.default.is_none() && column.identity.is_none() && column.generated.is_none();
        if self.partial && says_nothing {
            column.default.clone_from(&found.default);
            column.identity.clone_from(&found.identity);
            column.generated.clone_from(&found.generated);
        }
        if self.partial && column.collation.is_none() {
            column.collation.clone_from(&found.collation);
        }
    }

    fn align_constraints(
        &self,
        wanted: &Table,
        found: &Table,
        untied: &[Vec<Ident>],
    ) -> Map<Ident, Constraint> {
        let written: Vec<_> =
            self.constraints.iter().filter_map(|constraint| constraint.name.as_ref()).collect();
        let mut aligned = align(
            &wanted.constraints,
            &found.constraints,
            |name| written.contains(&name),
            same::constraints,
        );
        for (name, constraint) in &found.constraints {
            let is_untied = match &constraint.kind {
                ConstraintKind::ForeignKey(key) => untied.contains(&key.columns),
                _ => false,
            };
            if is_untied && !aligned.contains_key(name) {
                aligned.insert(name.clone(), constraint.clone());
            }
        }
        aligned
    }

    fn align_indexes(&self, wanted: &Table, found: &Table) -> Map<Ident, crate::schema::Index> {
        let written: Vec<_> = self.indexes.iter().filter_map(|index| index.name.as_ref()).collect();
        align(&wanted.indexes, &found.indexes, |name| written.contains(&name), same::indexes)
    }
}

/// Gives the parts without a written name the names of those that are the
/// same. A part that is the same is taken as it was found; its name keeps the
/// origin of the part that was wanted.
fn align<T: Clone>(
    wanted: &Map<Ident, T>,
    found: &Map<Ident, T>,
    is_written: impl Fn(&Ident) -> bool,
    same: impl Fn(&T, &T) -> bool,
) -> Map<Ident, T> {
    let mut aligned: Map<Ident, T> = Map::new();
    let named = wanted.iter().filter(|(name, _)| is_written(name));
    for (name, part) in named {
        let known = found.get(name).filter(|known| same(part, known));
        aligned.insert(name.clone(), known.unwrap_or(part).clone());
    }
    let mut rest = Vec::new();
    for (name, part) in wanted.iter().filter(|(name, _)| !is_written(name)) {
        let own = found.get(name).filter(|known| same(part, known)).map(|known| (name, known));
        let is_free = |candidate: &&Ident| !aligned.contains_key(*candidate);
        let other = || found.iter().find(|(name, known)| is_free(name) && same(part, known));
        match own.filter(|(name, _)| is_free(name)).or_else(other) {
            Some((known, part)) => {
                aligned.insert(Ident::new(known.as_str(), name.origin), part.clone());
            }
            None => rest.push((name, part)),
        }
    }
    for (name, part) in rest {
        let mut free = name.clone();
        let mut number = 0;
        while aligned.contains_key(&free) {
            number += 1;
            free = Ident::new(format!("{name}{number}"), name.origin);
        }
        aligned.insert(free, part.clone());
    }
    aligned
}

/// Whether the column's default draws from a sequence that belongs to it.
fn draws_from_own(table: &ObjectName, column: &Column, schema: &Schema) -> bool {
    let owned = schema.owned_sequences(table, Some(&column.name));
    let Some(default) = &column.default else { return false };
    owned.iter().any(|sequence| *default == crate::schema::nextval(sequence))
}

/// What a table has beside.
fn add_rest(table: &mut Table, found: &Table) {
    for column in &found.columns {
        if table.column(column.name.as_str()).is_none() {
            table.columns.push(column.clone());
        }
    }
    for (name, constraint) in &found.constraints {
        if !table.constraints.contains_key(name) {
            table.constraints.insert(name.clone(), constraint.clone());
        }
    }
    for (name, index) in &found.indexes {
        if !table.indexes.contains_key(name) {
            table.indexes.insert(name.clone(), index.clone());
        }
    }
}
