//! What goes, and what has to step aside for it.

use super::order::ordered;
use super::renames::{same_constraint, same_index};
use super::{Planner, Question, neutral, value_of};
use crate::ident::{Ident, ObjectName};
use crate::known;
use crate::operation::{
    DropColumn, DropConstraint, DropDefault, DropIdentity, DropIndex, DropTable,
};
use crate::schema::{Column, Constraint, ConstraintKind, ForeignKey, Index, Table};

impl Planner<'_> {
    /// Drops tables, foreign keys, constraints, indexes, columns, and defaults
    /// and identities that something else takes the place of.
    pub(super) fn drop(&mut self) {
        self.disown_sequences();
        self.drop_values();
        self.drop_tables();
        self.drop_foreign_keys();
        self.drop_constraints();
        self.drop_indexes();
        self.drop_columns();
        self.drop_unused();
    }

    fn drop_tables(&mut self) {
        let now = &self.now;
        let gone = now.tables.keys().filter(|name| !self.to.tables.contains_key(*name));
        let gone = ordered(gone.cloned().collect(), |name| {
            let inbound = now.inbound_foreign_keys(name).into_iter();
            inbound.map(|(table, ..)| table.clone()).collect()
        });
        for name in gone {
            let inbound = self.now.inbound_foreign_keys(&name).into_iter();
            let inbound: Vec<_> =
                inbound.map(|(table, of, _)| (table.clone(), of.clone())).collect();
            for (table, name) in inbound {
                self.push(DropConstraint { table, name });
            }
            self.push(DropTable { name });
        }
    }

    /// The columns of a table that are dropped, be it to be made anew.
    pub(super) fn going_columns(&self, name: &ObjectName) -> Vec<Ident> {
        let (Some(now), Some(to)) = (self.now.table(name), self.to.table(name)) else {
            return Vec::new();
        };
        let changes = |column: &Column| match to.column(column.name.as_str()) {
            None => true,
            Some(wanted) => {
                column.generated != wanted.generated
                    || column.generated.is_some() && is_retyped(column, wanted)
                    || self.is_row_of_gone_table(column)
            }
        };
        let going = |column: &&Column| {
            changes(column)
                || column.generated.as_ref().is_some_and(|expr| {
                    let used = |other: &&Column| expr.uses_column(other.name.as_str());
                    now.columns.iter().filter(used).any(|used| {
                        let wanted = to.column(used.name.as_str());
                        changes(used) || wanted.is_some_and(|wanted| is_retyped(used, wanted))
                    })
                })
        };
        now.columns.iter().filter(going).map(|column| column.name.clone()).collect()
    }

    fn is_row_of_gone_table(&self, column: &Column) -> bool {
        let mut gone = self.now.tables.keys().filter(|name| !self.to.tables.contains_key(*name));
        gone.any(|name| column.ty.is_named(name))
    }

    fn drop_foreign_keys(&mut self) {
        let mut drops = Vec::new();
        for name in self.common_tables() {
            let going = self.going_columns(&name);
            for (of, constraint) in &self.now.tables[&name].constraints {
                if let Some(foreign) = constraint.kind.foreign_key()
                    && self.is_in_the_way(&name, of, constraint, foreign, &going)
                {
                    drops.push(DropConstraint { table: name.clone(), name: of.clone() });
                }
            }
        }
        drops.into_iter().for_each(|drop| self.push(drop));
    }

    fn is_in_the_way(
        &self,
        table: &ObjectName,
        name: &Ident,
        constraint: &Constraint,
        foreign: &ForeignKey,
        going: &[Ident],
    ) -> bool {
        let target = &foreign.table;
        if self.loses_key(target, &foreign.referenced) || self.can_not_compare(table, foreign) {
            return true;
        }
        let going_there = self.going_columns(target);
        let mut needing =
            going_there.iter().flat_map(|column| self.now.foreign_keys_needing(target, column));
        if needing.any(|(of, key)| of == table && key == name) {
            return true;
        }
        let falls = foreign.columns.iter().any(|column| going.contains(column));
        !falls && !stays(constraint, self.to.tables[table].constraints.get(name))
    }

    /// Whether something that makes these columns unique goes.
    fn loses_key(&self, table: &ObjectName, columns: &[Ident]) -> bool {
        let (Some(now), Some(to)) = (self.now.table(table), self.to.table(table)) else {
            return true;
        };
        let is_key = |key: &[Ident]| {
            key.len() == columns.len() && columns.iter().all(|column| key.contains(column))
        };
        let constraint_goes = now.constraints.iter().any(|(name, constraint)| {
            let key = match &constraint.kind {
                ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => key,
                _ => return false,
            };
            is_key(&key.columns) && !stays(constraint, to.constraints.get(name))
        });
        constraint_goes
            || now.indexes.iter().any(|(name, index)| {
                is_key(&index.unique_columns()) && !index_stays(index, to.indexes.get(name))
            })
    }

    /// Whether a column on one side can not be compared while the other one is
    /// still as it was.
    fn can_not_compare(&self, table: &ObjectName, foreign: &ForeignKey) -> bool {
        foreign.columns.iter().zip(&foreign.referenced).any(|(own, other)| {
            let types = |table: &ObjectName, column: &Ident| {
                let of = |found: Option<&Table>| Some(found?.column(column.as_str())?.ty.clone());
                let now = of(self.now.table(table));
                (now.clone(), of(self.to.table(table)).or(now))
            };
            let (own, other) = (types(table, own), types(&foreign.table, other));
            let (Some(a), Some(b)) = (&own.0, &own.1) else { return false };
            let (Some(x), Some(y)) = (&other.0, &other.1) else { return false };
            let compares = |a, b| known::comparable(a, b);
            (a != b || x != y) && !(compares(a, y) && compares(b, x) && compares(b, y))
        })
    }

    fn drop_constraints(&mut self) {
        let mut drops = Vec::new();
        for name in self.common_tables() {
            let (now, to) = (&self.now.tables[&name], &self.to.tables[&name]);
            let going = self.going_columns(&name);
            for (of, constraint) in &now.constraints {
                let kind = &constraint.kind;
                let falls_with = |column: &Ident| kind.falls_with_column(column);
                let keeps =
                    going.iter().any(|column| kind.uses_column(column) && !falls_with(column));
                let falls = !keeps && going.iter().any(falls_with);
                let goes = keeps || !stays(constraint, to.constraints.get(of));
                if !falls && kind.foreign_key().is_none() && goes {
                    drops.push(DropConstraint { table: name.clone(), name: of.clone() });
                }
            }
        }
        drops.into_iter().for_each(|drop| self.push(drop));
    }

    fn drop_indexes(&mut self) {
        let mut drops = Vec::new();
        for name in self.common_tables() {
            let (now, to) = (&self.now.tables[&name], &self.to.tables[&name]);
            let going = self.going_columns(&name);
            for (of, index) in &now.indexes {
                let falls = going.iter().any(|column| index.uses_column(column));
                if !falls && !index_stays(index, to.indexes.get(of)) {
                    let name = name.sibling(of.clone());
                    drops.push(DropIndex { name, concurrently: false });
                }
            }
        }
        drops.into_iter().for_each(|drop| self.push(drop));
    }

    /// Drops columns, those that are made of others first.
    fn drop_columns(&mut self) {
        for name in self.common_tables() {
            let table = self.now.tables[&name].clone();
            let mut going = self.going_columns(&name);
            let is_generated = |column: &Ident| {
                table.column(column.as_str()).is_some_and(|column| column.generated.is_some())
            };
            going.sort_by_key(|column| !is_generated(column));
            for column in going {
                let restore = self.restoring(&name, &table, &column);
                self.push(DropColumn { table: name.clone(), column, restore });
            }
        }
    }

    fn restoring(
        &mut self,
        name: &ObjectName,
        table: &Table,
        column: &Ident,
    ) -> Option<crate::expr::Expr> {
        let of = table.column(column.as_str())?;
        let has_value = of.default.is_some() || of.identity.is_some() || of.generated.is_some();
        if of.nullable || has_value {
            return None;
        }
        let said = value_of(&self.answers.restores, name, column);
        let value = said.or_else(|| neutral::value(&of.ty, table.is_in_key(column), &self.now));
        if value.is_none() {
            let (table, column, ty) = (name.clone(), column.clone(), of.ty.clone());
            self.ask(Question::Restore { table, column, ty });
        }
        value
    }

    /// Drops defaults and identities that go, where what they draw from goes
    /// with them or something else takes their place.
    fn drop_values(&mut self) {
        for name in self.common_tables() {
            let going = self.going_columns(&name);
            let table = self.now.tables[&name].clone();
            for column in table.columns.iter().filter(|column| !going.contains(&column.name)) {
                let Some(wanted) = self.to.tables[&name].column(column.name.as_str()) else {
                    continue;
                };
                let (table, of) = (name.clone(), column.name.clone());
                if self.default_goes(column, wanted) {
                    self.push(DropDefault { table: table.clone(), column: of.clone() });
                }
                if column.identity.is_some() && !keeps_identity(column, wanted) {
                    self.push(DropIdentity { table, column: of });
                }
            }
        }
    }

    fn default_goes(&self, column: &Column, wanted: &Column) -> bool {
        let Some(default) = &column.default else { return false };
        if wanted.default.as_ref() == Some(default) {
            return false;
        }
        let gone = self.now.sequences.keys().filter(|name| !self.to.sequences.contains_key(*name));
        wanted.default.is_none()
            || is_retyped(column, wanted)
            || gone.into_iter().any(|sequence| crate::schema::draws_from(default, sequence))
    }
}

