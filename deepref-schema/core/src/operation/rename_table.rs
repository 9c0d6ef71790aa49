use std::sync::Arc;

use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::ident::{Ident, ObjectName};
use crate::locks::Work;
use crate::schema::{ConstraintKind, Schema};
use crate::statement::Statement;

/// `alter table t rename to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameTable {
    /// The table.
    pub table: ObjectName,
    /// Its new name.
    pub to: Ident,
}

impl Operate for RenameTable {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let to = self.table.sibling(self.to.clone());
        if check.table(&self.table).is_some() && check.free_relation_and_type(&to) {
            return vec![self.clone().into()];
        }
        Vec::new()
    }

    fn apply(&self, schema: &mut Schema) {
        let to = self.table.sibling(self.to.clone());
        let referring: Vec<_> = schema
            .foreign_keys_to(&self.table)
            .into_iter()
            .map(|(name, ..)| name.clone())
            .collect();
        for name in referring {
            schema.change_table(&name, |table| {
                for constraint in table.constraints.values_mut() {
                    if let ConstraintKind::ForeignKey(foreign) = &mut constraint.kind
                        && foreign.table == self.table
                    {
                        foreign.table = to.clone();
                    }
                }
            });
        }
        let (from, new) = (self.table.name.as_str(), self.to.as_str());
        schema.change_table(&self.table, |table| {
            table.change_expressions(|_, expr| expr.with_table_renamed(from, new));
        });
        for sequence in schema.owned_sequences(&self.table, None) {
            if let Some(owner) =
                schema.sequences.get_mut(&sequence).and_then(|s| Arc::make_mut(s).owner.as_mut())
            {
                owner.table = to.clone();
            }
        }
        if let Some(table) = schema.remove_table(&self.table) {
            schema.insert_table(to.clone(), table);
        }
        schema.rename_type(&self.table, &to);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let table = self.table.sibling(self.to.clone());
        Ok(vec![Self { table, to: self.table.name.clone() }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = format!("ALTER TABLE {} RENAME TO {}", self.table.sql(), self.to.sql());
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock_to_alter(&self.table, Work::Nothing)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter table {} rename to {}", self.table, self.to)
    }
}
