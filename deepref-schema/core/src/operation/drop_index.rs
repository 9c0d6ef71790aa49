use super::{CreateIndex, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::locks::LockMode;
use crate::schema::Schema;
use crate::statement::{Run, Statement};

/// `drop index i`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIndex {
    /// The index.
    pub name: ObjectName,
    /// Without blocking, outside of a transaction.
    pub concurrently: bool,
}

impl Operate for DropIndex {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some((table, index)) = check.index(&self.name) else { return Vec::new() };
        let key = index.unique_columns();
        let user = if key.is_empty() { None } else { check.schema.user_of_key(&table, &key) };
        if let Some(user) = user {
            let message = format!("index `{}` is still used by {user}", self.name);
            let diagnostic = Diagnostic::new("still_used", self.name.origin(), message);
            check.report(diagnostic.help(format!("drop {user} before it")));
            return Vec::new();
        }
        let is_new = check.schema.table(&table).is_some_and(|table| table.is_new(check.schema));
        vec![Self { concurrently: self.concurrently && !is_new, ..self.clone() }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        let Some(table) = schema.relation(&self.name).and_then(|r| r.table.clone()) else { return };
        schema.change_table(&table, |table| {
            table.indexes.remove(&self.name.name);
        });
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(table) = before.relation(&self.name).and_then(|r| r.table.clone()) else {
            return Ok(Vec::new());
        };
        let index = before.table(&table).and_then(|of| of.indexes.get(&self.name.name));
        let Some(index) = index else { return Ok(Vec::new()) };
        let mut operations = index.restore(&table, &self.name.name);
        if let (true, Some(Operation::CreateIndex(create))) =
            (self.concurrently, operations.first_mut())
        {
            *create = CreateIndex { concurrently: true, ..create.clone() };
        }
        Ok(operations)
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (concurrently, run) = match self.concurrently {
            true => (" CONCURRENTLY", Run::Outside),
            false => ("", Run::InTransaction),
        };
        let sql = format!("DROP INDEX{concurrently} {}", self.name.sql());
        let mode = match self.concurrently {
            true => LockMode::ShareUpdateExclusive,
            false => LockMode::AccessExclusive,
        };
        // Of an index of raw SQL the table is not known.
        let of = before.relation(&self.name).and_then(|relation| relation.table.as_ref());
        let locks = before.lock(of.unwrap_or(&self.name), mode);
        vec![Statement::new(self.describe(), sql).running(run).locking(locks)]
    }

    fn describe(&self) -> String {
        let concurrently = if self.concurrently { "concurrently " } else { "" };
        format!("drop index {concurrently}{}", self.name)
    }
}
