//! One server, one database, one user.

use std::path::PathBuf;
use std::time::Duration;

use super::secret::Secret;

/// How long a connection may take where nothing else is said.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the network may be silent about what was sent, where nothing
/// else is said.
pub(crate) const TCP_USER_TIMEOUT: Duration = Duration::from_secs(30);

/// Where and as whom to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) user: String,
    pub(crate) password: Option<Secret>,
    pub(crate) encryption: Encryption,
    pub(crate) connect_timeout: Duration,
    /// How long what was sent may remain without a sign from the network.
    pub(crate) tcp_user_timeout: Duration,
}

/// The address of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// A name or an IP address.
    Network(String),
    /// The folder of a Unix socket.
    Socket(PathBuf),
}

/// Whether the connection is encrypted. There is no middle way: what falls
/// back to plaintext protects nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// Plaintext, by the word of the user or on this machine.
    None,
    /// TLS with verified certificate and host name.
    Verified {
        /// The file of the authorities to trust; the system's where `None`.
        root_certificate: Option<PathBuf>,
    },
}

impl Host {
    /// Whether the server is on this machine, so that nobody listens between.
    pub(crate) fn is_local(&self) -> bool {
        match self {
            Host::Socket(_) => true,
            Host::Network(name) if name == "localhost" => true,
            Host::Network(name) => {
                name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
        }
    }
}

impl Endpoint {
    /// The place for messages: host, port and database, never a secret.
    pub(crate) fn place(&self) -> String {
        match &self.host {
            Host::Socket(folder) => format!("{}:{}/{}", folder.display(), self.port, self.database),
            Host::Network(name) if name.contains(':') => {
                format!("[{name}]:{}/{}", self.port, self.database)
            }
            Host::Network(name) => format!("{name}:{}/{}", self.port, self.database),
        }
    }
}
