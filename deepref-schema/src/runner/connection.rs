//! The runner's own connection: simple-query messages, counted results.
//!
//! The runner's own work goes through [`Connection::send`], one message and one
//! round trip each. The extended protocol can not hold a whole transaction in
//! one message; only the functions of the program use it, whose statements
//! have parameters.

mod call;
mod plaintext;
mod reply;
mod transport;

pub(crate) use reply::{Failed, Failure, Reply, ServerError, connect_error, error_text, is_fatal};
pub(super) use transport::SESSION;
pub(crate) use transport::{Shared, Transport, plain_config};

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::signals::Signals;
use crate::Error;
use crate::config::{Config, Endpoint};
use reply::{is_reset, is_temporary, server_text};
use transport::driver_config;

/// How long a server that is starting or full is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a connection is tried again that broke while it was made: a
/// server that recovers from a crash ends those that come too early.
const MOST_RESETS: u32 = 6;

/// How long the answer to a cancel request is awaited.
const CANCEL_PATIENCE: Duration = Duration::from_secs(10);

/// An open connection that belongs to the runner alone.
pub(crate) struct Connection {
    client: Arc<Client>,
    transport: Transport,
    shared: Arc<Mutex<Shared>>,
    signals: Signals,
    interrupted: Option<u8>,
    /// Whether a function of the program had it.
    has_called: bool,
}

impl Connection {
    /// Connects as `deepref-schema <command>`. A server that is starting up
    /// or has no free connection is asked again for a while.
    pub(crate) async fn open(
        config: &Config,
        command: &str,
        signals: Signals,
    ) -> Result<Connection, Error> {
        let options = driver_config(config, command);
        Connection::open_with(&config.runner, options, signals, MOST_RESETS).await
    }

    /// Connects again after a connection was lost: with less patience,
    /// because the next run can settle it as well.
    pub(super) async fn open_again(
        config: &Config,
        command: &str,
        signals: Signals,
    ) -> Result<Connection, Error> {
        let options = driver_config(config, command);
        Connection::open_with(&config.runner, options, signals, 0).await
    }

    /// Connects with the settings that any other program is given.
    pub(super) async fn open_plain(config: &Config) -> Result<Connection, Error> {
        let options = plain_config(&config.runner);
        Connection::open_with(&config.runner, options, Signals::new(false), 0).await
    }

    async fn open_with(
        endpoint: &Endpoint,
        options: tokio_postgres::Config,
        mut signals: Signals,
        mut resets: u32,
    ) -> Result<Connection, Error> {
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
                        client: Arc::new(client),
                        transport,
                        shared,
                        signals,
                        interrupted: None,
                        has_called: false,
                    });
                }
                Err(error) if is_temporary(&error) && Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                Err(error) if is_reset(&error) && resets > 0 => {
                    resets -= 1;
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                Err(error) => return Err(connect_error(endpoint, &error)),
            }
        }
    }

    /// Sends one message, which may hold many statements, and waits for all
    /// of its results: one round trip.
    pub(crate) async fn send(&mut self, sql: &str) -> Result<Reply, Failed> {
        self.send_counting(sql, |_| {}).await
    }

    /// The same, and tells how many of the statements have completed: at the
    /// beginning, and each time that the server says so.
    pub(super) async fn send_counting(
        &mut self,
        sql: &str,
        mut completed: impl FnMut(usize),
    ) -> Result<Reply, Failed> {
        completed(0);
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
                    completed(reply.statements.len());
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

    /// The statement that makes the server forget what was prepared. The driver
    /// prepares statements for what functions ask about types, and takes them
    /// as there for as long as it lives: of these only SQL's own are forgotten.
    pub(crate) fn deallocate(&self) -> &'static str {
        if !self.has_called {
            return "DEALLOCATE ALL";
        }
        "DO $$ DECLARE it text; BEGIN FOR it IN SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql \
         LOOP EXECUTE pg_catalog.format('DEALLOCATE %I', it); END LOOP; END $$"
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
            Some(server) if is_fatal(server) => Failure::Ended(server_text(server)),
            Some(_) if self.interrupted.is_some() => {
                Failure::Interrupted(self.interrupted.unwrap_or(2))
            }
            Some(server) => Failure::Server(Box::new(ServerError::of(server))),
            None => self.lost(error_text(error)).await,
        }
    }

    /// How the connection ended; `reason` where nobody said more.
    async fn lost(&self, reason: String) -> Failure {
        // give the driving task a moment to say why
        tokio::time::sleep(Duration::from_millis(20)).await;
        let lost = self.shared.lock().ok().and_then(|shared| shared.lost.clone());
        match lost {
            Some(lost) if lost.by_server => Failure::Ended(lost.reason),
            Some(lost) => Failure::Lost(lost.reason),
            None => Failure::Lost(reason),
        }
    }
}
