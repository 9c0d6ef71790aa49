//! The runner's own connection: simple-query messages, counted results.
//!
//! Everything goes through [`Connection::send`], one message and one round
//! trip each. The extended protocol is never used: it can not hold a whole
//! transaction in one message.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};
use tokio_postgres::{AsyncMessage, Client, NoTls, SimpleQueryMessage, Socket};

use super::signals::Signals;
use crate::Error;
use crate::config::{Config, Encryption, Endpoint, Host};
use crate::inspect::Row;

/// Settings of the session. They go into the start-up message, because a
/// setting inside a message comes too late to change how that message is
/// read, and because `RESET ALL` returns to them.
const SESSION: [(&str, &str); 11] = [
    ("standard_conforming_strings", "on"),
    ("transform_null_equals", "off"),
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO"),
    ("IntervalStyle", "postgres"),
    ("search_path", "public, pg_temp"),
    ("default_transaction_isolation", "read committed"),
    ("lock_timeout", "0"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("idle_session_timeout", "0"),
];

/// How long a server that is starting or full is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the answer to a cancel request is awaited.
const CANCEL_PATIENCE: Duration = Duration::from_secs(10);

/// What the task that drives the socket tells the runner.
#[derive(Default)]
pub(crate) struct Shared {
    notices: Vec<String>,
    lost: Option<String>,
}

/// An open connection that belongs to the runner alone.
pub(crate) struct Connection {
    client: Client,
    transport: Transport,
    shared: Arc<Mutex<Shared>>,
    signals: Signals,
    interrupted: Option<u8>,
}

/// What a message brought back: the rows of each statement, in order.
#[derive(Default)]
pub(crate) struct Reply {
    statements: Vec<Vec<Vec<Option<String>>>>,
    affected: Vec<u64>,
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
    /// The connection is gone.
    Lost(String),
    /// A signal arrived, and the statement was cancelled.
    Interrupted(u8),
}

/// The parts of a server's error that the runner uses.
pub(crate) struct ServerError {
    pub(crate) sqlstate: String,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
    pub(crate) hint: Option<String>,
    /// The place within the message, in characters from 1.
    pub(super) position: Option<u32>,
}

/// How bytes travel: in plaintext, or in verified TLS.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    #[cfg(feature = "tls")]
    Encrypted(crate::tls::Verified),
}

impl Connection {
    /// Connects as `deepref-schema <command>`. A server that is starting up
    /// or has no free connection is asked again for a while.
    pub(crate) async fn open(
        config: &Config,
        command: &str,
        mut signals: Signals,
    ) -> Result<Connection, Error> {
        let endpoint = &config.runner;
        let options = driver_config(endpoint, command);
        let transport = Transport::of(endpoint)?;
        let shared = Arc::new(Mutex::new(Shared::default()));
        let deadline = Instant::now() + PATIENCE;
        loop {
            let outcome = {
                let attempt = std::pin::pin!(transport.connect(&options, &shared));
                match select(attempt, std::pin::pin!(signals.next())).await {
                    Either::Left((outcome, _)) => outcome,
                    Either::Right((signal, _)) => {
                        return Err(Error::Interrupted { signal, applied: Vec::new() });
                    }
                }
            };
            match outcome {
                Ok(client) => {
                    return Ok(Connection {
                        client,
                        transport,
                        shared,
                        signals,
                        interrupted: None,
                    });
                }
                Err(error) if is_temporary(&error) && Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                Err(error) => return Err(connect_error(endpoint, &error)),
            }
        }
    }

    /// Sends one message, which may hold many statements, and waits for all
    /// of its results: one round trip.
    pub(crate) async fn send(&mut self, sql: &str) -> Result<Reply, Failed> {
        let mut reply = Reply::default();
        let failed = |completed, failure| Failed { completed, failure };
        let stream = match self.client.simple_query_raw(sql).await {
            Ok(stream) => stream,
            Err(error) => return Err(failed(0, self.classify(&error).await)),
        };
        let mut stream = std::pin::pin!(stream);
        let mut rows = Vec::new();
        while let Some(message) = self.next_message(&mut stream).await {
            match message {
                Ok(SimpleQueryMessage::Row(row)) => {
                    rows.push(
                        (0..row.len()).map(|index| row.get(index).map(str::to_string)).collect(),
                    );
                }
                Ok(SimpleQueryMessage::CommandComplete(affected)) => {
                    reply.statements.push(std::mem::take(&mut rows));
                    reply.affected.push(affected);
                }
                Ok(_) => {}
                Err(error) => {
                    let completed = reply.statements.len();
                    return Err(failed(completed, self.classify(&error).await));
                }
            }
        }
        Ok(reply)
    }

