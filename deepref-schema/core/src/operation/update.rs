use super::{Operate, Operation, Reversal, SqlDown};
use crate::check::{Check, Scope};
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::locks::{LockMode, Work};
use crate::origin::Origin;
use crate::schema::{Schema, Table};
use crate::statement::{Batches, Run, Statement};

/// `update t set a = … where … in batches of n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The table.
    pub table: ObjectName,
    /// What is set, in order.
    pub assignments: Vec<Assignment>,
    /// Which rows.
    pub condition: Option<Expr>,
    /// Rows in a batch, where it runs in batches.
    pub batch: Option<u64>,
    /// How it is reverted.
    pub down: Option<SqlDown>,
    /// The word `update`.
    pub origin: Origin,
}

/// `a = …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The column.
    pub column: Ident,
    /// Its new value.
    pub value: Expr,
}

impl Operate for Update {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(table) = check.table(&self.table) else { return Vec::new() };
        let scope = Scope { query: true, ..Scope::rows("an update", &self.table, table) };
        let assignments: Vec<_> =
            self.assignments.iter().map(|a| self.assignment(check, table, a, scope)).collect();
        let condition = self.condition.as_ref().map(|expr| check.condition(expr, scope));
        self.check_batches(check, table);
        self.set_once(check);
        for finding in self.down.iter().flat_map(SqlDown::check) {
            check.report(finding);
        }
        let batch = self.batch.filter(|_| !table.is_new(check.schema));
        vec![Self { assignments, condition, batch, ..self.clone() }.into()]
    }

    fn apply(&self, _: &mut Schema) {}

    fn reverse(&self, _: &Schema) -> Reversal {
        match &self.down {
            Some(down) => Ok(down.operations()),
            None => {
                let message = "the old values are not kept, so the update can not be reverted";
                let help =
                    "write `down \"…\"` at its end, or `down none` where there is nothing to undo";
                Err(Box::new(Diagnostic::new("irreversible", self.origin, message).help(help)))
            }
        }
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let set: Vec<_> = self
            .assignments
            .iter()
            .map(|a| format!("{} = {}", a.column.sql(), a.value.sql()))
            .collect();
        let set = set.join(", ");
        let condition =
            self.condition.as_ref().map_or_else(String::new, |expr| expr.sql().to_owned());
        let mut sql = format!("UPDATE {} SET {set}", self.table.sql());
        if !condition.is_empty() {
            sql += &format!(" WHERE {condition}");
        }
        let locks = before.lock_for(&self.table, LockMode::RowExclusive, Work::Scan);
        let statement = Statement::new(self.describe(), sql).changing_rows().locking(locks);
        vec![match (self.batch, before.table(&self.table)) {
            (Some(size), Some(table)) => {
                let (on, key) = (self.table.clone(), table.key_with_types());
                statement.running(Run::Batches(Batches { table: on, key, set, condition, size }))
            }
            _ => statement,
        }]
    }

    fn describe(&self) -> String {
        format!("update {}", self.table)
    }
}

impl Update {
    fn assignment(
        &self,
        check: &mut Check<'_>,
        table: &Table,
        written: &Assignment,
        scope: Scope<'_>,
    ) -> Assignment {
        let before = check.report.diagnostics.len();
        let value = check.expression(&written.value, scope);
        if let Some(column) = check.column_of(&self.table, table, &written.column) {
            if column.generated.is_some() {
                let message =
                    format!("column `{}` is generated: it can not be set", written.column);
                check.report(Diagnostic::new("generated", written.column.origin, message));
            } else if check.report.diagnostics.len() == before {
                check.assignable(&column.ty, &value, "value", Some(table));
            }
        }
        Assignment { column: written.column.clone(), value }
    }

    fn set_once(&self, check: &mut Check<'_>) {
        for (index, assignment) in self.assignments.iter().enumerate() {
            let column = &assignment.column;
            if self.assignments[..index].iter().any(|other| other.column == *column) {
                let message = format!("column `{column}` is set twice");
                check.report(Diagnostic::new("already_exists", column.origin, message));
            }
        }
    }

    fn check_batches(&self, check: &mut Check<'_>, table: &Table) {
        if self.batch.is_none() {
            return;
        }
        let Some(key) = table.primary_key_columns() else {
            let message =
                format!("table `{}` has no primary key, along which batches are cut", self.table);
            let diagnostic = Diagnostic::new("no_primary_key", self.table.origin(), message);
            check.report(
                diagnostic.help("leave out `in batches of …`, or add a primary key before it"),
            );
            return;
        };
        if let Some(assignment) = self.assignments.iter().find(|a| key.contains(&a.column)) {
            let column = &assignment.column;
            let message =
                format!("`{column}` is part of the primary key, along which batches are cut");
            let diagnostic = Diagnostic::new("no_primary_key", column.origin, message);
            check.report(diagnostic.help("leave out `in batches of …`"));
        }
    }

    /// The columns that it sets.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &Ident> {
        self.assignments.iter().map(|assignment| &assignment.column)
    }
}

impl Table {
    fn key_with_types(&self) -> Vec<(Ident, crate::types::Type)> {
        let key = self.primary_key_columns().unwrap_or_default();
        let typed = key.into_iter().filter_map(|name| {
            let ty = self.column(name.as_str())?.ty.clone();
            Some((name, ty))
        });
        typed.collect()
    }
}
