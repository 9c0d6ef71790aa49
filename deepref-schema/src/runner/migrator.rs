//! The public door: the commands as functions.

use std::future::Future;

use super::doctor::{self, Finding};
use super::drop_schema::{self, DropPlan};
use super::events::Observer;
#[cfg(feature = "cli")]
use super::mark;
use super::names::Names;
use super::options::Options;
use super::report::Report;
use super::resolve::{self, Resolution};
use super::revert::{self, RevertPlan};
use super::stats::{self, Stats};
use super::status::{self, Entry, EntryState, Status};
use super::{run, schemas, session};
use crate::inspect::{Catalog, Reader};
use crate::verify::{self, Drift};
use crate::{Config, Error, History};

/// What an applied migration that the program does not know means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ahead {
    /// An error: nothing runs.
    #[default]
    Error,
    /// A warning: an older program may start on a newer database.
    Warn,
}

/// How far to revert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The last so many migrations.
    Steps(usize),
    /// Everything above this version; 0 for everything.
    Version(i64),
}

/// Runs the migrations of one history on one database.
///
/// Every method works on a thread of its own with a connection of its own,
/// and may be called inside an async runtime; it returns when the work is
/// done, so inside of one `spawn_blocking` is the place for long migrations.
pub struct Migrator {
    pub(super) history: History,
    pub(super) config: Config,
    pub(super) names: Names,
    pub(super) options: Options,
    pub(super) observer: Observer,
}

impl History {
    /// What runs this history on the database of the configuration.
    pub fn migrator(&self, config: Config) -> Migrator {
        let options = Options::of(&config);
        Migrator {
            history: *self,
            names: Names::of(self.ledger),
            config,
            options,
            observer: Observer::silent(),
        }
    }
}

impl Migrator {
    /// Applies what is pending. Nothing pending costs one round trip, no lock
    /// and no write.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`]; those of a failed run say what was applied
    /// before.
    pub fn run(&mut self) -> Result<Report, Error> {
        let report = on_own_thread(|| run::run(self))?;
        if let Some(scratch) = self.options.verifying.clone() {
            self.verify(scratch.as_ref())?.into_error()?;
        }
        Ok(report)
    }

