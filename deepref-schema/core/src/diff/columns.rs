//! Columns that change, and columns that are new.

use super::drops::is_retyped;
use super::{Planner, Question, value_of};
use crate::expr::Expr;
use crate::ident::ObjectName;
use crate::known;
use crate::operation::{
    AddColumn, AddIdentity, AlterColumnType, ColumnDefinition, DropDefault, DropNotNull, Operation,
    SetDefault, SetNotNull,
};
use crate::schema::Column;
use crate::types::Type;

impl Planner<'_> {
    /// Changes the columns that are in both schemas.
    pub(super) fn change_columns(&mut self) {
        for table in self.common_tables() {
            for wanted in self.to.tables[&table].columns.clone() {
                let now = self.now.tables[&table].column(wanted.name.as_str()).cloned();
                if let Some(now) = now {
                    self.change_column(&table, &now, &wanted);
                }
            }
        }
    }

    fn change_column(&mut self, table: &ObjectName, now: &Column, wanted: &Column) {
        let (table, column) = (table.clone(), wanted.name.clone());
        if wanted.nullable && !now.nullable {
            self.push(DropNotNull { table: table.clone(), column: column.clone() });
        }
        if is_retyped(now, wanted) {
            let alter = self.retype(&table, now, wanted);
            self.push(alter);
        }
        if !wanted.nullable && now.nullable {
            let (table, column) = (table.clone(), column.clone());
            self.push(SetNotNull { table, column, concurrently: false });
        }
        if let Some(default) = wanted.default.clone().filter(|_| now.default != wanted.default) {
            self.push(SetDefault { table: table.clone(), column: column.clone(), default });
        }
        if let Some(identity) = wanted.identity.as_ref().filter(|_| now.identity.is_none()) {
            self.push(AddIdentity { table, column, identity: identity.into() });
        }
    }

    fn retype(&self, table: &ObjectName, now: &Column, wanted: &Column) -> AlterColumnType {
        let mut alter = AlterColumnType {
            table: table.clone(),
            column: now.name.clone(),
            ty: wanted.ty.clone(),
            collation: wanted.collation.clone(),
            using: cast(now, &now.ty, &wanted.ty),
            revert_using: None,
        };
        if Operation::from(alter.clone()).reverse(&self.now).is_err() {
            let through = Expr::computed(format!("{}::{}", now.name.sql(), wanted.ty.sql()));
            alter.using = alter.using.or(Some(through));
            alter.revert_using = Some(explicit_cast(now, &wanted.ty, &now.ty));
        }
        alter
    }

    /// Adds the columns that are missing, those that are made of others last.
    pub(super) fn add_columns(&mut self) {
        for table in self.common_tables() {
            let missing = self.to.tables[&table]
                .columns
                .iter()
                .filter(|column| self.now.tables[&table].column(column.name.as_str()).is_none());
            let (generated, plain): (Vec<Column>, Vec<Column>) =
                missing.cloned().partition(|column| column.generated.is_some());
            for column in plain.iter().chain(&generated) {
                self.add_column(&table, column);
            }
        }
    }

    fn add_column(&mut self, table: &ObjectName, wanted: &Column) {
        let owned = self.to.owned_sequences(table, Some(&wanted.name)).into_iter();
        let owned: Vec<_> = owned.filter(|name| !self.now.sequences.contains_key(name)).collect();
        let to = self.to;
        self.extend(owned.iter().flat_map(|name| to.create_sequence(name)));
        let mut column = ColumnDefinition::from(wanted);
        let (mut fill, mut constant) = (None, false);
        let has_value =
            column.default.is_some() || column.identity.is_some() || column.generated.is_some();
        if !column.nullable && !has_value {
            fill = value_of(&self.answers.fills, table, &wanted.name);
            if fill.is_none() {
                let (table, column, ty) = (table.clone(), wanted.name.clone(), wanted.ty.clone());
                self.ask(Question::Fill { table, column, ty });
            }
            // A constant costs nothing as a default that goes at once.
            constant = fill.as_ref().is_some_and(is_constant);
            if constant {
                column.default = fill.take();
            }
        }
        self.push(AddColumn { table: table.clone(), column, fill });
        if constant {
            self.push(DropDefault { table: table.clone(), column: wanted.name.clone() });
        }
        self.extend(owned.iter().filter_map(|name| to.own_sequence(name)));
    }
}

/// Whether an expression is the same in each row, whatever is in it.
fn is_constant(expr: &Expr) -> bool {
    let facts = expr.facts();
    facts.columns.is_empty()
        && facts.functions.is_empty()
        && facts.reserved.is_empty()
        && !facts.has_query
}

/// What turns a column into another type, where PostgreSQL does not do it by
/// itself.
fn cast(column: &Column, from: &Type, to: &Type) -> Option<Expr> {
    (known::assignable(from, to) != Some(true)).then(|| explicit_cast(column, from, to))
}

/// A cast that can be written; through text where there is no other.
fn explicit_cast(column: &Column, from: &Type, to: &Type) -> Expr {
    let name = column.name.sql();
    if known::castable_everywhere(from, to) {
        return Expr::computed(format!("{name}::{}", to.sql()));
    }
    let text = if from.array && to.array { "text[]" } else { "text" };
    Expr::computed(format!("{name}::{text}::{}", to.sql()))
}
