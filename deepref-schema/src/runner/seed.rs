//! Writing the rows of seeds.

use std::time::Instant;

use super::events::Event;
use super::executor::{Executor, Stop};
use super::migrator::{Migrator, on_own_thread};
use super::names::Names;
use super::plan::{self, Policy};
use super::state::State;
use super::work::{Work, WorkStep};
use super::{lock, session};
use crate::seed::{Environment, Sealer, Seed, SeedReport, Seeded, Seeding, Seeds};
use crate::{Ahead, Error, History};

impl Migrator {
    /// Writes the rows of the seeds that are for an environment: each seed in
    /// one transaction, under the lock of the migrations. Rows that are as
    /// declared are left alone.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] where migrations are pending, or the database is ahead;
    /// [`Error::Refused`] where a seed or the database is for another
    /// environment; [`Error::Encryption`] where a stored text can not be read;
    /// [`Error::Migration`] where a row is refused.
    pub fn seed(&mut self, seeds: &Seeds, seeding: &Seeding) -> Result<SeedReport, Error> {
        on_own_thread(|| seed(self, seeds, seeding))
    }
}

async fn seed(
    migrator: &mut Migrator,
    seeds: &Seeds,
    seeding: &Seeding,
) -> Result<SeedReport, Error> {
    let (chosen, left_out) = seeding.choose(seeds)?;
    let sealer = Sealer::of(&chosen, seeding)?;
    let mut report = SeedReport { left_out, ..SeedReport::default() };
    let (history, names) = (migrator.history, migrator.names.clone());
    let check = |state: &State| check(&history, &names, state, seeding.environment());
    let (connection, state) = session::open(migrator, "seed").await?;
    check(&state)?;
    if chosen.is_empty() {
        return Ok(report);
    }
    session::check_writable(migrator, &state)?;
    let locked = session::lock(migrator, "seed", connection, &state, |_| Ok(false)).await?;
    let Some((mut executor, state)) = locked else { return Ok(report) };
    // While this one waited for the lock another may have reverted something.
    check(&state)?;
    match all(&mut executor, &chosen, &sealer, &mut report).await {
        Ok(()) => lock::release(&mut executor.connection, executor.names).await.map(|()| report),
        Err(error) => Err(error.after(&report.names())),
    }
}

/// The database is at the schema that the seeds were checked against, and for
/// the same environment.
fn check(
    history: &History,
    names: &Names,
    state: &State,
    environment: Environment,
) -> Result<(), Error> {
    let policy = Policy { out_of_order: true, ahead: Ahead::Error };
    let plan = plan::compare(history, state, names, policy)?;
    let open = plan.pending.len().max(usize::from(plan.interrupted.is_some()));
    if open > 0 {
        let pending = match open {
            1 => "a migration is pending".to_owned(),
            count => format!("{count} migrations are pending"),
        };
        return Err(Error::ledger(
            format!("{pending}, and the seeds are for the schema after it"),
            "nothing was seeded; `cargo migrate run` applies what is pending",
        ));
    }
    let comment = state.ledger.as_ref().map_or("", |table| &table.comment);
    match marked(comment) {
        Some(marked) if marked != environment => Err(Error::Refused {
            problem: format!("the database is marked as {marked}, and this is {environment}"),
            help: "nothing was seeded; the mark is in the comment of the ledger, and `cargo migrate run --environment` writes it".into(),
        }),
        _ => Ok(()),
    }
}

/// The environment that a database was marked with, where it is one of seeds.
fn marked(comment: &str) -> Option<Environment> {
    let (_, mark) = comment.split_once("environment=")?;
    match mark.trim().to_lowercase().as_str() {
        "production" | "prod" => Some(Environment::Prod),
        "staging" => Some(Environment::Staging),
        "development" | "dev" => Some(Environment::Dev),
        _ => None,
    }
}

async fn all(
    executor: &mut Executor<'_>,
    seeds: &[&'static Seed],
    sealer: &Sealer<'_>,
    report: &mut SeedReport,
) -> Result<(), Error> {
    for seed in seeds {
        let start = Instant::now();
        let changed = one(executor, seed, sealer).await.map_err(error_of)?;
        let (rows, duration) = (seed.rows.len(), start.elapsed());
        executor.observer.emit(&Event::Seeded { seed: seed.name, rows, changed, duration });
        report.done.push(Seeded { name: seed.name, rows, changed, duration });
        if let Some(signal) = executor.connection.interrupted() {
            return Err(Error::Interrupted { signal, applied: Vec::new() });
        }
    }
    Ok(())
}

/// Writes the rows of one seed; gives how many changed.
async fn one(
    executor: &mut Executor<'_>,
    seed: &'static Seed,
    sealer: &Sealer<'_>,
) -> Result<u64, Stop> {
    let work = Work::seed(seed.name);
    let found = look(executor, &work, seed).await?;
    let mut found = found.iter();
    let mut steps = Vec::with_capacity(seed.rows.len());
    for row in seed.rows {
        let sql = match row.encrypted {
            [] => row.sql.concat(),
            _ => sealer.statement(row, found.next().map_or(&[], Vec::as_slice))?,
        };
        steps.push(WorkStep::sql(row.description, sql));
    }
    let (reply, first) = executor.rows(&work, &steps).await?;
    Ok((first..first + steps.len()).map(|statement| reply.affected(statement)).sum())
}

/// What is stored now of the texts that are encrypted.
async fn look(
    executor: &mut Executor<'_>,
    work: &Work,
    seed: &Seed,
) -> Result<Vec<Vec<Option<String>>>, Stop> {
    let rows = seed.rows.iter().filter(|row| !row.encrypted.is_empty());
    let steps: Vec<_> = rows.map(|row| WorkStep::sql(row.description, row.look.into())).collect();
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    let (reply, first) = executor.rows(work, &steps).await?;
    let row = |statement: usize| reply.rows(statement).first().cloned().unwrap_or_default();
    Ok((first..first + steps.len()).map(row).collect())
}

fn error_of(stop: Stop) -> Error {
    match stop {
        Stop::Error(error) => error,
        // No statement of a seed claims a row of the ledger.
        Stop::Claimed => Error::ledger("the ledger was written meanwhile", "run it again"),
    }
}