    /// [`run`](Self::run), where `DATABASE_MIGRATIONS_RUN` is `true`.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn run_on_startup(&mut self) -> Result<Report, Error> {
        if !self.config.migrations_run() {
            tracing::info!(target: "deepref_schema", "migrations are not run: DATABASE_MIGRATIONS_RUN is not `true`");
            return Ok(Report { skipped: true, ..Report::default() });
        }
        self.run()
    }

    /// What is applied and what is pending; reads only.
    ///
    /// # Errors
    ///
    /// Where the database can not be read. A disagreement between ledger and
    /// program is no error here, but [`Status::problem`].
    pub fn status(&mut self) -> Result<Status, Error> {
        on_own_thread(|| status::status(self))
    }

    /// The schemas of the database whose names match a pattern, in which `*`
    /// stands for any text; in alphabetical order.
    ///
    /// # Errors
    ///
    /// Where the database can not be read.
    pub fn schemas(&mut self, pattern: &str) -> Result<Vec<String>, Error> {
        on_own_thread(|| schemas::schemas(self, pattern))
    }

    /// Sizes, times, and indexes that nothing uses; reads only.
    ///
    /// # Errors
    ///
    /// Where the database can not be read.
    pub fn stats(&mut self) -> Result<Stats, Error> {
        on_own_thread(|| stats::stats(self))
    }

    /// What would stop a run, or slow it down; reads only.
    ///
    /// # Errors
    ///
    /// Where the database can not be read. What is found is no error.
    pub fn doctor(&mut self) -> Result<Vec<Finding>, Error> {
        on_own_thread(|| doctor::doctor(self))
    }

    /// What a revert would do; reads only.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where something is irreversible, [`Error::Ledger`]
    /// where ledger and program disagree.
    pub fn plan_revert(&mut self, target: Target) -> Result<RevertPlan, Error> {
        on_own_thread(|| revert::plan(self, target))
    }

    /// Reverts what was planned, if that is still what is applied last.
    ///
    /// # Errors
    ///
    /// [`Error::DataLoss`] unless the plan deletes nothing or was accepted,
    /// and as [`run`](Self::run).
    pub fn revert(&mut self, plan: &RevertPlan) -> Result<Report, Error> {
        on_own_thread(|| revert::revert(self, plan))
    }

    /// Reverts what was planned and applies the same again.
    ///
    /// # Errors
    ///
    /// As [`revert`](Self::revert) and [`run`](Self::run).
    pub fn redo(&mut self, plan: &RevertPlan) -> Result<Report, Error> {
        let mut report = self.revert(plan)?;
        let before = self.options.to;
        self.options.to = plan.items().first().map(|item| item.version);
        let again = self.run();
        self.options.to = before;
        report.done.extend(again?.done);
        Ok(report)
    }

    /// Records what a person found out about the statement that
    /// [`Error::NeedsResolve`] named; the next run goes on from there. Gives
    /// the name of the migration.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where no statement waits for a decision.
    pub fn resolve(&mut self, resolution: Resolution) -> Result<String, Error> {
        on_own_thread(|| resolve::resolve(self, resolution))
    }

    /// What dropping the schema would drop; reads only.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where the database is marked as production.
    pub fn plan_drop_schema(&mut self) -> Result<DropPlan, Error> {
        on_own_thread(|| drop_schema::plan(self))
    }

    /// Drops everything that the applied migrations made, and the ledger, in
    /// one transaction. The caller names the database, to be sure which one
    /// it is.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where the name is another one, the database is
    /// marked as production, or something else depends on an object.
    pub fn drop_schema(&mut self, database: &str) -> Result<DropPlan, Error> {
        on_own_thread(|| drop_schema::drop_schema(self, database))
    }

    /// What the database holds, read in one round trip.
    ///
    /// # Errors
    ///
    /// Where the database can not be read.
    pub fn inspect(&mut self) -> Result<Catalog, Error> {
        let (config, ledger, signals) = (&self.config, self.history.ledger, self.options.signals);
        on_own_thread(|| async move {
            Reader::open(config, "inspect", ledger, signals).await?.read().await
        })
    }

    /// Compares the database with what its applied migrations make. They are
    /// replayed in a scratch database: on the server that is named, which must
    /// have the same major version, or beside the database itself, where the
    /// user may create one.
    ///
    /// # Errors
    ///
    /// Where a database can not be read or created, or a migration fails. A
    /// difference is no error here, but in [`Drift::differences`].
    pub fn verify(&mut self, scratch: Option<&Config>) -> Result<Drift, Error> {
        let status = self.status()?;
        if let Some(problem) = status.problem {
            return Err(problem);
        }
        let is_applied =
            |entry: &&Entry| matches!(entry.state, EntryState::Applied { known: true, .. });
        let applied: Vec<_> = status.entries.iter().filter(is_applied).collect();
        let applied: Vec<_> =
            applied.iter().filter_map(|entry| self.history.find(entry.version)).collect();
        let (config, ledger, signals) = (&self.config, self.history.ledger, self.options.signals);
        let found = on_own_thread(|| async move {
            Reader::open(config, "verify", ledger, signals).await?.read_whole().await
        })?;
        let asking = verify::Asking {
            server: scratch.unwrap_or(&self.config),
            ledger: self.history.ledger,
            signals: self.options.signals,
        };
        on_own_thread(|| verify::drift(asking, &applied, found, status.server_version))
    }

    /// Records migrations as applied, of which it was proved that the database
    /// is what they make.
    #[cfg(feature = "cli")]
    pub(crate) fn mark(&mut self, marks: &[mark::Mark]) -> Result<(), Error> {
        on_own_thread(|| mark::mark(self, marks))
    }

    /// Where the database is, for people.
    pub fn place(&self) -> String {
        self.config.place()
    }
}

/// Runs a future on a runtime on a thread of its own: blocking on a runtime
/// inside another one panics.
pub(crate) fn on_own_thread<F, T>(work: impl FnOnce() -> F + Send) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
    T: Send,
{
    let body = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(session::no_runtime)?.block_on(work())
    };
    std::thread::scope(|scope| match scope.spawn(body).join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
