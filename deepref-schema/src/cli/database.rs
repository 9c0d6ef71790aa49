//! The database that a command works on: the configured one, or the embedded
//! server.

use std::path::{Path, PathBuf};

use super::output;
use crate::{Config, Error, History, Migrator};

/// The name of the database on the embedded server.
const DATABASE: &str = "deepref";

/// An open door to the database. The embedded server lives as long.
pub(super) struct Database {
    pub(super) config: Config,
    #[cfg(unix)]
    server: Option<crate::server::Server>,
}

impl Database {
    /// The configured database; the embedded one where nothing is configured.
    pub(super) fn open(history: &History) -> Result<Database, Error> {
        match Config::from_env_if_set()? {
            #[cfg(unix)]
            Some(config) => Ok(Database { config, server: None }),
            #[cfg(unix)]
            None => Database::embedded(history),
            #[cfg(not(unix))]
            Some(config) => Ok(Database { config }),
            #[cfg(not(unix))]
            None => Config::from_env().map(|config| Database { config }),
        }
    }

    /// The server for scratch databases: the one that was named, or the
    /// embedded one.
    pub(super) fn scratch(history: &History, url: Option<&str>) -> Result<Database, Error> {
        match scratch_config(url)? {
            #[cfg(unix)]
            Some(config) => Ok(Database { config, server: None }),
            #[cfg(unix)]
            None => Database::embedded(history),
            #[cfg(not(unix))]
            config => config.map(|config| Database { config }).ok_or_else(|| Error::Usage {
                problem: "no server for scratch databases is named".into(),
                help: "name one in `--scratch-url` or DATABASE_SCRATCH_URL".into(),
            }),
        }
    }

    #[cfg(unix)]
    fn embedded(history: &History) -> Result<Database, Error> {
        use crate::server::{Options, Server};
        let folder = target_folder(history).join("deepref-postgres");
        let failed = |error: crate::server::Error| Error::Connect {
            place: "the embedded server".into(),
            problem: error.to_string(),
            help: "or name a database in DATABASE_URL".into(),
        };
        let server = Server::start(&Options::in_folder(folder)).map_err(failed)?;
        server.create_database(DATABASE).map_err(failed)?;
        Ok(Database { config: Config::from_url(&server.url(DATABASE))?, server: Some(server) })
    }

    /// What runs the history here, telling the terminal what happens.
    pub(super) fn migrator(&self, history: &History) -> Migrator {
        history.migrator(self.config.clone()).handle_signals(true)
    }

    /// The address of the embedded server, where it is used.
    pub(super) fn embedded_url(&self) -> Option<String> {
        #[cfg(unix)]
        return self.server.as_ref().map(|server| server.url(DATABASE));
        #[cfg(not(unix))]
        None
    }

    /// Says where the database is.
    pub(super) fn say_where(&self) {
        #[cfg(unix)]
        if let Some(server) = &self.server {
            let folder = server.folder().display();
            output::line(format_args!(
                "database: `{DATABASE}` on the embedded PostgreSQL {}, in {folder}",
                server.major()
            ));
            return;
        }
        output::line(format_args!("database: {}", output::escape(&self.config.place())));
    }

    /// Says where scratch databases are made.
    pub(super) fn say_scratch(&self) {
        #[cfg(unix)]
        if let Some(server) = &self.server {
            let major = server.major();
            output::line(format_args!("scratch databases: on the embedded PostgreSQL {major}"));
            return;
        }
        let place = output::escape(&self.config.place());
        output::line(format_args!("scratch databases: beside {place}"));
    }

    /// Says what to type next.
    pub(super) fn say_next(&self) {
        output::line("");
        output::line("next:");
        output::line("  cargo migrate show      # what is applied");
        output::line("  cargo migrate revert    # take the last one back");
        match self.embedded_url() {
            Some(url) => {
                output::line(
                    "  cargo migrate serve     # keep the server running, then elsewhere:",
                );
                output::line(format_args!("  psql '{url}'"));
            }
            None => output::line(format_args!(
                "  psql {}    # look around",
                psql_arguments(&self.config)
            )),
        }
    }
}

/// The server for scratch databases that an option or the environment names.
pub(super) fn scratch_config(url: Option<&str>) -> Result<Option<Config>, Error> {
    match url {
        Some(url) => Config::from_url(url).map(Some),
        None => Config::scratch_from_env(),
    }
}

/// Host, port, user and database for psql; it asks for the password itself.
fn psql_arguments(config: &Config) -> String {
    let endpoint = &config.runner;
    let host = match &endpoint.host {
        crate::config::Host::Network(name) => name.clone(),
        crate::config::Host::Socket(folder) => folder.display().to_string(),
    };
    let quoted = |text: &str| format!("'{}'", output::escape(text).replace('\'', "'\\''"));
    format!(
        "-h {} -p {} -U {} -d {}",
        quoted(&host),
        endpoint.port,
        quoted(&endpoint.user),
        quoted(&endpoint.database)
    )
}

/// The target folder of the workspace that the history is part of.
#[cfg(unix)]
fn target_folder(history: &History) -> PathBuf {
    if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
    let manifest = Path::new(history.manifest_dir);
    let root = manifest.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or(manifest).join("target")
}
