//! What is sent to PostgreSQL: statements, and the segments they are cut into.

use crate::ident::{Ident, ObjectName};
use crate::locks::Lock;
use crate::rust_path::RustPath;
use crate::types::Type;

/// One statement, rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it does, in the words of the language.
    pub description: String,
    /// The SQL, without a final semicolon; of a function a comment.
    pub sql: String,
    /// The function of the program that is called instead.
    pub function: Option<RustPath>,
    /// How it runs.
    pub run: Run,
    /// Whether it changes rows, whose triggers may be pending after it.
    pub changes_rows: bool,
    /// What it locks of what was there before the migration; `None` where raw
    /// SQL or a function may lock anything.
    pub locks: Option<Vec<Lock>>,
}

/// How a statement runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// In a transaction with its neighbours.
    InTransaction,
    /// In a transaction that begins after what came before is committed.
    AfterCommit,
    /// Outside of a transaction block.
    Outside,
    /// In batches, each in a transaction.
    Batches(Batches),
}

/// The parts of a batched update; the SQL of its statement is the whole
/// update, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batches {
    /// The table.
    pub table: ObjectName,
    /// The columns of its primary key, with their types, in key order.
    pub key: Vec<(Ident, Type)>,
    /// The assignments, as SQL.
    pub set: String,
    /// The condition, as SQL; empty where there is none.
    pub condition: String,
    /// Rows in a batch.
    pub size: u64,
}

/// Statements that run together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// How they run: [`Run::InTransaction`], or one statement of another kind.
    pub run: Run,
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

impl Statement {
    /// A statement that can share a transaction.
    pub fn new(description: impl Into<String>, sql: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            sql: sql.into(),
            function: None,
            run: Run::InTransaction,
            changes_rows: false,
            locks: Some(Vec::new()),
        }
    }

    /// The call of a function of the program, which may do anything to rows.
    pub fn calling(description: String, function: RustPath) -> Self {
        let sql = format!("-- {description}");
        let statement = Self::new(description, sql).changing_rows();
        Self { function: Some(function), locks: None, ..statement }
    }

    /// The statement with what it locks.
    #[must_use]
    pub fn locking(self, locks: Vec<Lock>) -> Self {
        Self { locks: Some(locks), ..self }
    }

    /// The statement as part of what another operation does.
    pub(crate) fn described(self, description: &str) -> Self {
        Self { description: description.to_owned(), ..self }
    }

    /// The statement, known to change rows.
    #[must_use]
    pub fn changing_rows(self) -> Self {
        Self { changes_rows: true, ..self }
    }

    /// The statement, run in another way.
    #[must_use]
    pub fn running(self, run: Run) -> Self {
        Self { run, ..self }
    }
}

/// Cuts statements into segments: neighbours that can share a transaction do.
pub fn segments(statements: Vec<Statement>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for statement in statements {
        match (&statement.run, segments.last_mut()) {
            (Run::InTransaction, Some(Segment { run: Run::InTransaction, statements })) => {
                if !statement.changes_rows && statements.last().is_some_and(|s| s.changes_rows) {
                    statements.push(triggers_first());
                }
                statements.push(statement);
            }
            (Run::InTransaction | Run::AfterCommit, _) => {
                segments.push(Segment { run: Run::InTransaction, statements: vec![statement] })
            }
            (run, _) => {
                segments.push(Segment { run: run.clone(), statements: vec![statement] });
            }
        }
    }
    segments
}

/// A table with pending triggers can not be changed (error 55006): the ones
/// that wait for the end of the transaction run at once.
fn triggers_first() -> Statement {
    Statement::new("run the triggers that wait", "SET CONSTRAINTS ALL IMMEDIATE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_outside_cuts_the_transaction() {
        let statement = |sql: &str, run| Statement::new("", sql).running(run);
        let cut = segments(vec![
            statement("a", Run::InTransaction),
            statement("b", Run::InTransaction),
            statement("c", Run::Outside),
            statement("d", Run::InTransaction),
            statement("e", Run::AfterCommit),
        ]);
        let texts: Vec<Vec<_>> = cut
            .iter()
            .map(|segment| segment.statements.iter().map(|s| s.sql.as_str()).collect())
            .collect();
        assert_eq!(texts, [vec!["a", "b"], vec!["c"], vec!["d"], vec!["e"]]);
    }
}
