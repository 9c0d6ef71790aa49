use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::locks_without;
use crate::schema::{ConstraintKind, Schema, User};
use crate::statement::Statement;

/// `alter table t drop constraint c`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub name: Ident,
}

impl Operate for DropConstraint {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(constraint) = check.constraint(&self.table, &self.name) else { return Vec::new() };
        let key = match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => key.columns.as_slice(),
            _ => &[],
        };
        if let Some(user) = check.schema.user_of_key(&self.table, key) {
            let message = format!("constraint `{}` is still used by {user}", self.name);
            let diagnostic = Diagnostic::new("still_used", self.name.origin, message);
            check.report(diagnostic.help(format!("drop {user} before it")));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.change_table(&self.table, |table| {
            table.constraints.remove(&self.name);
        });
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let table = before.table(&self.table);
        let constraint = table.and_then(|table| table.constraints.get(&self.name));
        Ok(constraint.map_or_else(Vec::new, |c| c.restore(&self.table, &self.name)))
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = format!("ALTER TABLE {} DROP CONSTRAINT {}", self.table.sql(), self.name.sql());
        let locks = locks_without(before, &self.table, |name, _| *name == self.name);
        vec![Statement::new(self.describe(), sql).locking(locks)]
    }

    fn describe(&self) -> String {
        format!("alter table {} drop constraint {}", self.table, self.name)
    }
}

impl Schema {
    /// A foreign key that refers to exactly these columns. PostgreSQL notes
    /// which index it relies on; where two would do, the model assumes this
    /// one.
    pub(super) fn user_of_key(&self, table: &ObjectName, key: &[Ident]) -> Option<User> {
        let referring = self.foreign_keys_to(table).into_iter().find(|(_, _, foreign)| {
            foreign.referenced.len() == key.len()
                && foreign.referenced.iter().all(|column| key.contains(column))
        });
        referring.map(|(owner, name, _)| User::Constraint(owner.clone(), name.clone()))
    }
}