    /// The next result; a signal on the way sends a cancel request, once.
    async fn next_message<S>(&mut self, stream: &mut S) -> Option<S::Item>
    where
        S: StreamExt + Unpin,
    {
        if self.interrupted.is_none() {
            match select(stream.next(), std::pin::pin!(self.signals.next())).await {
                Either::Left((message, _)) => return message,
                Either::Right((signal, _)) => self.interrupted = Some(signal),
            }
            self.transport.cancel(&self.client).await;
        }
        let signal = std::pin::pin!(self.signals.next());
        let answer = select(stream.next(), signal);
        match tokio::time::timeout(CANCEL_PATIENCE, answer).await {
            Ok(Either::Left((message, _))) => message,
            // the second signal, or a server that does not answer: the orphaned
            // backend ends by itself
            Ok(Either::Right((signal, _))) => std::process::exit(128 + i32::from(signal)),
            Err(_) => None,
        }
    }

    /// Sleeps; a signal ends the sleep.
    pub(super) async fn sleep(&mut self, duration: Duration) -> Result<(), Failure> {
        match select(
            std::pin::pin!(tokio::time::sleep(duration)),
            std::pin::pin!(self.signals.next()),
        )
        .await
        {
            Either::Left(_) => Ok(()),
            Either::Right((signal, _)) => {
                self.interrupted = Some(signal);
                Err(Failure::Interrupted(signal))
            }
        }
    }

    /// The signal that arrived, where the message it met had already ended.
    pub(super) fn interrupted(&self) -> Option<u8> {
        self.interrupted
    }

    /// The notices that arrived since the last call.
    pub(super) fn take_notices(&self) -> Vec<String> {
        self.shared.lock().map(|mut shared| std::mem::take(&mut shared.notices)).unwrap_or_default()
    }

    async fn classify(&self, error: &tokio_postgres::Error) -> Failure {
        match error.as_db_error() {
            Some(server) if is_fatal(server) => Failure::Lost(server_text(server)),
            Some(_) if self.interrupted.is_some() => {
                Failure::Interrupted(self.interrupted.unwrap_or(2))
            }
            Some(server) => Failure::Server(Box::new(ServerError::of(server))),
            None => {
                // give the driving task a moment to say why
                tokio::time::sleep(Duration::from_millis(20)).await;
                let reason = self.shared.lock().ok().and_then(|shared| shared.lost.clone());
                Failure::Lost(reason.unwrap_or_else(|| error_text(error)))
            }
        }
    }
}

impl Reply {
    /// The rows of the statement with this number, from 0.
    pub(super) fn rows(&self, statement: usize) -> &[Vec<Option<String>>] {
        self.statements.get(statement).map_or(&[], Vec::as_slice)
    }

    /// The rows of the statement with this number, taken out.
    pub(crate) fn take(&mut self, statement: usize) -> Vec<Row> {
        let rows = self.statements.get_mut(statement).map(std::mem::take);
        rows.unwrap_or_default().into_iter().map(Row).collect()
    }

    /// How many rows the statement with this number touched.
    pub(super) fn affected(&self, statement: usize) -> u64 {
        self.affected.get(statement).copied().unwrap_or(0)
    }

    /// The first value of the first row of a statement.
    pub(crate) fn value(&self, statement: usize) -> Option<&str> {
        self.rows(statement).first()?.first()?.as_deref()
    }
}

impl ServerError {
    fn of(error: &DbError) -> ServerError {
        ServerError {
            sqlstate: error.code().code().to_string(),
            message: error.message().to_string(),
            detail: error.detail().map(str::to_string),
            hint: error.hint().map(str::to_string),
            position: match error.position() {
                Some(ErrorPosition::Original(position)) => Some(*position),
                _ => None,
            },
        }
    }
}

