//! Applying what is pending.

use tracing::Instrument;

use super::events::Event;
use super::executor::{Executor, Outcome};
use super::migrator::Migrator;
use super::names::Names;
use super::plan::{self, Plan, Policy};
use super::report::{Done, Report};
use super::revert;
use super::state::{self, LEDGER_COMMENT, State};
use super::work::Work;
use super::{extensions, lock, session};
use crate::Error;
use crate::migration::{History, Migration};

/// How often the ledger is read again because somebody else, without the lock,
/// recorded a migration.
const MOST_READINGS: usize = 5;

/// What a run looks at to know what to do.
#[derive(Clone)]
pub(super) struct Goal {
    history: History,
    names: Names,
    policy: Policy,
    to: Option<i64>,
    environment: Option<String>,
}

pub(super) async fn run(migrator: &mut Migrator) -> Result<Report, Error> {
    let goal = Goal::of(migrator)?;
    let (connection, state) = session::open(migrator, "run").await?;
    let plan = goal.plan(&state)?;
    for row in &plan.unknown {
        migrator.observer.emit(&Event::Ahead { migration: &row.name });
    }
    if goal.is_reached(&state)? {
        return Ok(Report::default());
    }
    session::check_writable(migrator, &state)?;
    let Some((mut executor, state)) =
        session::lock(migrator, "run", connection, &state, |state| goal.is_reached(state)).await?
    else {
        return Ok(Report::default());
    };
    let mut report = Report::default();
    match work(&mut executor, &goal, state, &mut report).await {
        Ok(()) => lock::release(&mut executor.connection, executor.names).await.map(|()| report),
        Err(error) => Err(error.after(&report.names())),
    }
}

/// Finishes what was interrupted, then applies what is pending. The ledger is
/// read again where it turns out to have changed.
async fn work(
    executor: &mut Executor<'_>,
    goal: &Goal,
    state: State,
    report: &mut Report,
) -> Result<(), Error> {
    let unmarked = goal.environment.is_some() && !goal.is_marked(&state);
    let had_ledger = state.ledger.is_some();
    if unmarked && had_ledger {
        mark(executor, goal).await?;
    }
    apply_pending(executor, goal, state, report).await?;
    if unmarked && !had_ledger && !report.done.is_empty() {
        mark(executor, goal).await?;
    }
    Ok(())
}

async fn apply_pending(
    executor: &mut Executor<'_>,
    goal: &Goal,
    mut state: State,
    report: &mut Report,
) -> Result<(), Error> {
    for _ in 0..MOST_READINGS {
        let plan = goal.plan(&state)?;
        executor.record_squashed(&plan.squashed, &state).await?;
        finish_interrupted(executor, &goal.history, &plan, report).await?;
        let begun_up = plan.interrupted.as_ref().filter(|row| row.up).map(|row| row.version);
        let wanted = goal.wanted(&plan);
        let pending: Vec<_> =
            wanted.into_iter().filter(|migration| Some(migration.version) != begun_up).collect();
        if apply_all(executor, &pending, report).await? {
            return Ok(());
        }
        state = reread(executor).await?.seen_by(&goal.history);
    }
    Err(Error::ledger(
        "the ledger already holds a row that can not be seen",
        "row security may hide it: run the migrations as the owner of the ledger",
    ))
}

