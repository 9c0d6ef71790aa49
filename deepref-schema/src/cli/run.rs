//! `run`: apply what is pending.

use std::time::Duration;

use super::arguments::{AheadPolicy, Run};
use super::database::Database;
use super::{output, plan, progress};
use crate::{Ahead, Error, History};

pub(super) fn execute(history: &History, options: &Run) -> Result<(), Error> {
    if options.dry_run {
        return plan::execute(history, options.to);
    }
    let database = Database::open(history)?;
    database.say_where();
    let mut migrator = progress::follow(database.migrator(history))
        .out_of_order(options.out_of_order)
        .lock_wait(Duration::from_secs(options.lock_wait))
        .lock_timeout(Duration::from_secs(options.lock_timeout));
    if let Some(policy) = options.ahead {
        migrator = migrator.ahead(match policy {
            AheadPolicy::Error => Ahead::Error,
            AheadPolicy::Warn => Ahead::Warn,
        });
    }
    if let Some(version) = options.to {
        migrator = migrator.to(version);
    }
    if let Some(environment) = &options.environment {
        migrator = migrator.environment(environment);
    }
    let report = migrator.run()?;
    match report.done.len() {
        0 => output::line("nothing is pending"),
        1 => output::line("1 migration was applied"),
        count => output::line(format_args!("{count} migrations were applied")),
    }
    database.say_next();
    Ok(())
}
