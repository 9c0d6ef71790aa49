use super::{ColumnDefinition, IdentityDefinition, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::{LockMode, Work};
use crate::schema::{Column, Identity, Schema};
use crate::sql::identity_sql;
use crate::statement::Statement;

/// `alter table t alter column c add identity`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddIdentity {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// The identity.
    pub identity: IdentityDefinition,
}

/// `alter table t alter column c drop identity`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIdentity {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
}

impl Operate for AddIdentity {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(column) = check.column(&self.table, &self.column) else { return Vec::new() };
        if let Some((why, help)) = why_no_identity(column) {
            let message = format!("column `{}` {why}", self.column);
            let diagnostic = Diagnostic::new("invalid_identity", self.column.origin, message);
            let help = help.replace("{}", &format!("alter column {}", self.column));
            check.report(diagnostic.help(help));
            return Vec::new();
        }
        let definition = ColumnDefinition::from(column);
        let Some(identity) = check.identity(&self.table, &definition, &self.identity) else {
            return Vec::new();
        };
        vec![Self { identity, ..self.clone() }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.change_table(&self.table, |table| {
            if let Some(column) = table.column_mut(self.column.as_str()) {
                column.identity = self.identity.identity(&column.ty);
            }
        });
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let (table, column) = (self.table.clone(), self.column.clone());
        Ok(vec![DropIdentity { table, column }.into()])
    }

    /// The sequence goes on after the values that are there.
    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (table, column) = (self.table.sql(), self.column.sql());
        let add = format!(
            "ALTER TABLE {table} ALTER COLUMN {column} ADD {}",
            identity_sql(&self.identity)
        );
        let alter = before.lock_to_alter(&self.table, Work::Nothing);
        let read = before.lock_for(&self.table, LockMode::AccessShare, Work::Scan);
        let add = Some((add, alter));
        let sql = add.into_iter().chain(self.go_on(before).map(|sql| (sql, read)));
        sql.map(|(sql, locks)| Statement::new(self.describe(), sql).locking(locks)).collect()
    }

    fn describe(&self) -> String {
        format!("alter table {} alter column {} add identity", self.table, self.column)
    }
}

impl AddIdentity {
    fn go_on(&self, before: &Schema) -> Option<String> {
        let of = before.table(&self.table)?.column(self.column.as_str())?;
        let Identity { sequence_name, sequence, .. } = self.identity.identity(&of.ty)?;
        Some(sequence.go_on_sql(&sequence_name, &self.table, &self.column))
    }
}

fn why_no_identity(column: &Column) -> Option<(&'static str, &'static str)> {
    if column.identity.is_some() {
        Some(("is an identity column already", "delete it"))
    } else if column.generated.is_some() {
        Some(("is generated", "choose another column"))
    } else if column.nullable {
        Some(("may be null, which an identity column may not", "write `{} set not null` before it"))
    } else if column.default.is_some() {
        Some((
            "has a default, which an identity column may not",
            "write `{} drop default` before it",
        ))
    } else {
        None
    }
}

impl Operate for DropIdentity {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(column) = check.column(&self.table, &self.column) else { return Vec::new() };
        if column.identity.is_none() {
            let message = format!("column `{}` is no identity column", self.column);
            let diagnostic = Diagnostic::new("nothing_to_do", self.column.origin, message);
            check.report(diagnostic.help("delete it"));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.change_table(&self.table, |table| {
            if let Some(column) = table.column_mut(self.column.as_str()) {
                column.identity = None;
            }
        });
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let column = before.table(&self.table).and_then(|table| table.column(self.column.as_str()));
        let Some(identity) = column.and_then(|column| column.identity.as_ref()) else {
            return Ok(Vec::new());
        };
        let (table, column) = (self.table.clone(), self.column.clone());
        Ok(vec![AddIdentity { table, column, identity: identity.into() }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (table, column) = (self.table.sql(), self.column.sql());
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} DROP IDENTITY");
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock_to_alter(&self.table, Work::Nothing)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter table {} alter column {} drop identity", self.table, self.column)
    }
}
