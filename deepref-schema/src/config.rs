//! The configuration, from the environment and `.env`.

mod endpoint;
mod environment;
mod secret;
#[cfg(test)]
mod tests;
mod url;

pub use secret::Secret;

pub(crate) use endpoint::{Encryption, Endpoint, Host};

use deepref_schema_core::ident::quoted;
pub(crate) use environment::variable;
use environment::{Environment, VARIABLES};
use url::Url;

use crate::{Ahead, Error};

/// How to reach the database and what to do with it.
///
/// Read from `DATABASE_*` by [`Config::from_env`], or from a URL by
/// [`Config::from_url`]. It shows no password in any output.
#[derive(Debug, Clone)]
pub struct Config {
    /// For the application: behind a pooler, where there is one.
    #[cfg_attr(not(feature = "pool"), allow(dead_code, reason = "used by the pool alone"))]
    pub(crate) application: Endpoint,
    /// For the runner: the server itself, never a pooler.
    pub(crate) runner: Endpoint,
    pub(crate) settings: Settings,
    /// The schema of the history, where it is one of many in the database.
    pub(crate) schema: Option<String>,
}

/// What is independent of the database's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `DATABASE_LOGGING`: whether statements are shown.
    pub(crate) logging: bool,
    /// `DATABASE_MIGRATIONS_RUN`: whether `run_on_startup` runs.
    pub(crate) migrations_run: bool,
    /// `DATABASE_MIGRATIONS_AHEAD`: what a database that is ahead means.
    pub(crate) ahead: Ahead,
    /// `DATABASE_POOL_MIN`.
    #[cfg_attr(
        not(feature = "pool"),
        allow(dead_code, reason = "validated always, used by the pool alone")
    )]
    pub(crate) pool_min: u32,
    /// `DATABASE_POOL_MAX`.
    #[cfg_attr(
        not(feature = "pool"),
        allow(dead_code, reason = "validated always, used by the pool alone")
    )]
    pub(crate) pool_max: u32,
}

impl Config {
    /// Reads the environment and `.env`, which must name a database.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] names the variable that is missing or wrong.
    pub fn from_env() -> Result<Config, Error> {
        Config::from_env_if_set()?.ok_or_else(|| invalid("DATABASE_URL", "is not set; set it, or `DATABASE_HOST`, `DATABASE_NAME`, `DATABASE_USER` and `DATABASE_PASSWORD`"))
    }

    /// Reads the environment and `.env`; `None` where they name no database.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] names the variable that is wrong.
    pub fn from_env_if_set() -> Result<Option<Config>, Error> {
        Config::read(&Environment::read()?)
    }

    /// Takes the address from a URL, and the rest from the environment.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] says what is wrong with the URL, or names the
    /// variable that is.
    pub fn from_url(text: &str) -> Result<Config, Error> {
        let environment = Environment::read()?;
        let settings = Settings::read(&environment)?;
        let timeout = connect_timeout(&environment)?;
        let runner = endpoint_of_url("the URL", text, None, None, timeout)?;
        Ok(Config { application: runner.clone(), runner, settings, schema: None })
    }

    /// The same, for another database of the same server.
    #[must_use]
    pub fn with_database(mut self, name: &str) -> Config {
        for endpoint in [&mut self.application, &mut self.runner] {
            endpoint.database = name.to_string();
        }
        self
    }

    /// The path in which the runner's own session looks for names.
    pub(crate) fn search_path(&self) -> String {
        let schema = self.schema.as_ref().filter(|schema| *schema != "public");
        let schema = schema.map(|schema| format!("{}, ", quoted(schema)));
        format!("{}public, pg_temp", schema.unwrap_or_default())
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        &self.runner.database
    }

    /// Where the database is, for people: `localhost:5432/deepref`.
    pub fn place(&self) -> String {
        self.runner.place()
    }

    /// Whether statements are shown (`DATABASE_LOGGING`).
    pub fn logging(&self) -> bool {
        self.settings.logging
    }

    /// Whether `run_on_startup` runs (`DATABASE_MIGRATIONS_RUN`).
    pub fn migrations_run(&self) -> bool {
        self.settings.migrations_run
    }

    /// What an applied migration that the program does not know means
    /// (`DATABASE_MIGRATIONS_AHEAD`).
    pub fn ahead(&self) -> Ahead {
        self.settings.ahead
    }

