//! Who waits while a statement takes time.
//!
//! A lock for an instant is what `lock_timeout` is for. One that is held while
//! rows are read or written, or an index is built, stops who uses the table
//! for as long as that takes.

use super::advice::{help, place};
use super::{Lock, Work, work_of_new_column};
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::operation::{AddIdentity, Operation};
use crate::schema::{ConstraintKind, ElementSubject, Schema, Table};
use crate::statement::{Run, Statement};

/// A transaction of a migration, as far as its statements are known.
#[derive(Debug, Default)]
pub(crate) struct Transaction {
    /// The locks that others wait for until it ends, each with what took it.
    held: Vec<(Lock, String)>,
}

impl Transaction {
    /// Goes on with the statements of an operation; what is told is who waits
    /// while they take time.
    pub(crate) fn goes_on(
        &mut self,
        before: &Schema,
        operation: &Operation,
        statements: &[Statement],
    ) -> Option<Diagnostic> {
        let mut found = None;
        for statement in statements {
            if statement.run != Run::InTransaction {
                self.held.clear();
            }
            // A table that raw SQL made may be new.
            let known = |lock: &&Lock| before.relation(&lock.relation).is_some();
            let locks = statement.locks.iter().flatten().filter(known);
            let locks: Vec<Lock> = locks.map(|lock| of_table(before, lock)).collect();
            if found.is_none() {
                let blocked = self.blocked(before, operation, &locks);
                found = blocked.filter(|_| !is_brief(before, operation));
            }
            if matches!(statement.run, Run::InTransaction | Run::AfterCommit) {
                let waited_for = locks.into_iter().filter(|lock| lock.mode.blocks_writes());
                let by = || statement.description.clone();
                self.held.extend(waited_for.map(|lock| (lock, by())));
            }
        }
        found
    }

    /// The finding about a statement with these locks.
    fn blocked(
        &self,
        before: &Schema,
        operation: &Operation,
        locks: &[Lock],
    ) -> Option<Diagnostic> {
        let working = locks.iter().filter(|lock| lock.work != Work::Nothing);
        let work = working.max_by_key(|lock| lock.work)?;
        let own = locks.iter().filter(|lock| lock.mode.blocks_writes());
        let own: Vec<&Lock> = own.collect();
        if !own.is_empty() {
            let message = message(&own, work);
            let diagnostic = match work.work {
                Work::Nothing => return None,
                Work::Scan => Diagnostic::new("blocking_scan", place(operation), message),
                Work::Index => Diagnostic::new("blocking_index", place(operation), message),
                Work::Rewrite => Diagnostic::new("blocking_rewrite", place(operation), message),
            };
            return Some(diagnostic.help(help(before, operation)));
        }
        let strongest = self.held.iter().rev().max_by_key(|(lock, _)| lock.mode);
        let (strongest, by) = strongest?;
        let held: Vec<&Lock> = self.held.iter().map(|(lock, _)| lock).collect();
        let diagnostic =
            Diagnostic::new("blocking_transaction", place(operation), message(&held, work))
                .help(help(before, operation))
                .note(format!("`{by}` locks `{}` until the transaction ends", strongest.relation));
        Some(diagnostic)
    }
}

/// The lock as those see it who use the table: whoever plans a query looks at
/// all indexes of its tables, and waits for one that is locked.
fn of_table(before: &Schema, lock: &Lock) -> Lock {
    let relation = before.relation(&lock.relation);
    let indexed = relation.filter(|of| of.kind.is_index()).and_then(|of| of.table.clone());
    Lock { relation: indexed.unwrap_or_else(|| lock.relation.clone()), ..lock.clone() }
}

/// Whether the rows that are read are few, whatever the table holds.
fn is_brief(before: &Schema, operation: &Operation) -> bool {
    match operation {
        // The first row makes it fail: only an empty table gets the column.
        Operation::AddColumn(add) => {
            work_of_new_column(before, &add.column) == Work::Scan && add.fill.is_none()
        }
        // An index finds the greatest number.
        Operation::AddIdentity(AddIdentity { table, column, .. }) => {
            before.table(table).is_some_and(|table| has_index_led_by(table, column.as_str()))
        }
        _ => false,
    }
}

fn has_index_led_by(table: &Table, column: &str) -> bool {
    let index = table.indexes.values().any(|index| {
        let first = index.elements.first().map(|element| &element.subject);
        index.method == "btree"
            && index.predicate.is_none()
            && matches!(first, Some(ElementSubject::Column(name)) if name == column)
    });
    index
        || table.constraints.values().any(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                key.columns.first().is_some_and(|name| name == column)
            }
            _ => false,
        })
}

/// `nobody can write to …` while work is done to a relation.
fn message(waited_for: &[&Lock], work: &Lock) -> String {
    let reads = waited_for.iter().any(|lock| lock.mode.blocks_reads());
    let verb = if reads { "read or write" } else { "write to" };
    let mut names: Vec<&ObjectName> = Vec::new();
    for lock in waited_for {
        if !names.contains(&&lock.relation) {
            names.push(&lock.relation);
        }
    }
    let it = match names.as_slice() {
        [one] if **one == work.relation => "it".to_owned(),
        _ => format!("`{}`", work.relation),
    };
    let done = match work.work {
        Work::Nothing | Work::Scan => format!("{it} is scanned"),
        Work::Index => format!("an index of {it} is built"),
        Work::Rewrite => format!("{it} is rewritten"),
    };
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("nobody can {verb} {} while {done}", names.join(" and "))
}
