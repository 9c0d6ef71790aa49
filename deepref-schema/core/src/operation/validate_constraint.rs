use super::{DropConstraint, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::locks_of_validation;
use crate::schema::Schema;
use crate::statement::{Run, Statement};

/// `alter table t validate constraint c`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidateConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub name: Ident,
}

impl Operate for ValidateConstraint {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(constraint) = check.constraint(&self.table, &self.name) else { return Vec::new() };
        if constraint.valid {
            let message = format!("constraint `{}` is valid already", self.name);
            let diagnostic = Diagnostic::new("nothing_to_do", self.name.origin, message);
            check.report(diagnostic.help("delete it"));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.change_table(&self.table, |table| {
            if let Some(constraint) = table.constraints.get_mut(&self.name) {
                constraint.valid = true;
            }
        });
    }

    /// PostgreSQL can not take a validation back: the constraint is made again.
    fn reverse(&self, before: &Schema) -> Reversal {
        let drop = DropConstraint { table: self.table.clone(), name: self.name.clone() };
        let mut operations = vec![drop.clone().into()];
        operations.extend(drop.reverse(before)?);
        Ok(operations)
    }

    /// In a transaction of its own: with the statement that added the
    /// constraint, its scan would hold that one's stronger lock.
    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql =
            format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", self.table.sql(), self.name.sql());
        let locks = locks_of_validation(before, &self.table, &self.name);
        vec![Statement::new(self.describe(), sql).running(Run::AfterCommit).locking(locks)]
    }

    fn describe(&self) -> String {
        format!("alter table {} validate constraint {}", self.table, self.name)
    }
}
