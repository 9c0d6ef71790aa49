//! `serve`: keep the embedded server running.

use super::database::Database;
use super::output;
use crate::{Error, History};

pub(super) fn execute(history: &History) -> Result<(), Error> {
    let database = Database::open(history)?;
    let Some(url) = database.embedded_url() else {
        return Err(Error::Usage {
            problem: "a database is configured, so there is no embedded server to keep running"
                .into(),
            help: "unset DATABASE_URL and the other variables for it".into(),
        });
    };
    database.say_where();
    output::line(format_args!("psql '{url}'"));
    output::line("ctrl-c stops it");
    crate::runner::wait_for_signal()
}
