//! `run`: apply what is pending.

use std::time::Duration;

use super::arguments::{AheadPolicy, Run};
use super::database::Database;
use super::{fleet, json, output, plan, progress};
use crate::{Ahead, Error, History, Migrator};

pub(super) fn execute(history: &History, options: &Run) -> Result<(), Error> {
    if options.dry_run {
        return plan::execute(history, options.to, false);
    }
    if let Some(file) = &options.databases {
        return fleet::execute(history, &fleet::databases(file)?, options);
    }
    let database = Database::open(history)?;
    if let Some(pattern) = &options.schemas {
        let targets = fleet::schemas(history, &database, pattern)?;
        return fleet::execute(history, &targets, options);
    }
    let migrator = with_options(database.migrator(history), options);
    if options.json {
        let result = json::follow(migrator).run();
        json::summary(&result);
        return result.map(drop);
    }
    database.say_where();
    let report = progress::follow(migrator).run()?;
    match report.done.len() {
        0 => output::line("nothing is pending"),
        1 => output::line("1 migration was applied"),
        count => output::line(format_args!("{count} migrations were applied")),
    }
    database.say_next();
    Ok(())
}

pub(super) fn with_options(migrator: Migrator, options: &Run) -> Migrator {
    let mut migrator = migrator
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
    if let Some(rate) = options.batch_rate {
        migrator = migrator.batch_rate(rate);
    }
    if let Some(lag) = options.max_lag {
        migrator = migrator.max_lag(lag);
    }
    match &options.environment {
        Some(environment) => migrator.environment(environment),
        None => migrator,
    }
}