    /// The server for scratch databases that `DATABASE_SCRATCH_URL` names.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] says what is wrong with it.
    pub fn scratch_from_env() -> Result<Option<Config>, Error> {
        let environment = Environment::read()?;
        let settings = Settings::read(&environment)?;
        let runner = url_endpoint(&environment, "DATABASE_SCRATCH_URL")?;
        Ok(runner.map(|runner| Config {
            application: runner.clone(),
            runner,
            settings,
            schema: None,
        }))
    }

    /// The same, with another answer to whether statements are shown.
    #[must_use]
    pub fn with_logging(mut self, logging: bool) -> Config {
        self.settings.logging = logging;
        self
    }

    /// The same, with a pool of other bounds.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] where `min` is greater than `max`, or `max` is
    /// 0.
    pub fn with_pool_size(mut self, min: u32, max: u32) -> Result<Config, Error> {
        if max == 0 || min > max {
            return Err(invalid(
                "DATABASE_POOL_MAX",
                "must be at least 1, and no less than DATABASE_POOL_MIN",
            ));
        }
        (self.settings.pool_min, self.settings.pool_max) = (min, max);
        Ok(self)
    }

    /// The same, with another answer to whether `run_on_startup` runs.
    #[must_use]
    pub fn with_migrations_run(mut self, migrations_run: bool) -> Config {
        self.settings.migrations_run = migrations_run;
        self
    }

    fn read(environment: &Environment) -> Result<Option<Config>, Error> {
        // all of them first, so that a wrong one is never overlooked
        for name in VARIABLES {
            environment.text(name)?;
        }
        let settings = Settings::read(environment)?;
        let main = main_endpoint(environment)?;
        let direct = url_endpoint(environment, "DATABASE_MIGRATION_URL")?;
        Ok(match (main, direct) {
            (Some(application), Some(runner)) => {
                Some(Config { application, runner, settings, schema: None })
            }
            (Some(only), None) | (None, Some(only)) => {
                Some(Config { application: only.clone(), runner: only, settings, schema: None })
            }
            (None, None) => None,
        })
    }
}

impl Settings {
    fn read(environment: &Environment) -> Result<Settings, Error> {
        if environment.flag("DATABASE_SYNCHRONIZE")? == Some(true) {
            return Err(invalid(
                "DATABASE_SYNCHRONIZE",
                "must not be `true`: a schema that follows the code without migrations loses data and can not be reviewed; write a migration",
            ));
        }
        let pool_max = environment.number("DATABASE_POOL_MAX", 1, 10_000)?;
        let pool_min = environment.number("DATABASE_POOL_MIN", 0, 10_000)?;
        let max = pool_max.unwrap_or(pool_min.unwrap_or(0).max(10));
        if pool_min.unwrap_or(0) > max {
            return Err(invalid("DATABASE_POOL_MIN", "is greater than `DATABASE_POOL_MAX`"));
        }
        Ok(Settings {
            logging: environment.flag("DATABASE_LOGGING")?.unwrap_or(false),
            migrations_run: environment.flag("DATABASE_MIGRATIONS_RUN")?.unwrap_or(false),
            ahead: ahead(environment)?,
            pool_min: pool_min.unwrap_or(0),
            pool_max: max,
        })
    }
}

fn ahead(environment: &Environment) -> Result<Ahead, Error> {
    const NAME: &str = "DATABASE_MIGRATIONS_AHEAD";
    match environment.text(NAME)? {
        None | Some("error") => Ok(Ahead::Error),
        Some("warn") => Ok(Ahead::Warn),
        Some(_) => Err(invalid(NAME, "must be `error` or `warn`")),
    }
}

/// The endpoint of `DATABASE_URL` or of the parts. Both are fine where they
/// say the same.
fn main_endpoint(environment: &Environment) -> Result<Option<Endpoint>, Error> {
    let by_url = url_endpoint(environment, "DATABASE_URL")?;
    let by_parts = match &by_url {
        Some(url) => return agreeing(environment, url).map(|()| by_url),
        None => parts_endpoint(environment)?,
    };
    Ok(by_parts)
}

fn url_endpoint(environment: &Environment, name: &'static str) -> Result<Option<Endpoint>, Error> {
    let Some(text) = environment.text(name)? else { return Ok(None) };
    let root = environment.text("DATABASE_SSL_ROOT_CERT")?;
    let timeout = connect_timeout(environment)?;
    endpoint_of_url(name, text, environment.flag("DATABASE_SSL")?, root, timeout).map(Some)
}

