//! `adopt`: takes over a database that is there. Nothing is written before it
//! is proved that the migrations make what the database holds.

mod baseline;
mod defaults;
mod ledger;

use std::fs;

use super::arguments::Adopt;
use super::database::{Database, scratch_config};
use super::output::{self, escape};
use crate::inspect::{Catalog, Reader};
use crate::migration::Migration;
use crate::runner::{Mark, on_own_thread};
use crate::verify::{self, Asking};
use crate::{Config, Error, History, Unmodelled};

use baseline::Baseline;
use ledger::Found;

pub(super) fn execute(history: &History, options: &Adopt) -> Result<(), Error> {
    let scratch = scratch_config(options.scratch_url.as_deref())?;
    let database = Database::open(history)?;
    database.say_where();
    let Look { found, catalog, functions, major } = look(history, &database.config)?;
    let server = scratch.as_ref().unwrap_or(&database.config);
    let asking = Asking { server, ledger: history.ledger, signals: true };
    let place = Place { history, database: &database, asking, major, dry_run: options.dry_run };
    match found {
        Some(found) if !history.migrations.is_empty() => place.take_over(&found, catalog),
        _ if history.migrations.is_empty() => {
            place.write_baseline(&options.name, &catalog, &functions)
        }
        _ => Err(Error::Refused {
            problem: "the history has migrations, and the database has no ledger of another tool that says which of them it has".into(),
            help: "nothing was written; adopt it with an empty history, or run the migrations on an empty database".into(),
        }),
    }
}

/// What is there.
struct Look {
    /// The ledger of another tool.
    found: Option<Found>,
    catalog: Catalog,
    /// The functions that tables need: in defaults, constraints and indexes.
    functions: Vec<Unmodelled>,
    /// The version of the server.
    major: u32,
}

fn look(history: &History, config: &Config) -> Result<Look, Error> {
    on_own_thread(|| async {
        let mut reader = Reader::open(config, "adopt", history.ledger, true).await?;
        let found = ledger::find(&mut reader, history.ledger).await?;
        let catalog = reader.read().await?;
        let needed = reader.rows(NEEDED_FUNCTIONS, "the functions could not be listed").await?;
        let is_needed = |one: &&Unmodelled| {
            one.is_function() && needed.iter().any(|row| row.text(0) == one.name)
        };
        let functions = catalog.unmodelled.iter().filter(is_needed).cloned().collect();
        Ok(Look { found, catalog, functions, major: reader.major().await? })
    })
}

const NEEDED_FUNCTIONS: &str = "\
SELECT DISTINCT d.refobjid::pg_catalog.regprocedure::text FROM pg_catalog.pg_depend d \
WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass \
AND d.classid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_attrdef'::pg_catalog.regclass, \
'pg_catalog.pg_constraint'::pg_catalog.regclass)";

struct Place<'a> {
    history: &'a History,
    database: &'a Database,
    asking: Asking<'a>,
    major: u32,
    dry_run: bool,
}

impl Place<'_> {
    /// Records as applied what the other tool has applied.
    fn take_over(&self, found: &Found, catalog: Catalog) -> Result<(), Error> {
        let applied = self.known(found)?;
        let drift = on_own_thread(|| verify::drift(self.asking, &applied, catalog, self.major))?;
        if !drift.differences.is_empty() {
            return Err(Error::Differs {
                problem: format!(
                    "the database is not what the migrations make that {} has applied",
                    found.tool
                ),
                differences: drift.differences,
                help: "nothing was written; change the migrations or the database".into(),
            });
        }
        say_unmodelled(&drift.unmodelled);
        output::line(format_args!(
            "proved: the database is what {} make, which {} has applied",
            count(applied.len()),
            found.tool
        ));
        let marks: Vec<_> = applied.iter().map(|migration| Mark::of(migration)).collect();
        self.mark(&marks)?;
        for migration in &applied {
            let verb = if self.dry_run { "would record" } else { "recorded" };
            output::line(format_args!("{verb} {}", escape(&migration.ledger_name())));
        }
        Ok(())
    }

    /// The migrations of the history that the other tool has applied.
    fn known(&self, found: &Found) -> Result<Vec<&'static Migration>, Error> {
        let versions = found.versions(self.history);
        let unknown = versions.iter().find(|version| self.history.find(**version).is_none());
        let refused = |problem: String| {
            Err(Error::Refused {
                problem,
                help: "nothing was written; the history must hold the migrations that were applied, with their versions".into(),
            })
        };
        if let Some(unknown) = unknown {
            return refused(format!(
                "{} has applied {unknown}, which the history does not have",
                found.tool
            ));
        }
        if let Some(unreadable) = found.unreadable.first() {
            let unreadable = escape(unreadable);
            return refused(format!(
                "{} has applied `{unreadable}`, which is no version here",
                found.tool
            ));
        }
        Ok(versions.iter().filter_map(|version| self.history.find(*version)).collect())
    }

    /// Writes a first migration that makes what is there.
    fn write_baseline(
        &self,
        name: &str,
        catalog: &Catalog,
        functions: &[Unmodelled],
    ) -> Result<(), Error> {
        let baseline = Baseline::of(self.history, name, catalog, functions)?;
        // What the model does not have is compared as far as it was written.
        let mut wanted = catalog.clone();
        wanted.unmodelled.retain(|one| functions.contains(one));
        on_own_thread(|| baseline.prove(self.asking, &wanted, self.major))?;
        let mut left_out = catalog.unmodelled.clone();
        left_out.retain(|one| !functions.contains(one));
        say_unmodelled(&left_out);
        output::line("proved: the migration makes what the database holds");
        if self.dry_run {
            output::line(format_args!("would write {}:\n", baseline.file.display()));
            output::line(escape(&baseline.text));
            return Ok(());
        }
        super::create::write_new(&baseline.file, &baseline.text)?;
        // Recorded before it is listed: a program that was built in between would
        // find a migration that is pending.
        if let Err(error) = self.mark(&[baseline.mark()]) {
            let _ = fs::remove_file(&baseline.file);
            return Err(error);
        }
        super::create::write(&baseline.list, &baseline.list_text).map_err(|error| {
            let stem = baseline.file.file_stem().unwrap_or_default().display();
            Error::Usage {
                problem: format!("{error}\n  the migration is written and recorded as applied"),
                help: format!("add the line `{stem};` to {}", baseline.list.display()),
            }
        })?;
        output::line(format_args!("wrote {}", baseline.file.display()));
        output::line(format_args!("listed in {}", baseline.list.display()));
        output::line("recorded it as applied");
        output::line("next: `cargo migrate show` builds it; commit both files");
        Ok(())
    }

    fn mark(&self, marks: &[Mark]) -> Result<(), Error> {
        match self.dry_run {
            true => Ok(()),
            false => self.database.migrator(self.history).mark(marks),
        }
    }
}

fn say_unmodelled(unmodelled: &[Unmodelled]) {
    if unmodelled.is_empty() {
        return;
    }
    output::line("not in the migrations, because the model does not have it:");
    for one in unmodelled {
        output::line(format_args!("  {}", escape(&one.to_string())));
    }
}

fn count(migrations: usize) -> String {
    match migrations {
        1 => "1 migration".into(),
        many => format!("{many} migrations"),
    }
}
