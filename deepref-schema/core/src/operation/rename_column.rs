use std::sync::Arc;

use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::Work;
use crate::schema::{ConstraintKind, ElementSubject, Schema, Table};
use crate::statement::Statement;

/// `alter table t rename column c to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameColumn {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// Its new name.
    pub to: Ident,
}

impl Operate for RenameColumn {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(table) = check.table(&self.table) else { return Vec::new() };
        if check.column_of(&self.table, table, &self.column).is_none()
            || !check.new_column_name(&self.to)
        {
            return Vec::new();
        }
        if table.column(self.to.as_str()).is_some() {
            let message = format!("table `{}` has a column `{}` already", self.table, self.to);
            check.report(Diagnostic::new("already_exists", self.to.origin, message));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        for sequence in schema.owned_sequences(&self.table, Some(&self.column)) {
            if let Some(owner) =
                schema.sequences.get_mut(&sequence).and_then(|s| Arc::make_mut(s).owner.as_mut())
            {
                owner.column = self.to.clone();
            }
        }
        let referring: Vec<_> = schema
            .foreign_keys_to(&self.table)
            .into_iter()
            .map(|(name, ..)| name.clone())
            .collect();
        for name in referring {
            schema.change_table(&name, |table| self.rename_references(table));
        }
        schema.change_table(&self.table, |table| self.rename_in(table));
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let (column, to) = (self.to.clone(), self.column.clone());
        Ok(vec![Self { table: self.table.clone(), column, to }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (column, to) = (self.column.sql(), self.to.sql());
        let sql = format!("ALTER TABLE {} RENAME COLUMN {column} TO {to}", self.table.sql());
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock_to_alter(&self.table, Work::Nothing)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter table {} rename column {} to {}", self.table, self.column, self.to)
    }
}

impl RenameColumn {
    fn rename(&self, name: &mut Ident) {
        if *name == self.column {
            *name = self.to.clone();
        }
    }

    fn rename_references(&self, table: &mut Table) {
        for constraint in table.constraints.values_mut() {
            if let ConstraintKind::ForeignKey(foreign) = &mut constraint.kind
                && foreign.table == self.table
            {
                foreign.referenced.iter_mut().for_each(|name| self.rename(name));
            }
        }
    }

    fn rename_in(&self, table: &mut Table) {
        table.columns.iter_mut().for_each(|column| self.rename(&mut column.name));
        for constraint in table.constraints.values_mut() {
            self.rename_in_constraint(&mut constraint.kind);
        }
        for index in table.indexes.values_mut() {
            index.include.iter_mut().for_each(|name| self.rename(name));
            for element in &mut index.elements {
                self.rename_in_element(&mut element.subject);
            }
        }
        let (from, to) = (self.column.as_str(), self.to.as_str());
        table.change_expressions(|_, expr| expr.with_column_renamed(from, to));
    }

    fn rename_in_constraint(&self, kind: &mut ConstraintKind) {
        match kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                key.columns.iter_mut().chain(&mut key.include).for_each(|name| self.rename(name));
            }
            ConstraintKind::ForeignKey(foreign) => {
                foreign.columns.iter_mut().for_each(|name| self.rename(name));
            }
            ConstraintKind::Check(_) => {}
            ConstraintKind::Exclusion(exclusion) => {
                for element in &mut exclusion.elements {
                    self.rename_in_element(&mut element.element.subject);
                }
            }
        }
    }

    fn rename_in_element(&self, subject: &mut ElementSubject) {
        if let ElementSubject::Column(name) = subject {
            self.rename(name);
        }
    }
}
