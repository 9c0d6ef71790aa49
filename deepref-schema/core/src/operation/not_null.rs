use super::{
    AddConstraint, ConstraintDefinition, ConstraintForm, DropConstraint, Operate, Operation,
    Reversal, ValidateConstraint,
};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::locks::{Work, work_of_not_null};
use crate::names::Taken;
use crate::origin::Origin;
use crate::schema::{Column, Deferral, Schema};
use crate::statement::Statement;

/// `alter table t alter column c set not null`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetNotNull {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// Through a validated check, so that no scan blocks.
    pub concurrently: bool,
}

/// `alter table t alter column c drop not null`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropNotNull {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
}

impl Operate for SetNotNull {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(table) = check.table(&self.table) else { return Vec::new() };
        let Some(column) = check.column_of(&self.table, table, &self.column) else {
            return Vec::new();
        };
        if !column.nullable {
            let message = format!("column `{}` is NOT NULL already", self.column);
            let diagnostic = Diagnostic::new("nothing_to_do", self.column.origin, message);
            check.report(diagnostic.help("delete it"));
            return Vec::new();
        }
        if self.concurrently && !table.is_new(check.schema) {
            return self.in_steps(check.schema);
        }
        vec![Self { concurrently: false, ..self.clone() }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        set(schema, &self.table, &self.column, false);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let (table, column) = (self.table.clone(), self.column.clone());
        Ok(vec![DropNotNull { table, column }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (table, column) = (self.table.sql(), self.column.sql());
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL");
        let work = work_of_not_null(before, &self.table, &self.column);
        let locks = before.lock_to_alter(&self.table, work);
        vec![Statement::new(self.describe(), sql).locking(locks)]
    }

    fn describe(&self) -> String {
        format!("alter table {} alter column {} set not null", self.table, self.column)
    }
}

impl SetNotNull {
    /// PostgreSQL does not scan the table where a valid check says the same
    /// (manual chapter "ALTER TABLE").
    fn in_steps(&self, schema: &Schema) -> Vec<Operation> {
        let check = Expr::computed(format!("{} is not null", self.column.sql()));
        let form = ConstraintForm::Check(check);
        let name = schema.constraint_name(&self.table, &form, &Taken::default()).name;
        let constraint = ConstraintDefinition {
            name: Some(name.clone()),
            form,
            deferral: Deferral::NotDeferrable,
            not_valid: true,
            origin: Origin::NONE,
        };
        let table = || self.table.clone();
        vec![
            AddConstraint::plain(table(), constraint).into(),
            ValidateConstraint { table: table(), name: name.clone() }.into(),
            Self { concurrently: false, ..self.clone() }.into(),
            DropConstraint { table: table(), name }.into(),
        ]
    }
}

impl Operate for DropNotNull {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(table) = check.table(&self.table) else { return Vec::new() };
        let Some(column) = check.column_of(&self.table, table, &self.column) else {
            return Vec::new();
        };
        let in_key = table.primary_key_columns().is_some_and(|key| key.contains(&self.column));
        if let Some((rule, why)) = why_not(column, in_key) {
            let message = format!("column `{}` {why}", self.column);
            check.report(Diagnostic::new(rule, self.column.origin, message));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        set(schema, &self.table, &self.column, true);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let (table, column) = (self.table.clone(), self.column.clone());
        Ok(vec![SetNotNull { table, column, concurrently: false }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (table, column) = (self.table.sql(), self.column.sql());
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL");
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock_to_alter(&self.table, Work::Nothing)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter table {} alter column {} drop not null", self.table, self.column)
    }
}

fn why_not(column: &Column, in_key: bool) -> Option<(&'static str, &'static str)> {
    if column.nullable {
        Some(("nothing_to_do", "may be null already"))
    } else if in_key {
        Some(("still_used", "is part of the primary key"))
    } else if column.identity.is_some() {
        Some(("still_used", "is an identity column"))
    } else {
        None
    }
}

fn set(schema: &mut Schema, table: &ObjectName, column: &Ident, nullable: bool) {
    schema.change_table(table, |table| {
        if let Some(column) = table.column_mut(column.as_str()) {
            column.nullable = nullable;
        }
    });
}
