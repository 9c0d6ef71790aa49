use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::locks::Work;
use crate::schema::{Column, Schema};
use crate::sql::default_sql;
use crate::statement::Statement;

/// `alter table t alter column c set default …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetDefault {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// The default.
    pub default: Expr,
}

/// `alter table t alter column c drop default`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropDefault {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
}

impl Operate for SetDefault {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(column) = check.column(&self.table, &self.column) else { return Vec::new() };
        if let Some(what) = has_own_value(column) {
            let message = format!("column `{}` is {what}: it can not have a default", self.column);
            check.report(Diagnostic::new("invalid_default", self.column.origin, message));
            return Vec::new();
        }
        let default = check.default_value(&column.ty, &self.default);
        vec![Self { default, ..self.clone() }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        set(schema, &self.table, &self.column, Some(self.default.clone()));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        Ok(back(before, &self.table, &self.column))
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (table, column) = (self.table.sql(), self.column.sql());
        let default = default_sql(&self.default);
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}");
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock_to_alter(&self.table, Work::Nothing)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter table {} alter column {} set default", self.table, self.column)
    }
}

impl Operate for DropDefault {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(column) = check.column(&self.table, &self.column) else { return Vec::new() };
        if column.default.is_none() {
            let message = format!("column `{}` has no default", self.column);
            let diagnostic = Diagnostic::new("nothing_to_do", self.column.origin, message);
            check.report(diagnostic.help("delete it"));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        set(schema, &self.table, &self.column, None);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        Ok(back(before, &self.table, &self.column))
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (table, column) = (self.table.sql(), self.column.sql());
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT");
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock_to_alter(&self.table, Work::Nothing)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter table {} alter column {} drop default", self.table, self.column)
    }
}

fn has_own_value(column: &Column) -> Option<&'static str> {
    match (&column.identity, &column.generated) {
        (Some(_), _) => Some("an identity column"),
        (_, Some(_)) => Some("generated"),
        _ => None,
    }
}

fn set(schema: &mut Schema, table: &ObjectName, column: &Ident, default: Option<Expr>) {
    schema.change_table(table, |table| {
        if let Some(column) = table.column_mut(column.as_str()) {
            column.default = default;
        }
    });
}

/// The default that the column had.
fn back(before: &Schema, table: &ObjectName, column: &Ident) -> Vec<Operation> {
    let old = before.table(table).and_then(|table| table.column(column.as_str()));
    let Some(old) = old else { return Vec::new() };
    let (table, column) = (table.clone(), column.clone());
    vec![match &old.default {
        Some(default) => SetDefault { table, column, default: default.clone() }.into(),
        None => DropDefault { table, column }.into(),
    }]
}
