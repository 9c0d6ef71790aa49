//! How bytes travel, and the settings that a connection starts with.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::{AsyncMessage, Client, NoTls, Socket};

use super::plaintext::Guard;
use super::reply::{error_text, is_fatal};
use crate::Error;
use crate::config::{Config, Encryption, Endpoint, Host};

/// Settings of the session. They go into the start-up message, because a
/// setting inside a message comes too late to change how that message is
/// read, and because `RESET ALL` returns to them.
pub(crate) const SESSION: [(&str, &str); 10] = [
    ("standard_conforming_strings", "on"),
    ("transform_null_equals", "off"),
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO"),
    ("IntervalStyle", "postgres"),
    ("default_transaction_isolation", "read committed"),
    ("lock_timeout", "0"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("idle_session_timeout", "0"),
];

/// What the task that drives the socket tells the runner.
#[derive(Default)]
pub(crate) struct Shared {
    pub(super) notices: Vec<String>,
    pub(super) lost: Option<Lost>,
}

/// Why the connection ended.
#[derive(Clone)]
pub(super) struct Lost {
    pub(super) reason: String,
    pub(super) by_server: bool,
}

/// How bytes travel.
#[derive(Clone)]
pub(crate) enum Transport {
    /// Over a Unix socket, where nobody listens.
    Socket,
    /// Over the network in plaintext, but for the password.
    Plain,
    /// Over the network in verified TLS.
    #[cfg(feature = "tls")]
    Encrypted(crate::tls::Verified),
}

impl Transport {
    /// Reads the authorities to trust, where the endpoint asks for TLS.
    pub(crate) fn of(endpoint: &Endpoint) -> Result<Transport, Error> {
        match &endpoint.encryption {
            Encryption::None => match endpoint.host {
                Host::Socket(_) => Ok(Transport::Socket),
                Host::Network(_) => Ok(Transport::Plain),
            },
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
            Transport::Socket => {
                let (client, connection) =
                    options.ssl_mode(SslMode::Disable).connect(NoTls).await?;
                tokio::spawn(drive(connection, shared.clone()));
                Ok(client)
            }
            Transport::Plain => {
                options.ssl_mode(SslMode::Require).ssl_negotiation(SslNegotiation::Direct);
                let (client, connection) = options.connect(Guard).await?;
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

    pub(super) async fn cancel(&self, client: &Client) {
        let token = client.cancel_token();
        // where the request fails, the timeout of the wait decides
        let _ = match self {
            Transport::Socket => token.cancel_query(NoTls).await,
            Transport::Plain => token.cancel_query(Guard).await,
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
                let by_server = error.as_db_error().is_some_and(is_fatal);
                shared.lost = Some(Lost { reason: error_text(&error), by_server });
                return;
            }
        }
    }
}

/// The configuration of the runner's own connection.
pub(super) fn driver_config(config: &Config, command: &str) -> tokio_postgres::Config {
    let mut options = plain_config(&config.runner);
    options
        .application_name(format!("deepref-schema {command}"))
        .options(start_up_options(&config.search_path()));
    options
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
        .tcp_user_timeout(endpoint.tcp_user_timeout)
        .keepalives_idle(Duration::from_secs(10))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(3);
    config
}

fn start_up_options(search_path: &str) -> String {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace(' ', "\\ ");
    let option = |(name, value): &(&str, &str)| format!("-c {name}={}", escaped(value));
    SESSION.iter().chain([&("search_path", search_path)]).map(option).collect::<Vec<_>>().join(" ")
}
