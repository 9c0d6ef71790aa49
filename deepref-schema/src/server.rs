//! A PostgreSQL server for machines where none is configured.
//!
//! [`Server::start`] uses the PostgreSQL programs of the machine ([`Binaries`]), or, where
//! there are none, a container, if a Docker engine answers. The data stays in the folder
//! that is given, so that the next command finds what this one did:
//!
//! ```no_run
//! use deepref_schema::server::{Options, Server};
//!
//! let server = Server::start(&Options::in_folder("target/deepref-postgres"))?;
//! server.create_database("deepref")?;
//! println!("psql '{}'", server.url("deepref"));
//! # Ok::<(), deepref_schema::server::Error>(())
//! ```
//!
//! Any number of commands may use one folder at the same time: the first one starts the
//! server, the others share it, and the last one to end stops it, even if it is killed. What
//! may be left behind all the same, running or not, is taken over by the next.
//!
//! The server listens on a socket in a private folder; only its user and root can connect,
//! without a password.

mod binaries;
mod cluster;
mod container;
mod error;
mod folder;
mod identity;
mod postmaster;
mod sharing;
mod watchdog;

pub use binaries::Binaries;
pub use error::Error;

use container::Container;
use identity::Identity;
use postmaster::Postmaster;
use sharing::{Turn, Use};
use std::path::{Path, PathBuf};
use watchdog::Watchdog;

/// The container's image where none is asked for.
const DEFAULT_IMAGE: &str = "postgres:17";

/// How a server is started.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Where the server keeps its data, log and locks. Created when absent. Where root starts the
    /// server and the unprivileged user can not reach this folder, one below `/var/tmp` takes
    /// its place; [`Server::folder`] tells.
    pub folder: PathBuf,
    /// The programs to use. Without them they are searched for: [`Binaries::all`].
    pub binaries: Option<Binaries>,
    /// A folder in which freshly initialised data is kept, to be copied instead of made anew:
    /// 0.05 s instead of 0.9 s. For servers that are started often on new folders.
    pub template: Option<PathBuf>,
    /// Listen on a free port of 127.0.0.1 too. Everybody on this machine can then connect.
    pub loopback: bool,
    /// Further settings of the server, such as `("fsync", "off")`. A container ignores them.
    pub settings: Vec<(String, String)>,
    /// Run this image in a container, even where programs are found. Without it a container
    /// is the way out where no programs are found, and runs `postgres:17`.
    pub image: Option<String>,
}

impl Options {
    /// The options of a server that keeps its data in this folder.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Options {
        Options {
            folder: folder.into(),
            binaries: None,
            template: None,
            loopback: false,
            settings: Vec::new(),
            image: None,
        }
    }

    /// Adds a setting of the server.
    pub fn setting(mut self, name: &str, value: &str) -> Options {
        self.settings.push((name.into(), value.into()));
        self
    }
}

/// A running PostgreSQL server. When the last one that uses its folder is dropped, it stops.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    kind: Kind,
    user: Option<Use>,
    /// Ended last, when there is nothing left to stop.
    _watchdog: Option<Watchdog>,
}

#[derive(Debug)]
enum Kind {
    Local(Postmaster),
    Container(Container),
}

impl Server {
    /// Starts the server, or joins the one that runs in the folder already.
    pub fn start(options: &Options) -> Result<Server, Error> {
        if let Some(image) = &options.image {
            return Server::start_container(options, image);
        }
        let candidates = match &options.binaries {
            Some(binaries) => vec![binaries.clone()],
            None => Binaries::all()?,
        };
        match candidates.is_empty() {
            false => Server::start_local(options, &candidates),
            true if container::engine_answers() => {
                Server::start_container(options, DEFAULT_IMAGE).map_err(|error| {
                    Error::NoContainer { image: DEFAULT_IMAGE, source: Box::new(error) }
                })
            }
            true => Err(Error::NothingFound),
        }
    }

