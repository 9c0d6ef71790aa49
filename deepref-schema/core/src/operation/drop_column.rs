use super::drop_table::data_loss;
use super::{AddColumn, ColumnDefinition, Operate, Operation, Reversal};
use crate::check::{Check, Scope};
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::locks::locks_without;
use crate::schema::{Column, Constraint, ConstraintKind, Schema, Table, User};
use crate::statement::Statement;

/// `alter table t drop column c restore as …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropColumn {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// How a revert fills the column of rows that are there.
    pub restore: Option<Expr>,
}

impl Operate for DropColumn {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(table) = check.table(&self.table) else { return Vec::new() };
        let Some(column) = check.column_of(&self.table, table, &self.column) else {
            return Vec::new();
        };
        if let Some(user) = check.schema.user_of_column(&self.table, &self.column) {
            let message = format!("column `{}` is still used by {user}", self.column);
            let diagnostic = Diagnostic::new("still_used", self.column.origin, message);
            check.report(diagnostic.help(format!("change or drop {user} before it")));
            return Vec::new();
        }
        let restore = self.restore.as_ref().map(|expr| self.restoring(check, table, column, expr));
        vec![Self { restore, ..self.clone() }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        for sequence in schema.owned_sequences(&self.table, Some(&self.column)) {
            schema.remove_sequence(&sequence);
        }
        schema.change_table(&self.table, |table| {
            table.columns.retain(|column| column.name != self.column);
            table.constraints.retain(|_, constraint| !constraint.kind.uses_column(&self.column));
            table.indexes.retain(|_, index| !index.uses_column(&self.column));
        });
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(table) = before.table(&self.table) else { return Ok(Vec::new()) };
        let Some(column) = table.column(self.column.as_str()) else { return Ok(Vec::new()) };
        let has_value =
            column.default.is_some() || column.identity.is_some() || column.generated.is_some();
        if !column.nullable && !has_value && self.restore.is_none() && !table.is_new(before) {
            return Err(Box::new(self.nothing_to_restore(column)));
        }
        Ok(self.restored(before, table, column))
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = format!("ALTER TABLE {} DROP COLUMN {}", self.table.sql(), self.column.sql());
        let goes = |_: &Ident, it: &Constraint| it.kind.uses_column(&self.column);
        let locks = locks_without(before, &self.table, goes);
        vec![Statement::new(self.describe(), sql).locking(locks)]
    }

    fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        let column = before.table(&self.table).and_then(|table| table.column(self.column.as_str()));
        let is_new = |column: &Column| before.is_making(&column.made);
        if column.is_none_or(|column| column.generated.is_some() || is_new(column)) {
            return Vec::new();
        }
        let message = format!("the values of `{}.{}` are lost", self.table, self.column);
        vec![data_loss(message, self.column.origin, "drop column …")]
    }

    fn describe(&self) -> String {
        format!("alter table {} drop column {}", self.table, self.column)
    }
}

impl DropColumn {
    fn restoring(
        &self,
        check: &mut Check<'_>,
        table: &Table,
        column: &Column,
        expr: &Expr,
    ) -> Expr {
        if column.identity.is_some() || column.generated.is_some() {
            let message = format!("`{}` gets its values by itself", self.column);
            let diagnostic = Diagnostic::new("nothing_to_do", expr.origin(), message);
            check.report(diagnostic.help("delete `restore as …`"));
            return expr.clone();
        }
        let mut after = table.clone();
        after.columns.retain(|other| other.name != self.column);
        let resolved = check.expression(expr, Scope::rows("`restore as`", &self.table, &after));
        let constant = expr.facts().columns.is_empty() && expr.facts().functions.is_empty();
        let unique = table.constraints.iter().find(|(_, constraint)| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                key.columns == [self.column.clone()]
            }
            _ => false,
        });
        if let (true, Some((name, _))) = (constant, unique) {
            let message = format!(
                "all rows would get one value, and `{name}` makes `{}` unique",
                column.name
            );
            check.report(Diagnostic::new("irreversible", expr.origin(), message));
        }
        resolved
    }

    fn nothing_to_restore(&self, column: &Column) -> Diagnostic {
        let message =
            format!("a revert can not fill `{}`: it is NOT NULL and has no default", self.column);
        let example =
            if column.ty.is("text") || column.ty.is("character varying") { "\"\"" } else { "…" };
        let help = format!(
            "say how old rows are filled: write `drop column {} restore as {example}`",
            self.column
        );
        Diagnostic::new("irreversible", self.column.origin, message).help(help)
    }

    /// The column, and what fell with it.
    fn restored(&self, before: &Schema, table: &Table, column: &Column) -> Vec<Operation> {
        let owned = before.owned_sequences(&self.table, Some(&self.column));
        let mut operations: Vec<_> =
            owned.iter().flat_map(|sequence| before.create_sequence(sequence)).collect();
        let definition = ColumnDefinition::from(column);
        let fill = self.restore.clone();
        operations.push(AddColumn { table: self.table.clone(), column: definition, fill }.into());
        operations.extend(owned.iter().filter_map(|sequence| before.own_sequence(sequence)));
        operations.extend(column.restore_comment(&self.table));
        for (name, constraint) in &table.constraints {
            if constraint.kind.uses_column(&self.column) {
                operations.extend(constraint.restore(&self.table, name));
            }
        }
        for (name, index) in &table.indexes {
            if index.uses_column(&self.column) {
                operations.extend(index.restore(&self.table, name));
            }
        }
        operations
    }
}

impl Schema {
    /// What would be left without a column it needs: a foreign key of another
    /// table, an expression of an exclusion constraint, a generated column, a default that draws from its sequence.
    fn user_of_column(&self, table_name: &ObjectName, column: &Ident) -> Option<User> {
        let table = self.table(table_name)?;
        let inbound = self.foreign_keys_needing(table_name, column).into_iter();
        let mut kept = inbound.filter(|(of, name)| {
            let falls = |it: &Constraint| it.kind.falls_with_column(column);
            *of != table_name || !table.constraints.get(*name).is_some_and(falls)
        });
        if let Some((of, name)) = kept.next() {
            return Some(User::Constraint(of.clone(), name.clone()));
        }
        let mut constraints = table.constraints.iter();
        let kept = constraints.find(|(_, constraint)| {
            constraint.kind.uses_column(column) && !constraint.kind.falls_with_column(column)
        });
        if let Some((name, _)) = kept {
            return Some(User::Constraint(table_name.clone(), name.clone()));
        }
        let generated = table.columns.iter().find(|other| {
            let expr = other.generated.as_ref();
            other.name != *column && expr.is_some_and(|expr| expr.uses_column(column.as_str()))
        });
        if let Some(other) = generated {
            return Some(User::Column(table_name.clone(), other.name.clone()));
        }
        let own = User::Column(table_name.clone(), column.clone());
        let owned = self.owned_sequences(table_name, Some(column));
        owned.iter().flat_map(|sequence| self.users_of_sequence(sequence)).find(|user| *user != own)
    }
}