impl Transport {
    /// Reads the authorities to trust, where the endpoint asks for TLS.
    pub(crate) fn of(endpoint: &Endpoint) -> Result<Transport, Error> {
        match &endpoint.encryption {
            Encryption::None => Ok(Transport::Plain),
            #[cfg(feature = "tls")]
            Encryption::Verified { root_certificate } => {
                crate::tls::Verified::new(root_certificate.as_deref())
                    .map(Transport::Encrypted)
                    .map_err(|problem| Error::Connect {
                        place: endpoint.place(),
                        problem,
                        help: String::new(),
                    })
            }
            #[cfg(not(feature = "tls"))]
            Encryption::Verified { .. } => {
                unreachable!("the configuration refuses TLS without the feature")
            }
        }
    }

    /// Connects, and spawns the task that drives the socket.
    pub(crate) async fn connect(
        &self,
        options: &tokio_postgres::Config,
        shared: &Arc<Mutex<Shared>>,
    ) -> Result<Client, tokio_postgres::Error> {
        let mut options = options.clone();
        match self {
            Transport::Plain => {
                let (client, connection) =
                    options.ssl_mode(SslMode::Disable).connect(NoTls).await?;
                tokio::spawn(drive(connection, shared.clone()));
                Ok(client)
            }
            #[cfg(feature = "tls")]
            Transport::Encrypted(tls) => {
                let (client, connection) =
                    options.ssl_mode(SslMode::Require).connect(tls.clone()).await?;
                tokio::spawn(drive(connection, shared.clone()));
                Ok(client)
            }
        }
    }

    async fn cancel(&self, client: &Client) {
        let token = client.cancel_token();
        // where the request fails, the timeout of the wait decides
        let _ = match self {
            Transport::Plain => token.cancel_query(NoTls).await,
            #[cfg(feature = "tls")]
            Transport::Encrypted(tls) => token.cancel_query(tls.clone()).await,
        };
    }
}

/// Moves bytes until the connection ends, and keeps notices.
async fn drive<T>(mut connection: tokio_postgres::Connection<Socket, T>, shared: Arc<Mutex<Shared>>)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    while let Some(message) = messages.next().await {
        let Ok(mut shared) = shared.lock() else { return };
        match message {
            Ok(AsyncMessage::Notice(notice)) => {
                shared.notices.push(format!("{}: {}", notice.severity(), notice.message()))
            }
            Ok(_) => {}
            Err(error) => {
                // the connection would give the same error for ever
                shared.lost = Some(error_text(&error));
                return;
            }
        }
    }
}

/// The configuration of the runner's own connection.
fn driver_config(endpoint: &Endpoint, command: &str) -> tokio_postgres::Config {
    let mut config = plain_config(endpoint);
    config.application_name(format!("deepref-schema {command}")).options(start_up_options());
    config
}

/// The configuration of any connection to an endpoint.
pub(crate) fn plain_config(endpoint: &Endpoint) -> tokio_postgres::Config {
    let mut config = tokio_postgres::Config::new();
    match &endpoint.host {
        Host::Network(name) => config.host(name),
        Host::Socket(folder) => config.host_path(folder),
    };
    if let Some(password) = &endpoint.password {
        config.password(password.expose());
    }
    config
        .port(endpoint.port)
        .dbname(&endpoint.database)
        .user(&endpoint.user)
        .connect_timeout(endpoint.connect_timeout)
        .tcp_user_timeout(Duration::from_secs(30))
        .keepalives_idle(Duration::from_secs(10))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(3);
    config
}

fn start_up_options() -> String {
    let option = |(name, value): &(&str, &str)| format!("-c {name}={}", value.replace(' ', "\\ "));
    SESSION.iter().map(option).collect::<Vec<_>>().join(" ")
}

/// Starting up (57P03) and too many connections (53300).
fn is_temporary(error: &tokio_postgres::Error) -> bool {
    matches!(error.code(), Some(&SqlState::CANNOT_CONNECT_NOW | &SqlState::TOO_MANY_CONNECTIONS))
}

fn is_fatal(error: &DbError) -> bool {
    matches!(error.severity(), "FATAL" | "PANIC") || error.code().code().starts_with("57P")
}

fn server_text(error: &DbError) -> String {
    format!("{} ({})", error.message(), error.code().code())
}

/// The text of an error with its causes. The driver never puts a password
/// into one.
pub(super) fn error_text(error: &tokio_postgres::Error) -> String {
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

fn connect_error(endpoint: &Endpoint, error: &tokio_postgres::Error) -> Error {
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
