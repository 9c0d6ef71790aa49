use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::ident::{Ident, ObjectName};
use crate::locks::LockMode;
use crate::schema::Schema;
use crate::statement::Statement;

/// `alter index i rename to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameIndex {
    /// The index.
    pub name: ObjectName,
    /// Its new name.
    pub to: Ident,
}

impl Operate for RenameIndex {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let exists = check.index(&self.name).is_some();
        if exists && check.free_relation(&self.name.sibling(self.to.clone())) {
            return vec![self.clone().into()];
        }
        if !exists {
            check.report.doubt_words([self.to.to_string()]);
        }
        Vec::new()
    }

    fn apply(&self, schema: &mut Schema) {
        let Some(table) = schema.relation(&self.name).and_then(|r| r.table.clone()) else { return };
        schema.change_table(&table, |table| {
            if let Some(index) = table.indexes.remove(&self.name.name) {
                table.indexes.insert(self.to.clone(), index);
            }
        });
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let name = self.name.sibling(self.to.clone());
        Ok(vec![Self { name, to: self.name.name.clone() }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = format!("ALTER INDEX {} RENAME TO {}", self.name.sql(), self.to.sql());
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock(&self.name, LockMode::ShareUpdateExclusive)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter index {} rename to {}", self.name, self.to)
    }
}
