//! `sql`: the statements of migrations, without a database, and the schema that
//! they end in.

mod schema;

use super::arguments::Sql;
use super::output;
use crate::{Error, History, testing};

pub(super) fn execute(history: &History, options: &Sql) -> Result<(), Error> {
    if options.schema {
        return schema::execute(history, options);
    }
    let mut found = false;
    for migration in history
        .migrations
        .iter()
        .filter(|m| options.version.is_none_or(|version| m.version == version))
    {
        output::line(output::escape(&testing::snapshot(migration)));
        found = true;
    }
    match options.version {
        Some(version) if !found => Err(unknown(version)),
        _ => Ok(()),
    }
}

/// A version that no migration has.
pub(super) fn unknown(version: i64) -> Error {
    Error::Usage {
        problem: format!("there is no migration {version}"),
        help: "`cargo migrate show` lists them".into(),
    }
}
