//! A function of the program on the runner's connection.
//!
//! The function blocks, so it has a thread of its own; the thread of the
//! runner drives the connection meanwhile, and listens to signals.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use futures_util::future::{Either, select};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::{CANCEL_PATIENCE, Connection, Failure, ServerError};
use crate::function::{BoxError, Function, Link, Refusal, StatementError, Transaction};

/// How a function ended.
struct Ended {
    result: Result<Result<(), BoxError>, Box<dyn Any + Send>>,
    refusal: Option<Refusal>,
}

impl Connection {
    /// Calls a function inside the transaction that is open.
    ///
    /// # Errors
    ///
    /// [`Failure::Server`] where it failed or panicked, without a SQLSTATE
    /// where that was not the server's doing; else as [`Connection::send`].
    pub(crate) async fn call(&mut self, function: Function) -> Result<(), Failure> {
        self.has_called = true;
        // an enum can have been made anew since the last function asked for it
        self.client.clear_type_cache();
        let link = Link {
            client: self.client.clone(),
            runtime: Handle::current(),
            is_stopped: Arc::new(AtomicBool::new(false)),
        };
        let is_stopped = link.is_stopped.clone();
        let ended = start(function, link)
            .map_err(|error| own_failure(format!("it got no thread: {error}")))?;
        let first = match select(ended, std::pin::pin!(self.signals.next())).await {
            Either::Left((ended, _)) => Ok(ended),
            Either::Right(stopped) => Err(stopped),
        };
        match first {
            Ok(Ok(ended)) => self.outcome(ended).await,
            Ok(Err(_)) => Err(own_failure("its thread ended".into())),
            Err((signal, ended)) => {
                is_stopped.store(true, Ordering::Relaxed);
                Err(self.stop(signal, ended).await)
            }
        }
    }

    /// Cancels the statement under way, and waits for the function; a second
    /// signal ends the process.
    async fn stop(&mut self, signal: u8, ended: oneshot::Receiver<Ended>) -> Failure {
        self.interrupted = Some(signal);
        self.transport.cancel(&self.client).await;
        let second = std::pin::pin!(self.signals.next());
        if let Ok(Either::Right((signal, _))) =
            tokio::time::timeout(CANCEL_PATIENCE, select(ended, second)).await
        {
            std::process::exit(128 + i32::from(signal));
        }
        Failure::Interrupted(signal)
    }

    async fn outcome(&self, ended: Ended) -> Result<(), Failure> {
        if let Some(Refusal { error: StatementError::Ended { problem }, .. }) = &ended.refusal {
            return Err(self.lost(problem.clone()).await);
        }
        let message = match (&ended.result, &ended.refusal) {
            (Ok(Ok(())), None) => return Ok(()),
            (Ok(Ok(())), Some(refusal)) => {
                format!("it went on after a statement that failed: {}", refusal.error)
            }
            (Ok(Err(error)), _) => chain_text(error),
            (Err(panic), _) => format!("it panicked: {}", panic_text(panic.as_ref())),
        };
        Err(Failure::Server(Box::new(failure_of(message, ended.refusal))))
    }
}

/// Calls the function on a thread of its own.
fn start(function: Function, link: Link) -> std::io::Result<oneshot::Receiver<Ended>> {
    let (report, ended) = oneshot::channel();
    let span = tracing::debug_span!(target: "deepref_schema", "function", path = function.path);
    let work = move || {
        let mut transaction = Transaction::new(link);
        let call = || span.in_scope(|| (function.call)(&mut transaction));
        let result = catch_unwind(AssertUnwindSafe(call));
        // where nobody waits any more, the command was stopped
        let _ = report.send(Ended { result, refusal: transaction.into_refusal() });
    };
    thread::Builder::new().name(function.path.into()).spawn(work)?;
    Ok(ended)
}

/// The failure with what the server said about the statement, where it said
/// something.
fn failure_of(message: String, refusal: Option<Refusal>) -> ServerError {
    let statement = refusal.as_ref().map_or(String::new(), |refusal| refusal.sql.clone());
    let failure = ServerError { message, statement: Some(statement), ..ServerError::default() };
    match refusal.map(|refusal| refusal.error) {
        Some(StatementError::Server { sqlstate, detail, hint, position, .. }) => {
            ServerError { sqlstate, detail, hint, position, ..failure }
        }
        _ => failure,
    }
}

fn own_failure(message: String) -> Failure {
    Failure::Server(Box::new(failure_of(message, None)))
}

/// The text of an error with its causes.
fn chain_text(error: &BoxError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    // what the driver says of a refusal can hold the values of rows
    while let Some(cause) = source.filter(|cause| !cause.is::<tokio_postgres::error::DbError>()) {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "without a message".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outside")]
    struct Outside(#[source] std::num::ParseIntError);

    #[test]
    fn an_error_is_told_with_its_causes() {
        let cause = "x".parse::<i32>().expect_err("it is no number");
        let error: BoxError = Box::new(Outside(cause));
        assert_eq!(chain_text(&error), "outside: invalid digit found in string");
        let error: BoxError = "just text".into();
        assert_eq!(chain_text(&error), "just text");
    }

    #[test]
    fn a_panic_is_told() {
        let caught = |work: fn()| catch_unwind(work).expect_err("it panics");
        assert_eq!(panic_text(caught(|| panic!("plain")).as_ref()), "plain");
        assert_eq!(panic_text(caught(|| panic!("{}", 1 + 1)).as_ref()), "2");
        let other = catch_unwind(|| std::panic::panic_any(5)).expect_err("it panics");
        assert_eq!(panic_text(other.as_ref()), "without a message");
    }
}
