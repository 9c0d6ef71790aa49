use std::io;
use std::path::PathBuf;

/// Why the embedded server could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No PostgreSQL programs on this machine, and no Docker engine that answers.
    #[error(
        "no PostgreSQL found: no `postgres` of version 14 or later in `DEEPREF_PG_BIN`, `PATH`, `pg_config --bindir` \
         or the usual places, and no Docker engine answers\n\
         help: install one (`apt-get install postgresql`, `brew install postgresql`, or Docker), \
         or set `DATABASE_URL` to a server that runs already"
    )]
    NothingFound,

    /// No PostgreSQL programs on this machine, and the container does not start in their place.
    #[error(
        "no PostgreSQL found on this machine, and a container of `{image}` does not start: {source}\n\
         help: install PostgreSQL 14 or later (`apt-get install postgresql`, `brew install postgresql`), \
         or set `DATABASE_URL` to a server that runs already"
    )]
    NoContainer {
        /// The image of the container.
        image: &'static str,
        /// Why it does not start.
        source: Box<Error>,
    },

    /// The folder is not the `bin` folder of a usable PostgreSQL.
    #[error("`{}` holds no usable PostgreSQL: {reason}", folder.display())]
    NotBinaries {
        /// The folder that was looked at.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// PostgreSQL refuses to run as root, and the user it would run as instead can not reach the file.
    #[error(
        "the user `{user}`, as which PostgreSQL would run because it refuses to run as root, can not reach `{}`\n\
         help: make the folders above it searchable for others (`chmod o+x`), or run as another user",
        path.display()
    )]
    Unreachable {
        /// What can not be reached.
        path: PathBuf,
        /// The name of the unprivileged user.
        user: String,
    },

    /// Root has no unprivileged user to hand the server to.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`"
    )]
    NoUnprivilegedUser,

    /// The data folder was written by another major version than any that was found.
    #[error(
        "the data in `{}` was written by PostgreSQL {written_by}, but only {found} was found\n\
         help: install PostgreSQL {written_by}, or remove the folder to start with an empty database",
        folder.display()
    )]
    OtherMajor {
        /// The data folder.
        folder: PathBuf,
        /// The major version that wrote it.
        written_by: String,
        /// The versions that were found.
        found: String,
    },

    /// A file or folder of the server could not be used.
    #[error("can not {action} `{}`: {source}", path.display())]
    File {
        /// What was tried, as a verb: `create`, `read`, …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// A folder that must be private belongs to someone else or is open to others.
    #[error("`{}` is not a private folder of the user `{user}`", path.display())]
    NotPrivate {
        /// The folder.
        path: PathBuf,
        /// Who should own it.
        user: String,
    },

    /// A program could not be started at all.
    #[error("can not start `{program}`: {source}")]
    Program {
        /// The program.
        program: String,
        /// What the operating system said.
        source: io::Error,
    },

    /// A program ended with an error.
    #[error("`{program}` failed:\n{output}")]
    Failed {
        /// The program, with its first arguments.
        program: String,
        /// What it printed.
        output: String,
    },

    /// The server ended, or did not answer in time; its log tells why.
    #[error("the PostgreSQL server in `{}` {what}; the end of its log:\n{log}", folder.display())]
    NotRunning {
        /// The folder of the server.
        folder: PathBuf,
        /// What it did not do.
        what: &'static str,
        /// The last lines of its log.
        log: String,
    },

    /// Another command holds the folder's lock.
    #[error("another command has been starting or stopping the server in `{}` for {seconds} s", folder.display())]
    Busy {
        /// The folder of the server.
        folder: PathBuf,
        /// How long this command waited.
        seconds: u64,
    },

    /// The server answered, but a statement failed.
    #[error("can not create the database `{database}`: {source}")]
    Database {
        /// The database that was to be created.
        database: String,
        /// What the server or the driver said.
        source: postgres::Error,
    },
}

impl Error {
    pub(super) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::File { action, path, source }
    }
}
