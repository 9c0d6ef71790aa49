use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::locks::{Lock, LockMode, Work};
use crate::origin::Origin;
use crate::schema::{ConstraintKind, Schema};
use crate::statement::{Run, Statement};

/// `reindex index i` or `reindex table t`: indexes are built again as they are,
/// because they are damaged, bloated, or sorted by rules that have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reindex {
    /// What is built again.
    pub subject: ReindexSubject,
    /// Without blocking, outside of a transaction.
    pub concurrently: bool,
    /// The word `reindex`.
    pub origin: Origin,
}

/// What is built again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReindexSubject {
    /// An index, be it of a constraint.
    Index(ObjectName),
    /// All indexes of a table.
    Table(ObjectName),
}

impl Operate for Reindex {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let name = self.subject.name();
        let is_known = match &self.subject {
            ReindexSubject::Index(index) => check.any_index(index).is_some(),
            ReindexSubject::Table(table) => check.table(table).is_some(),
        };
        if !is_known {
            return Vec::new();
        }
        if check.schema.is_new_relation(name) {
            let message = format!(
                "{} `{name}` is made by this migration, so nothing has to be built again",
                self.subject.word()
            );
            let diagnostic = Diagnostic::new("nothing_to_do", name.origin(), message);
            check.report(diagnostic.help("delete it"));
            return Vec::new();
        }
        if self.concurrently && self.subject.excludes(check.schema) {
            let message = format!(
                "PostgreSQL can not build the index `{name}` of an exclusion constraint concurrently"
            );
            let diagnostic = Diagnostic::new("concurrently", name.origin(), message);
            let help =
                "delete `concurrently`, and write `#[allow(blocking_index, reason = \"…\")]`";
            check.report(diagnostic.help(help));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, _: &mut Schema) {}

    /// What was built again stays so.
    fn reverse(&self, _: &Schema) -> Reversal {
        Ok(Vec::new())
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let (concurrently, run) = match self.concurrently {
            true => (" CONCURRENTLY", Run::Outside),
            false => ("", Run::InTransaction),
        };
        let kind = self.subject.word().to_uppercase();
        let sql = format!("REINDEX {kind}{concurrently} {}", self.subject.name().sql());
        vec![Statement::new(self.describe(), sql).running(run).locking(self.locks(before))]
    }

    fn describe(&self) -> String {
        let concurrently = if self.concurrently { " concurrently" } else { "" };
        format!("reindex {} {}{concurrently}", self.subject.word(), self.subject.name())
    }
}

impl Reindex {
    /// The rows can be read meanwhile, but whoever plans a query looks at every
    /// index of its table, and waits for the one that is built (manual chapter
    /// "REINDEX").
    fn locks(&self, before: &Schema) -> Vec<Lock> {
        let name = self.subject.name();
        // Of an index of raw SQL the table is not known.
        let table = before.relation(name).and_then(|relation| relation.table.as_ref());
        if self.concurrently {
            let mode = LockMode::ShareUpdateExclusive;
            return before.lock_for(table.unwrap_or(name), mode, Work::Index);
        }
        let mut locks = Vec::new();
        if let Some(table) = table {
            locks.extend(before.lock_for(table, LockMode::Share, Work::Index));
        }
        for index in self.subject.indexes(before) {
            locks.extend(before.lock_for(&index, LockMode::AccessExclusive, Work::Index));
        }
        locks
    }
}

impl ReindexSubject {
    /// Its name.
    pub fn name(&self) -> &ObjectName {
        match self {
            Self::Index(name) | Self::Table(name) => name,
        }
    }

    /// Its kind, in the words of the language.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Index(_) => "index",
            Self::Table(_) => "table",
        }
    }

    /// The indexes that are built again, as far as they are known.
    fn indexes(&self, schema: &Schema) -> Vec<ObjectName> {
        let table_name = match self {
            Self::Index(index) => return vec![index.clone()],
            Self::Table(table) => table,
        };
        let Some(table) = schema.table(table_name) else { return vec![table_name.clone()] };
        let relations = table.relation_names().into_iter();
        let indexes = relations.filter(|(_, kind)| kind.is_index());
        indexes.map(|(name, _)| table_name.sibling(name)).collect()
    }

    /// Whether it is the index of an exclusion constraint.
    pub(crate) fn excludes(&self, schema: &Schema) -> bool {
        let Self::Index(name) = self else { return false };
        let table = schema.relation(name).and_then(|relation| relation.table.as_ref());
        let constraint = table.and_then(|table| schema.table(table)?.constraints.get(&name.name));
        constraint.is_some_and(|found| matches!(found.kind, ConstraintKind::Exclusion(_)))
    }
}