/// Applies in order; false where somebody else had recorded one.
async fn apply_all(
    executor: &mut Executor<'_>,
    pending: &[&'static Migration],
    report: &mut Report,
) -> Result<bool, Error> {
    for (number, migration) in pending.iter().enumerate() {
        let work = Work::up(migration);
        executor.observer.emit(&Event::Begin {
            migration: &work.name,
            up: true,
            number: number + 1,
            total: pending.len(),
        });
        if !perform(executor, &work, None, report).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One migration in one direction; false where somebody else recorded it.
pub(super) async fn perform(
    executor: &mut Executor<'_>,
    work: &Work,
    interrupted: Option<&state::ProgressRow>,
    report: &mut Report,
) -> Result<bool, Error> {
    let span = tracing::info_span!(target: "deepref_schema", "migration", name = work.name.as_str(), up = work.up);
    let Outcome::Done(duration) =
        executor.execute(work, interrupted).instrument(span.clone()).await?
    else {
        return Ok(false);
    };
    span.in_scope(|| tracing::info!(target: "deepref_schema", ?duration, "done"));
    executor.observer.emit(&Event::Done { migration: &work.name, up: work.up, duration });
    report.done.push(Done {
        version: work.version,
        name: work.name.clone(),
        up: work.up,
        duration,
    });
    match executor.connection.interrupted() {
        Some(signal) => Err(Error::Interrupted { signal, applied: Vec::new() }),
        None => Ok(true),
    }
}

/// What was begun is finished first, in its own direction.
pub(super) async fn finish_interrupted(
    executor: &mut Executor<'_>,
    history: &History,
    plan: &Plan,
    report: &mut Report,
) -> Result<(), Error> {
    let Some(row) = &plan.interrupted else { return Ok(()) };
    let work = match history.find(row.version) {
        Some(migration) if row.up => Work::up(migration),
        Some(migration) => Work::down(migration).ok_or_else(|| revert::irreversible(migration))?,
        None => {
            revert::stored(
                &mut executor.connection,
                &executor.names.progress(),
                "version",
                row.version,
                &row.name,
            )
            .await?
        }
    };
    let work = if row.up { work } else { extensions::keep(work, &row.found_extensions) };
    executor.observer.emit(&Event::Begin {
        migration: &work.name,
        up: work.up,
        number: 1,
        total: 1,
    });
    perform(executor, &work, Some(row), report).await?;
    Ok(())
}

async fn reread(executor: &mut Executor<'_>) -> Result<State, Error> {
    let look = lock::look(&mut executor.connection, executor.names).await?;
    // the lock is counted: looking again took it a second time
    lock::release(&mut executor.connection, executor.names).await?;
    Ok(look.state)
}

/// Writes the environment into the comment of the ledger.
async fn mark(executor: &mut Executor<'_>, goal: &Goal) -> Result<(), Error> {
    let comment = deepref_schema_core::ident::literal(&goal.comment());
    let statement = format!("COMMENT ON TABLE {} IS {comment}", executor.names.ledger());
    executor
        .connection
        .send(&statement)
        .await
        .map_err(|failed| failed.into_error("the environment could not be marked"))?;
    Ok(())
}

impl Goal {
    fn of(migrator: &Migrator) -> Result<Goal, Error> {
        let to = migrator.options.to;
        if let Some(version) = to.filter(|version| migrator.history.find(*version).is_none()) {
            return Err(Error::Usage {
                problem: format!("there is no migration {version}"),
                help: "`cargo migrate show` lists them".into(),
            });
        }
        Ok(Goal {
            history: migrator.history,
            names: migrator.names.clone(),
            policy: migrator.options.policy,
            to,
            environment: migrator.options.environment.clone(),
        })
    }

    fn plan(&self, state: &State) -> Result<Plan, Error> {
        plan::compare(&self.history, state, &self.names, self.policy)
    }

    /// The pending migrations up to the wanted version.
    fn wanted(&self, plan: &Plan) -> Vec<&'static Migration> {
        let within =
            |migration: &&'static Migration| self.to.is_none_or(|to| migration.version <= to);
        plan.pending.iter().copied().filter(within).collect()
    }

    fn is_reached(&self, state: &State) -> Result<bool, Error> {
        let plan = self.plan(state)?;
        Ok(self.wanted(&plan).is_empty()
            && plan.interrupted.is_none()
            && plan.squashed.is_empty()
            && (self.environment.is_none() || self.is_marked(state)))
    }

    fn comment(&self) -> String {
        format!("{LEDGER_COMMENT}; environment={}", self.environment.as_deref().unwrap_or_default())
    }

    fn is_marked(&self, state: &State) -> bool {
        state.ledger.as_ref().is_some_and(|table| table.comment == self.comment())
    }
}
