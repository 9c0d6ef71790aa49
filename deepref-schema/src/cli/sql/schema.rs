//! `sql --schema`: the schema that a history ends in, as plain DDL.
//!
//! The model tells it without a server. What raw SQL has made or changed only a
//! server can tell, so a history with some is run on a scratch database.

use deepref_schema_core::schema::Schema;
use deepref_schema_core::sql::changes_rows;

use super::super::adopt::scratch::{described, keep_possible};
use super::super::arguments::Sql;
use super::super::database::{Database, scratch_config};
use super::super::output::{escape, line};
use crate::inspect::{UNCHECKED, Whole};
use crate::runner::on_own_thread;
use crate::verify::{Asking, made_by, with_scratch};
use crate::{Error, History};

pub(super) fn execute(history: &History, options: &Sql) -> Result<(), Error> {
    let raw = raw(history);
    // A mistake in an address is told, needed or not.
    scratch_config(options.scratch_url.as_deref())?;
    if raw.is_empty() || options.offline {
        line(escape(history.schema().sql().trim_end()));
        say_rest("only raw SQL has made or changed it", &raw);
        return Ok(());
    }
    let database = Database::scratch(history, options.scratch_url.as_deref())?;
    let asking = Asking { server: &database.config, ledger: history.ledger, signals: true };
    let (whole, missing) = on_own_thread(|| {
        with_scratch(asking, async |work, empty| {
            let mut whole = made_by(work, history.migrations).await?;
            let reasons = keep_possible(empty, &mut whole).await?;
            let missing = whole.catalog.unmodelled.iter().filter(|one| !whole.objects.covers(one));
            let missing: Vec<_> = missing.map(|one| described(one, &reasons)).collect();
            Ok((whole, missing))
        })
    })?;
    line(escape(text(&whole).trim_end()));
    say_rest("it can not be written", &missing);
    Ok(())
}

/// All of it, for a session without a transaction too.
fn text(whole: &Whole) -> String {
    let mut before = Schema::empty();
    let mut text = String::new();
    for operation in whole.objects.woven(&whole.catalog.schema).operations() {
        for statement in operation.statements(&before) {
            match statement.sql.as_str() {
                UNCHECKED => text.push_str("SET check_function_bodies = off;\n"),
                sql => text.push_str(&format!("{sql};\n")),
            }
        }
        operation.apply(&mut before);
    }
    text
}

/// What raw SQL has done to the schema, one line a statement.
fn raw(history: &History) -> Vec<String> {
    let mut lines = Vec::new();
    for migration in history.migrations {
        let steps = migration.up.iter().flat_map(|segment| segment.steps);
        // Only of raw SQL the locks are not known.
        let raw = steps.filter(|step| step.locks.is_none() && step.function.is_none());
        for step in raw.filter(|step| !changes_rows(step.sql)) {
            let plain = step.sql.lines().filter(|line| !line.trim_start().starts_with("--"));
            let words: Vec<_> = plain.flat_map(str::split_whitespace).take(5).collect();
            lines.push(format!("{}: {}", migration.ledger_name(), words.join(" ")));
        }
    }
    lines
}

/// Says in a comment what is missing.
fn say_rest(why: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    line(format_args!("\n-- Not in here, because {why}:"));
    for one in lines.iter().flat_map(|one| one.lines()) {
        line(format_args!("--   {}", escape(one)));
    }
}
