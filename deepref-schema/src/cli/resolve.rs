//! `resolve`: the word of a person about an interrupted statement.

use super::arguments::Resolve;
use super::database::Database;
use super::output::{self, escape};
use crate::{Error, History, Resolution};

pub(super) fn execute(history: &History, options: &Resolve) -> Result<(), Error> {
    let database = Database::open(history)?;
    database.say_where();
    let (resolution, next) = match options.applied {
        true => (Resolution::Applied, "goes on after the statement"),
        false => (Resolution::Retry, "sends the statement again"),
    };
    let name = database.migrator(history).resolve(resolution)?;
    output::line(format_args!("`cargo migrate run` {next} of {}", escape(&name)));
    Ok(())
}
