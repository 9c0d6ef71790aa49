use super::{DropIndex, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::{Lock, LockMode, Work};
use crate::names::column_names;
use crate::origin::Origin;
use crate::schema::{Index, Schema};
use crate::sql::index_sql;
use crate::statement::{Run, Statement};

/// `create index i on t (…)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// The name; PostgreSQL's own where none is written.
    pub name: Option<Ident>,
    /// The table.
    pub table: ObjectName,
    /// The index.
    pub index: Index,
    /// Without blocking writes, outside of a transaction.
    pub concurrently: bool,
    /// The word `create`.
    pub origin: Origin,
}

impl Operate for CreateIndex {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let table = check.table(&self.table);
        if let Some(name) = &self.name
            && !check.free_relation(&self.table.sibling(name.clone()))
        {
            return Vec::new();
        }
        let index = match table {
            Some(table) => check.index_definition(&self.table, table, &self.index),
            None => self.index.clone(),
        };
        let name = self.name.clone().unwrap_or_else(|| {
            let columns = column_names(index.elements.iter(), &index.include);
            let name = check.schema.index_name(&self.table, &columns, &check.taken).name;
            Ident::new(name.as_str(), self.origin)
        });
        if table.is_none() {
            // Later statements may name it, though the model does not keep it.
            check.report.doubt_words([name.to_string()]);
        }
        let is_new = table.is_some_and(|table| table.is_new(check.schema));
        let concurrently = self.concurrently && !is_new;
        vec![Self { name: Some(name), index, concurrently, ..self.clone() }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        let mut index = self.index.clone();
        index.made = schema.now.clone();
        schema.change_table(&self.table, |table| {
            table.indexes.insert(self.complete_name(), index);
        });
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let name = self.table.sibling(self.complete_name());
        Ok(vec![DropIndex { name, concurrently: self.concurrently }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = index_sql(&self.complete_name(), &self.table, &self.index, self.concurrently);
        let run = if self.concurrently { Run::Outside } else { Run::InTransaction };
        vec![Statement::new(self.describe(), sql).running(run).locking(self.locks(before))]
    }

    fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        let Some(table) = before.table(&self.table) else { return Vec::new() };
        let same = table.indexes.iter().find(|(_, index)| index.is_same_as(&self.index));
        let Some((other, index)) = same else { return Vec::new() };
        let message = format!("index `{other}` is the same");
        let origin = self.name.as_ref().map_or(self.origin, |name| name.origin);
        let mut diagnostic = Diagnostic::new("duplicate_index", origin, message).help("delete it");
        diagnostic.notes.extend(Schema::made_note(&format!("`{other}`"), &index.made));
        vec![diagnostic]
    }

    fn describe(&self) -> String {
        let concurrently = if self.concurrently { "concurrently " } else { "" };
        format!("create index {concurrently}{} on {}", self.complete_name(), self.table)
    }
}

impl CreateIndex {
    /// The statement that makes an index that is known whole.
    pub(crate) fn plain(name: Ident, table: ObjectName, index: Index) -> Self {
        Self { name: Some(name), table, index, concurrently: false, origin: Origin::NONE }
    }

    /// An index is built while rows are read, or `CONCURRENTLY` written too
    /// (manual chapter "CREATE INDEX").
    fn locks(&self, before: &Schema) -> Vec<Lock> {
        let mode = match self.concurrently {
            true => LockMode::ShareUpdateExclusive,
            false => LockMode::Share,
        };
        before.lock_for(&self.table, mode, Work::Index)
    }

    fn complete_name(&self) -> Ident {
        self.name.clone().unwrap_or_else(|| Ident::computed(""))
    }
}

impl Index {
    /// Whether another index does the same work.
    fn is_same_as(&self, other: &Self) -> bool {
        let plain = |index: &Self| Self { comment: None, parameters: Vec::new(), ..index.clone() };
        plain(self) == plain(other)
    }
}
