//! Where settings come from: the process environment over a `.env` file.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::invalid;
use crate::Error;

/// The variables that configure a database.
pub(super) const VARIABLES: [&str; 17] = [
    "DATABASE_URL",
    "DATABASE_MIGRATION_URL",
    "DATABASE_SCRATCH_URL",
    "DATABASE_HOST",
    "DATABASE_PORT",
    "DATABASE_NAME",
    "DATABASE_USER",
    "DATABASE_PASSWORD",
    "DATABASE_SSL",
    "DATABASE_SSL_ROOT_CERT",
    "DATABASE_LOGGING",
    "DATABASE_SYNCHRONIZE",
    "DATABASE_MIGRATIONS_RUN",
    "DATABASE_MIGRATIONS_AHEAD",
    "DATABASE_POOL_MIN",
    "DATABASE_POOL_MAX",
    "DATABASE_CONNECT_TIMEOUT",
];

/// A snapshot of the variables, so that nothing changes halfway and tests
/// need not touch the environment of their process.
///
/// It holds secrets, therefore it has no `Debug`.
#[derive(Default)]
pub(super) struct Environment {
    values: BTreeMap<&'static str, OsString>,
}

impl Environment {
    /// Reads `.env` in the current folder or above, and the process
    /// environment, which wins.
    pub(super) fn read() -> Result<Self, Error> {
        Environment::read_these(&VARIABLES)
    }

    fn read_these(names: &[&'static str]) -> Result<Self, Error> {
        let mut environment = Environment::default();
        match dotenvy::dotenv_iter() {
            Ok(items) => environment.take_file(items, names)?,
            Err(error) if error.not_found() => {}
            Err(_) => return Err(unreadable_file()),
        }
        for name in names {
            if let Some(value) = std::env::var_os(name) {
                environment.values.insert(name, value);
            }
        }
        Ok(environment)
    }

    fn take_file<R: std::io::Read>(
        &mut self,
        items: dotenvy::Iter<R>,
        names: &[&'static str],
    ) -> Result<(), Error> {
        for item in items {
            // the error of dotenvy quotes the line, which may hold a password
            let (name, value) = item.map_err(|_| unreadable_file())?;
            if let Some(known) = names.iter().find(|known| **known == name) {
                self.values.insert(known, value.into());
            }
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn of(pairs: &[(&'static str, OsString)]) -> Self {
        Environment { values: pairs.iter().cloned().collect() }
    }

    /// The text of a variable, `None` where it is not set. Empty text and
    /// text that is not UTF-8 are errors.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, Error> {
        let Some(value) = self.values.get(name) else { return Ok(None) };
        let Some(text) = value.to_str() else {
            return Err(invalid(name, "is not valid UTF-8"));
        };
        if text.is_empty() {
            return Err(invalid(name, "is set but empty; give it a value or remove it"));
        }
        Ok(Some(text))
    }

    /// A variable that is `true` or `false`.
    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, Error> {
        match self.text(name)? {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(invalid(name, "must be `true` or `false`")),
        }
    }

    /// A variable that is a whole number within bounds.
    pub(super) fn number(
        &self,
        name: &'static str,
        low: u32,
        high: u32,
    ) -> Result<Option<u32>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.parse::<u32>() {
            Ok(number) if (low..=high).contains(&number) => Ok(Some(number)),
            _ => Err(invalid(name, &format!("must be a whole number from {low} to {high}"))),
        }
    }
}

/// The text of a variable that configures something else than a database; read
/// in the same way.
pub(crate) fn variable(name: &'static str) -> Result<Option<String>, Error> {
    Environment::read_these(&[name])?.text(name).map(|text| text.map(str::to_owned))
}

fn unreadable_file() -> Error {
    invalid(
        ".env",
        "can not be read: each line is `NAME=value`, with quotes around a value that holds spaces or `#`",
    )
}