/// Whether the type or the collation changes.
pub(super) fn is_retyped(now: &Column, wanted: &Column) -> bool {
    now.ty != wanted.ty || now.collation != wanted.collation
}

/// Whether an identity can stay, following its column's type.
pub(super) fn keeps_identity(now: &Column, wanted: &Column) -> bool {
    use crate::operation::SequenceOption;
    use crate::schema::Sequence;
    let Some(mut identity) = now.identity.clone() else { return wanted.identity.is_none() };
    if now.ty != wanted.ty {
        let own = [SequenceOption::As(wanted.ty.clone())];
        identity.sequence = Sequence::with_options(Some(&identity.sequence), &own);
    }
    wanted.identity.as_ref() == Some(&identity)
}

/// Whether a constraint needs no more than to be validated or commented.
fn stays(now: &Constraint, wanted: Option<&Constraint>) -> bool {
    wanted.is_some_and(|wanted| {
        let valid = now.valid || !wanted.valid;
        same_constraint(now, wanted)
            || !valid && same_constraint(&Constraint { valid: true, ..now.clone() }, wanted)
    })
}

fn index_stays(now: &Index, wanted: Option<&Index>) -> bool {
    wanted.is_some_and(|wanted| same_index(now, wanted))
}

impl Table {
    /// Whether a column is part of what makes rows unique.
    fn is_in_key(&self, column: &Ident) -> bool {
        let in_constraint = self.constraints.values().any(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                key.columns.contains(column)
            }
            _ => false,
        });
        in_constraint
            || self.indexes.values().any(|index| index.unique && index.uses_column(column))
    }
}
