//! `adopt`: takes over a database that is there. Nothing is written before it
//! is proved that the migrations make what the database holds.

mod baseline;
mod defaults;
mod entities;
mod ledger;
pub(super) mod scratch;

use super::arguments::Adopt;
use super::database::{Database, scratch_config};
use super::output::{self, escape};
use crate::inspect::{Reader, Whole};
use crate::migration::Migration;
use crate::runner::{Mark, on_own_thread};
use crate::verify::{self, Asking, check_major, with_scratch};
use crate::{Config, Error, History};

use baseline::Baseline;
use ledger::Found;

pub(super) fn execute(history: &History, options: &Adopt) -> Result<(), Error> {
    let scratch = scratch_config(options.scratch_url.as_deref())?;
    let database = Database::open(history)?;
    database.say_where();
    let Look { found, whole, major } = look(history, &database.config)?;
    let server = scratch.as_ref().unwrap_or(&database.config);
    let asking = Asking { server, ledger: history.ledger, signals: true };
    let place = Place { history, database: &database, asking, major, dry_run: options.dry_run };
    match found {
        _ if history.migrations.is_empty() => place.write_baseline(options, whole),
        Some(found) => place.take_over(&found, whole),
        None => place.record_all(options.to, whole),
    }
}

/// What is there.
struct Look {
    /// The ledger of another tool.
    found: Option<Found>,
    whole: Whole,
    /// The version of the server.
    major: u32,
}

fn look(history: &History, config: &Config) -> Result<Look, Error> {
    on_own_thread(|| async {
        let mut reader = Reader::open(config, "adopt", history.ledger, true).await?;
        let found = ledger::find(&mut reader, history.ledger).await?;
        Ok(Look { found, whole: reader.read_whole().await?, major: reader.major().await? })
    })
}

struct Place<'a> {
    history: &'a History,
    database: &'a Database,
    asking: Asking<'a>,
    major: u32,
    dry_run: bool,
}

impl Place<'_> {
    /// Records as applied what the other tool has applied.
    fn take_over(&self, found: &Found, whole: Whole) -> Result<(), Error> {
        let applied = self.known(found)?;
        self.record(&applied, whole, &format!("which {} has applied", found.tool))
    }

    /// Records all migrations as applied, where nothing says which are: the
    /// baseline was written from another database, or nobody recorded it here.
    fn record_all(&self, to: Option<i64>, whole: Whole) -> Result<(), Error> {
        if let Some(to) = to.filter(|to| self.history.find(*to).is_none()) {
            return Err(super::sql::unknown(to));
        }
        let is_meant = |migration: &&&Migration| to.is_none_or(|to| migration.version <= to);
        let all = self.history.migrations.iter();
        let applied: Vec<_> = all.filter(is_meant).copied().collect();
        self.record(&applied, whole, "and no ledger says otherwise")
    }

    /// Records migrations as applied after the proof that they make the
    /// database.
    fn record(&self, applied: &[&'static Migration], whole: Whole, why: &str) -> Result<(), Error> {
        let drift = on_own_thread(|| verify::drift(self.asking, applied, whole, self.major))?;
        if !drift.differences.is_empty() {
            return Err(Error::Differs {
                problem: format!(
                    "the database is not what {} make, {why}",
                    count(applied.len())
                ),
                differences: drift.differences,
                help: "nothing was written; change the migrations or the database, or name the last migration that the database has: `--to`".into(),
            });
        }
        let unmodelled: Vec<_> = drift.unmodelled.iter().map(ToString::to_string).collect();
        say("in the database, and in no migration:", &unmodelled);
        let made = count(applied.len());
        output::line(format_args!("proved: the database is what {made} make, {why}"));
        let marks: Vec<_> = applied.iter().map(|migration| Mark::of(migration)).collect();
        self.mark(&marks)?;
        for migration in applied {
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
    fn write_baseline(&self, options: &Adopt, mut whole: Whole) -> Result<(), Error> {
        let listed = whole.catalog.unmodelled.clone();
        let (baseline, reasons) = on_own_thread(|| {
            with_scratch(self.asking, async |work, empty| {
                check_major(work, self.major).await?;
                let reasons = scratch::keep_possible(empty, &mut whole).await?;
                // What can not be written is not compared.
                whole.catalog.unmodelled.retain(|one| whole.objects.covers(one));
                let baseline = Baseline::of(self.history, options, &whole)?;
                baseline.prove(work, empty, &whole).await?;
                Ok((baseline, reasons))
            })
        })?;
        let missing = listed.iter().filter(|one| !whole.catalog.unmodelled.contains(one));
        let missing: Vec<_> = missing.map(|one| scratch::described(one, &reasons)).collect();
        say("missing in the migration, because it can not be written:", &missing);
        output::line("proved: the migration makes what the database holds");
        if self.dry_run {
            baseline.show();
            return Ok(());
        }
        baseline.write()?;
        // Recorded last: a database that holds all of it and does not know it is one that
        // the next `adopt` takes over.
        self.mark(&[baseline.mark()]).map_err(|error| Error::Usage {
            problem: format!("{error}\n  the migration is written, and not recorded as applied"),
            help: "`cargo migrate adopt` records it, once it can be".into(),
        })?;
        output::line("recorded it as applied");
        output::line("next: `cargo migrate show` builds it; commit the files");
        Ok(())
    }

    fn mark(&self, marks: &[Mark]) -> Result<(), Error> {
        match self.dry_run {
            true => Ok(()),
            false => self.database.migrator(self.history).mark(marks),
        }
    }
}

fn say(head: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    output::line(head);
    for line in lines {
        output::line(format_args!("  {}", escape(line)));
    }
}

fn count(migrations: usize) -> String {
    match migrations {
        1 => "1 migration".into(),
        many => format!("{many} migrations"),
    }
}
