//! What a message brought back: rows, or the reason why not.

use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use super::plaintext::PlaintextPassword;
use crate::Error;
use crate::config::Endpoint;
use crate::inspect::Row;

/// What a message brought back: the rows of each statement, in order.
#[derive(Default)]
pub(crate) struct Reply {
    pub(super) statements: Vec<Vec<Vec<Option<String>>>>,
    pub(super) affected: Vec<u64>,
}

/// Why a message failed, and how many of its statements had completed.
pub(crate) struct Failed {
    pub(crate) completed: usize,
    pub(crate) failure: Failure,
}

/// Why a message failed.
pub(crate) enum Failure {
    /// The server refused a statement and the session lives on.
    Server(Box<ServerError>),
    /// The connection is gone, and nobody knows what the server did.
    Lost(String),
    /// The server ended the session and said so: the transaction was rolled
    /// back.
    Ended(String),
    /// A signal arrived, and the statement was cancelled.
    Interrupted(u8),
}

/// The parts of a server's error that the runner uses, or why a function
/// failed.
#[derive(Default)]
pub(crate) struct ServerError {
    /// Empty where a function failed by itself.
    pub(crate) sqlstate: String,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
    pub(crate) hint: Option<String>,
    /// The place within the message, in characters from 1.
    pub(crate) position: Option<u32>,
    /// The statement of a function that failed; empty where it was none.
    pub(crate) statement: Option<String>,
}

impl Reply {
    /// The rows of the statement with this number, from 0.
    pub(crate) fn rows(&self, statement: usize) -> &[Vec<Option<String>>] {
        self.statements.get(statement).map_or(&[], Vec::as_slice)
    }

    /// The rows of the statement with this number, taken out.
    pub(crate) fn take(&mut self, statement: usize) -> Vec<Row> {
        let rows = self.statements.get_mut(statement).map(std::mem::take);
        rows.unwrap_or_default().into_iter().map(Row).collect()
    }

    /// How many rows the statement with this number touched.
    pub(crate) fn affected(&self, statement: usize) -> u64 {
        self.affected.get(statement).copied().unwrap_or(0)
    }

    /// The first value of the first row of a statement.
    pub(crate) fn value(&self, statement: usize) -> Option<&str> {
        self.rows(statement).first()?.first()?.as_deref()
    }
}

impl ServerError {
    /// The place within the message, in characters from 0.
    pub(crate) fn offset(&self) -> Option<usize> {
        self.position.and_then(|position| usize::try_from(position).ok()?.checked_sub(1))
    }

    pub(crate) fn of(error: &DbError) -> ServerError {
        ServerError {
            sqlstate: error.code().code().to_string(),
            message: error.message().to_string(),
            detail: error.detail().map(str::to_string),
            hint: error.hint().map(str::to_string),
            position: match error.position() {
                Some(ErrorPosition::Original(position)) => Some(*position),
                _ => None,
            },
            statement: None,
        }
    }
}

/// Starting up (57P03) and too many connections (53300).
pub(super) fn is_temporary(error: &tokio_postgres::Error) -> bool {
    matches!(error.code(), Some(&SqlState::CANNOT_CONNECT_NOW | &SqlState::TOO_MANY_CONNECTIONS))
}

/// The other side broke the connection off while it was made.
pub(super) fn is_reset(error: &tokio_postgres::Error) -> bool {
    io_cause(error).is_some_and(|cause| cause.kind() == std::io::ErrorKind::ConnectionReset)
}

/// The server asked for the password in plaintext, without encryption.
fn is_plaintext_password(error: &tokio_postgres::Error) -> bool {
    let cause = io_cause(error).and_then(std::io::Error::get_ref);
    cause.is_some_and(|cause| cause.is::<PlaintextPassword>())
}

fn io_cause(error: &tokio_postgres::Error) -> Option<&std::io::Error> {
    std::error::Error::source(error)?.downcast_ref()
}

pub(crate) fn is_fatal(error: &DbError) -> bool {
    matches!(error.severity(), "FATAL" | "PANIC") || error.code().code().starts_with("57P")
}

pub(super) fn server_text(error: &DbError) -> String {
    let code = error.code();
    let more = match *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT {
        true => {
            "; `#[idle_in_transaction_session_timeout = \"…\"]` before the migration's name allows more"
        }
        false => "",
    };
    format!("{} ({}){more}", error.message(), code.code())
}

/// The text of an error with its causes. The driver never puts a password
/// into one.
pub(crate) fn error_text(error: &tokio_postgres::Error) -> String {
    if let Some(server) = error.as_db_error() {
        return server_text(server);
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

pub(crate) fn connect_error(endpoint: &Endpoint, error: &tokio_postgres::Error) -> Error {
    if is_plaintext_password(error) {
        return Error::Connect {
            place: endpoint.place(),
            problem: PlaintextPassword.to_string(),
            help: "encrypt the connection: DATABASE_SSL=true, or `sslmode=require` in the URL; or let the server ask by `scram-sha-256` instead of `password` in its pg_hba.conf".into(),
        };
    }
    let help = match error.code().map(SqlState::code) {
        Some("28P01") => {
            "check `DATABASE_USER` and `DATABASE_PASSWORD`, or the password in the URL, with `%40` for `@` and so on"
        }
        Some("28000") => {
            "the server does not let this user in from here: see its pg_hba.conf; where it asks for encryption, set DATABASE_SSL=true"
        }
        Some("3D000") => "create the database, or name another one",
        Some("53300") => "the server has no free connection; end some, or raise `max_connections`",
        Some("57P03") => "the server is starting up or shutting down; try again",
        Some("08P01") => {
            "a pooler refuses the session's settings: name the server itself in DATABASE_MIGRATION_URL"
        }
        Some(_) => "",
        None if error_text(error).contains("password missing") => {
            "set `DATABASE_PASSWORD`, or write a password into the URL"
        }
        None if error_text(error).contains("does not support TLS") => {
            "the server has no TLS; nothing was sent in plaintext"
        }
        None if error_text(error).contains("certificate") => {
            "the certificate must be valid for this host and signed by an authority that is trusted: DATABASE_SSL_ROOT_CERT names a file of them"
        }
        None => "is the server running, and are host and port right?",
    };
    Error::Connect { place: endpoint.place(), problem: error_text(error), help: help.to_string() }
}
