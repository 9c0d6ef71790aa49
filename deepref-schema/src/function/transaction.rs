//! The transaction as a function has it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use deepref_schema_core::origin::Origin;
use deepref_schema_core::sql::check_raw;
use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use crate::runner::{ServerError, error_text, is_fatal};

/// The transaction of a migration, in the hands of a function that it runs.
///
/// What the function does is part of the migration: it is committed together
/// with the statements around it and the row of the ledger, or not at all. It
/// can not be ended here: what would end it, or outlive it, is refused as in
/// the raw SQL of migrations.
///
/// After a statement that the server refused the transaction can do nothing
/// more, so the migration fails even where the function ends well. A function
/// that fails for want of a lock is called again, in a new transaction.
pub struct Transaction {
    link: Link,
    refusal: Option<Refusal>,
}

/// What a transaction works on.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) client: Arc<Client>,
    /// What drives the connection, on another thread.
    pub(crate) runtime: Handle,
    /// Whether a signal ended the work.
    pub(crate) is_stopped: Arc<AtomicBool>,
}

/// The first statement that made it impossible to go on.
pub(crate) struct Refusal {
    pub(crate) sql: String,
    pub(crate) error: StatementError,
}

/// Why a statement of a function failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// The server refused it.
    #[error("{message}")]
    Server {
        /// The SQLSTATE, such as `23505`.
        sqlstate: String,
        /// The message, without the values of rows.
        message: String,
        /// What may hold the values of rows.
        detail: Option<String>,
        /// The server's hint.
        hint: Option<String>,
        /// The place within the statement, in characters from 1.
        position: Option<u32>,
    },
    /// It would end the transaction or outlive it, or it is no SQL; it was not
    /// sent.
    #[error("{problem}")]
    Refused {
        /// Why.
        problem: String,
    },
    /// The connection is gone, or the command was stopped.
    #[error("{problem}")]
    Ended {
        /// Why.
        problem: String,
    },
    /// A parameter or a row is not as the call says; the transaction goes on.
    #[error("{problem}")]
    Values {
        /// What is wrong.
        problem: String,
    },
}

impl StatementError {
    /// The SQLSTATE, where the server refused the statement.
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Server { sqlstate, .. } => Some(sqlstate),
            _ => None,
        }
    }

    fn of(error: &tokio_postgres::Error, is_closed: bool) -> Self {
        let problem = error_text(error);
        match error.as_db_error() {
            Some(server) if is_fatal(server) => Self::Ended { problem },
            Some(server) => {
                let ServerError { sqlstate, message, detail, hint, position, .. } =
                    ServerError::of(server);
                Self::Server { sqlstate, message, detail, hint, position }
            }
            None if is_closed => Self::Ended { problem },
            None => Self::Values { problem },
        }
    }
}

impl Transaction {
    pub(crate) fn new(link: Link) -> Self {
        Self { link, refusal: None }
    }

    /// Runs one statement; gives the number of rows that it touched. `$1`
    /// stands for the first parameter.
    ///
    /// # Errors
    ///
    /// [`StatementError`] where the server refuses it, or it may not run here.
    pub fn execute(
        &mut self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, StatementError> {
        self.send(sql, async |client| client.execute(sql, parameters).await)
    }

    /// Runs one statement; gives its rows.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn query(
        &mut self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StatementError> {
        self.send(sql, async |client| client.query(sql, parameters).await)
    }

    /// Runs one statement; gives its only row.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute), and where there is not exactly one row.
    pub fn query_one(
        &mut self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, StatementError> {
        self.send(sql, async |client| client.query_one(sql, parameters).await)
    }

    /// Runs several statements, separated by semicolons, without parameters.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn batch_execute(&mut self, sql: &str) -> Result<(), StatementError> {
        self.send(sql, async |client| client.batch_execute(sql).await)
    }

    /// What made it impossible to go on, if anything did.
    pub(crate) fn into_refusal(self) -> Option<Refusal> {
        self.refusal
    }

    fn send<T>(
        &mut self,
        sql: &str,
        call: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, StatementError> {
        tracing::debug!(target: "deepref_schema::sql", description = "by a function", sql);
        let sent = self.check(sql).and_then(|()| self.wait(call(&self.link.client)));
        sent.inspect_err(|error| {
            let goes_on = matches!(error, StatementError::Values { .. });
            if self.refusal.is_none() && !goes_on {
                self.refusal = Some(Refusal { sql: sql.to_owned(), error: error.clone() });
            }
        })
    }

    /// Refuses what raw SQL must not hold.
    fn check(&self, sql: &str) -> Result<(), StatementError> {
        if self.link.is_stopped.load(Ordering::Relaxed) {
            return Err(StatementError::Ended { problem: "the command was stopped".into() });
        }
        let Some(finding) = check_raw(sql, Origin::NONE).into_iter().next() else { return Ok(()) };
        let help = finding.help.map_or(String::new(), |help| format!("; {help}"));
        Err(StatementError::Refused { problem: format!("{}{help}", finding.message) })
    }

    fn wait<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StatementError> {
        let answer = self.link.runtime.block_on(answer);
        answer.map_err(|error| StatementError::of(&error, self.link.client.is_closed()))
    }
}