fn endpoint_of_url(
    name: &str,
    text: &str,
    flag: Option<bool>,
    root: Option<&str>,
    timeout: std::time::Duration,
) -> Result<Endpoint, Error> {
    let url = Url::parse(text).map_err(|problem| invalid(name, &problem))?;
    if let (Some(flag), Some(encrypted)) = (flag, url.encrypted)
        && flag != encrypted
    {
        return Err(invalid("DATABASE_SSL", &format!("contradicts the `sslmode` of {name}")));
    }
    let root = url.root_certificate.clone().or(root.map(Into::into));
    let encryption = encryption(&url.host, flag.or(url.encrypted), root)?;
    Ok(url.endpoint(encryption, timeout))
}

/// The endpoint of `DATABASE_HOST`, `_PORT`, `_NAME`, `_USER`, `_PASSWORD`.
fn parts_endpoint(environment: &Environment) -> Result<Option<Endpoint>, Error> {
    const PARTS: [&str; 5] =
        ["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD"];
    let mut given = None;
    for name in PARTS {
        given = given.or(environment.text(name)?.map(|_| name));
    }
    let Some(given) = given else { return Ok(None) };
    let required = |name| {
        environment.text(name)?.ok_or_else(|| invalid(name, &format!("is not set, but {given} is")))
    };
    let host = url::host_of(required("DATABASE_HOST")?.to_string());
    let root = environment.text("DATABASE_SSL_ROOT_CERT")?.map(Into::into);
    Ok(Some(Endpoint {
        encryption: encryption(&host, environment.flag("DATABASE_SSL")?, root)?,
        host,
        port: environment.number("DATABASE_PORT", 1, 65535)?.map_or(5432, |port| port as u16),
        database: required("DATABASE_NAME")?.to_string(),
        user: required("DATABASE_USER")?.to_string(),
        password: environment.text("DATABASE_PASSWORD")?.map(Secret::new),
        connect_timeout: connect_timeout(environment)?,
        tcp_user_timeout: endpoint::TCP_USER_TIMEOUT,
    }))
}

fn connect_timeout(environment: &Environment) -> Result<std::time::Duration, Error> {
    let seconds = environment.number("DATABASE_CONNECT_TIMEOUT", 1, 3600)?;
    Ok(seconds.map_or(endpoint::CONNECT_TIMEOUT, |seconds| {
        std::time::Duration::from_secs(seconds.into())
    }))
}

/// Refuses parts that say something else than the URL.
fn agreeing(environment: &Environment, url: &Endpoint) -> Result<(), Error> {
    let host = environment.text("DATABASE_HOST")?.map(|host| url::host_of(host.to_string()));
    let port = environment.number("DATABASE_PORT", 1, 65535)?;
    let password = environment.text("DATABASE_PASSWORD")?.map(Secret::new);
    let contradictions = [
        ("DATABASE_HOST", host.is_some_and(|host| host != url.host)),
        ("DATABASE_PORT", port.is_some_and(|port| port != u32::from(url.port))),
        (
            "DATABASE_NAME",
            environment.text("DATABASE_NAME")?.is_some_and(|name| name != url.database),
        ),
        ("DATABASE_USER", environment.text("DATABASE_USER")?.is_some_and(|user| user != url.user)),
        ("DATABASE_PASSWORD", password.is_some() && password != url.password),
    ];
    match contradictions.iter().find(|(_, contradicts)| *contradicts) {
        Some((name, _)) => Err(invalid(name, "contradicts DATABASE_URL; set one of them")),
        None => Ok(()),
    }
}

fn encryption(
    host: &Host,
    wanted: Option<bool>,
    root_certificate: Option<std::path::PathBuf>,
) -> Result<Encryption, Error> {
    match wanted {
        Some(true) if matches!(host, Host::Socket(_)) => {
            Err(invalid("DATABASE_SSL", "can not be `true` for a Unix socket"))
        }
        Some(true) if cfg!(not(feature = "tls")) => Err(invalid(
            "DATABASE_SSL",
            "can not be `true`: this program was built without the feature `tls`",
        )),
        Some(true) => Ok(Encryption::Verified { root_certificate }),
        Some(false) => Ok(Encryption::None),
        None if host.is_local() => Ok(Encryption::None),
        None => Err(invalid(
            "DATABASE_SSL",
            "is not set, and the server is remote: set it to `true` for verified TLS, or to `false` where plaintext is meant",
        )),
    }
}

/// The error of a variable. The problem never repeats the value.
pub(crate) fn invalid(variable: &str, problem: &str) -> Error {
    Error::Configuration { variable: variable.to_string(), problem: problem.to_string() }
}
