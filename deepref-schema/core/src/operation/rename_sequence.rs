use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::ident::{Ident, ObjectName};
use crate::locks::LockMode;
use crate::schema::Schema;
use crate::statement::Statement;

/// `alter sequence s rename to n`, be it the sequence of an identity column
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameSequence {
    /// The sequence.
    pub name: ObjectName,
    /// Its new name.
    pub to: Ident,
}

impl Operate for RenameSequence {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let of_identity = check.schema.identity_of_sequence(&self.name).is_some();
        let exists = of_identity || check.sequence(&self.name).is_some();
        if exists && check.free_relation_and_type(&self.name.sibling(self.to.clone())) {
            return vec![self.clone().into()];
        }
        Vec::new()
    }

    fn apply(&self, schema: &mut Schema) {
        let to = self.name.sibling(self.to.clone());
        if let Some((table, column)) = schema.identity_of_sequence(&self.name) {
            schema.change_table(&table, |table| {
                let column = table.column_mut(column.as_str());
                if let Some(identity) = column.and_then(|column| column.identity.as_mut()) {
                    identity.sequence_name = to.clone();
                }
            });
        } else if let Some(sequence) = schema.remove_sequence(&self.name) {
            schema.insert_sequence(to.clone(), sequence);
        }
        schema.rename_sequence_in_defaults(&self.name, &to);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let name = self.name.sibling(self.to.clone());
        Ok(vec![Self { name, to: self.name.name.clone() }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = format!("ALTER SEQUENCE {} RENAME TO {}", self.name.sql(), self.to.sql());
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock(&self.name, LockMode::AccessExclusive)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter sequence {} rename to {}", self.name, self.to)
    }
}
