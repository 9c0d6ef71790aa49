use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::ident::{Ident, ObjectName};
use crate::locks::Work;
use crate::schema::Schema;
use crate::statement::Statement;

/// `alter table t rename constraint c to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub name: Ident,
    /// Its new name.
    pub to: Ident,
}

impl Operate for RenameConstraint {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(constraint) = check.constraint(&self.table, &self.name) else { return Vec::new() };
        if check.free_constraint(&self.table, &self.to, constraint.kind.has_index()) {
            return vec![self.clone().into()];
        }
        Vec::new()
    }

    fn apply(&self, schema: &mut Schema) {
        schema.change_table(&self.table, |table| {
            if let Some(constraint) = table.constraints.remove(&self.name) {
                table.constraints.insert(self.to.clone(), constraint);
            }
        });
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let (name, to) = (self.to.clone(), self.name.clone());
        Ok(vec![Self { table: self.table.clone(), name, to }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (name, to) = (self.name.sql(), self.to.sql());
        let sql = format!("ALTER TABLE {} RENAME CONSTRAINT {name} TO {to}", self.table.sql());
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock_to_alter(&self.table, Work::Nothing)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter table {} rename constraint {} to {}", self.table, self.name, self.to)
    }
}