    fn start_local(options: &Options, candidates: &[Binaries]) -> Result<Server, Error> {
        let wanted = folder::absolute(&options.folder)?;
        let identity = Identity::for_data(&wanted.join("data"))?;
        let folder = folder::prepare_for(&wanted, &identity)?;
        let turn = Turn::take(&folder)?;
        let data = folder.join("data");
        let binaries = cluster::matching(candidates, &data)?;
        if !identity.can_reach(&binaries.program("postgres")) {
            return Err(Error::Unreachable {
                path: binaries.program("postgres"),
                user: identity.name,
            });
        }
        let postmaster = match Postmaster::running(&folder, binaries.major())? {
            Some(postmaster) => postmaster,
            None => {
                cluster::ensure(&data, binaries, &identity, options.template.as_deref())?;
                Postmaster::launch(&folder, binaries, &identity, options)?
            }
        };
        let user = Some(Use::begin(&folder, &turn)?);
        // Without one the server is only stopped later.
        let watchdog = Watchdog::start(&folder).ok();
        Ok(Server { folder, kind: Kind::Local(postmaster), user, _watchdog: watchdog })
    }

    fn start_container(options: &Options, image: &str) -> Result<Server, Error> {
        let folder = folder::absolute(&options.folder)?;
        folder::create(&folder)?;
        let turn = Turn::take(&folder)?;
        let container = Container::start(&folder, image)?;
        let user = Some(Use::begin(&folder, &turn)?);
        Ok(Server { folder, kind: Kind::Container(container), user, _watchdog: None })
    }

    /// The address of one of its databases, for `psql` and every other client.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgresql://postgres@{}:{}/{}",
            percent_encoded(&self.host()),
            self.port(),
            percent_encoded(database)
        )
    }

    /// The host to connect to: the folder of its socket, or `127.0.0.1` for a container.
    pub fn host(&self) -> String {
        match &self.kind {
            Kind::Local(postmaster) => postmaster.socket_folder().to_string_lossy().into_owned(),
            Kind::Container(_) => "127.0.0.1".into(),
        }
    }

    /// The port, which is part of the socket's name too.
    pub fn port(&self) -> u16 {
        match &self.kind {
            Kind::Local(postmaster) => postmaster.port(),
            Kind::Container(container) => container.port(),
        }
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        match &self.kind {
            Kind::Local(postmaster) => postmaster.major(),
            Kind::Container(container) => container.major(),
        }
    }

    /// The folder that the data really is in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The process id of a server that runs from local programs.
    pub fn process_id(&self) -> Option<u32> {
        match &self.kind {
            Kind::Local(postmaster) => Some(postmaster.process_id()),
            Kind::Container(_) => None,
        }
    }

    /// The name of a server's container, which is the name of its volume too.
    pub fn container_name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Local(_) => None,
            Kind::Container(container) => Some(container.name()),
        }
    }

    /// Creates the database unless it exists; tells whether it did not.
    pub fn create_database(&self, database: &str) -> Result<bool, Error> {
        let url = self.url("postgres");
        // On a thread of its own, so that it may be called from within an async runtime.
        let created =
            std::thread::scope(|scope| scope.spawn(|| create_database(&url, database)).join());
        let created = created.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        created.map_err(|source| Error::Database { database: database.into(), source })
    }

    /// Stops the server if nobody else uses it.
    fn release(&mut self) -> Result<(), Error> {
        let turn = Turn::take(&self.folder)?;
        if !self.user.take().is_none_or(|user| user.was_last(&turn)) {
            return Ok(());
        }
        match &mut self.kind {
            Kind::Local(postmaster) => postmaster.stop(),
            Kind::Container(container) => container.stop(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody is left to tell. A server that goes on running is shared by the next command.
        let _ = self.release();
    }
}

fn create_database(url: &str, database: &str) -> Result<bool, postgres::Error> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    if client.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&database])?.is_some() {
        return Ok(false);
    }
    let created =
        client.batch_execute(&format!("CREATE DATABASE \"{}\"", database.replace('"', "\"\"")));
    match created {
        // Another command was faster. What it meets then is one of these two, by timing.
        Err(error) if matches!(error.code().map(|code| code.code()), Some("42P04" | "23505")) => {
            Ok(false)
        }
        other => other.map(|()| true),
    }
}

/// Everything that is not a letter, digit or `-._~` as `%XX`: section 2.1 of RFC 3986.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(byte.into())
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_for_urls() {
        assert_eq!(percent_encoded("/tmp/deepref-1a"), "%2Ftmp%2Fdeepref-1a");
        assert_eq!(percent_encoded("ä b?"), "%C3%A4%20b%3F");
    }
}
