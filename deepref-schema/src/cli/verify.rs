//! `verify`: proofs on real servers.

mod taken;

use std::time::Instant;

use deepref_schema_core::diff::{Answers, diff};
use deepref_schema_core::language::{Style, authored, statements};
use deepref_schema_core::migration::Settings;

use super::arguments::Verify;
use super::create::check_name;
use super::database::{Database, scratch_config};
use super::output::{self, escape};
use super::sources;
use crate::runner::on_own_thread;
use crate::verify::{self, Asking, Step};
use crate::{Drift, Error, History};

pub(super) fn execute(history: &History, options: &Verify) -> Result<(), Error> {
    match options.live {
        true => live(history, options),
        false => history_itself(history, options),
    }
}

/// Every migration up, down and up again.
fn history_itself(history: &History, options: &Verify) -> Result<(), Error> {
    let models = sources::schemas(history)?;
    let database = Database::scratch(history, options.scratch_url.as_deref())?;
    let asking = Asking { server: &database.config, ledger: history.ledger, signals: true };
    database.say_scratch();
    let mut since = Instant::now();
    let tell = |step: &Step<'_>| {
        let directions = if step.migration.down.is_some() { "up, down, up" } else { "up" };
        let name = escape(&step.migration.ledger_name());
        let took = output::duration(since.elapsed());
        since = Instant::now();
        output::line(format_args!("verified {name}: {directions} in {took}"));
        if let Some(why) = &step.without_model {
            output::line(format_args!("  not compared with the model: {}", escape(why)));
        }
    };
    on_own_thread(|| verify::verify(history, asking, &models, tell))?;
    output::line(match history.migrations.len() {
        0 => "there are no migrations".to_owned(),
        1 => "1 migration was verified".to_owned(),
        many => format!("{many} migrations were verified"),
    });
    Ok(())
}

/// The configured database against what its migrations make.
fn live(history: &History, options: &Verify) -> Result<(), Error> {
    let scratch = scratch_config(options.scratch_url.as_deref())?;
    options.write.as_deref().map_or(Ok(()), check_name)?;
    let database = Database::open(history)?;
    let drift = database.migrator(history).verify(scratch.as_ref())?;
    database.say_where();
    if !drift.unmodelled.is_empty() {
        output::line("not compared, because the model does not have it:");
        for one in &drift.unmodelled {
            output::line(format_args!("  {}", escape(&one.to_string())));
        }
    }
    if drift.differences.is_empty() {
        output::line("the database is what its migrations make");
        if options.write.is_some() {
            output::line("nothing is written: nothing was changed by hand");
        }
        return Ok(());
    }
    if let Some(name) = &options.write {
        let server = scratch.as_ref().unwrap_or(&database.config);
        let asking = Asking { server, ledger: history.ledger, signals: true };
        return taken::write(history, &database, asking, &drift, name);
    }
    say_mending(history, &drift);
    drift.into_error()
}

/// The statements that would lead from what is there to what should be.
fn say_mending(history: &History, drift: &Drift) {
    let plan = diff(&drift.found, &drift.wanted, &Answers::default());
    let settings = Settings { oldest_postgres: history.oldest_postgres, ..Settings::default() };
    let reason = Some("no migration made it".to_owned());
    let style = Style { settings, concurrently: true, reason };
    let items = authored(&drift.found, &plan.operations, &style);
    if items.is_empty() {
        return;
    }
    match statements(&items) {
        Ok(text) => {
            output::line("what would mend the database, in the language:");
            text.lines().for_each(|line| output::line(format_args!("  {}", escape(line))));
        }
        Err(wrong) => wrong.iter().for_each(|one| output::line(escape(&one.to_string()))),
    }
    for rest in &plan.rest {
        output::line(format_args!("no statement of the language mends this: {}", escape(rest)));
    }
    output::line(
        "or take it over: `cargo migrate verify --live --write Name` writes a migration of it",
    );
}
