//! Doing the work: one migration in one direction, segment by segment.

use std::time::{Duration, Instant};

use super::connection::{Connection, Failed, Failure, Reply, ServerError};
use super::names::Names;
use super::script::{Role, Script, line_and_column};
use super::state::{ProgressRow, State};
use super::work::{Work, WorkStep};
use super::{Event, Observer, Options, advice, ledger, lock, retry};
use crate::error::{Error, StatementFailure};
use crate::migration::SegmentKind;

/// An orphaned transaction may not keep its locks for longer.
const IDLE_IN_TRANSACTION: &str = "60s";

/// The connection that holds the lock, and what it takes to use it.
pub(super) struct Executor<'a> {
    pub(super) connection: Connection,
    pub(super) names: &'a Names,
    pub(super) options: &'a Options,
    pub(super) observer: &'a mut Observer,
    /// What makes or completes the ledger; part of the first transaction.
    prepare: Vec<String>,
    has_progress: bool,
}

/// How a migration ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was applied or reverted, in this time.
    Done(Duration),
    /// Somebody else had recorded it: read the ledger again.
    Claimed,
}

/// How a message ended that was not simply done.
pub(super) enum Stop {
    /// The row of the ledger was there already.
    Claimed,
    /// Anything else.
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

impl<'a> Executor<'a> {
    pub(super) fn new(
        connection: Connection,
        names: &'a Names,
        options: &'a Options,
        observer: &'a mut Observer,
        state: &State,
    ) -> Self {
        let prepare = ledger::prepare(state, names);
        Executor {
            connection,
            names,
            options,
            observer,
            prepare,
            has_progress: state.progress_exists,
        }
    }

    /// Applies or reverts one migration; goes on where it was interrupted.
    pub(super) async fn execute(
        &mut self,
        work: &Work,
        interrupted: Option<&ProgressRow>,
    ) -> Result<Outcome, Error> {
        let start = Instant::now();
        let result = if work.is_single() {
            self.execute_single(work).await
        } else {
            self.execute_segments(work, interrupted).await
        };
        match result {
            Ok(()) => Ok(Outcome::Done(start.elapsed())),
            Err(Stop::Claimed) => Ok(Outcome::Claimed),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    /// The common case: everything in one transaction, in one message.
    async fn execute_single(&mut self, work: &Work) -> Result<(), Stop> {
        let steps = work.segments.first().map_or(&[][..], |segment| &segment.steps);
        let build = |executor: &Self, script: &mut Script| {
            if work.up {
                script.push(Role::Claim, &ledger::insert(work, executor.names));
            } else {
                script.push(Role::Own, &ledger::delete(work, executor.names));
            }
            push_steps(script, steps);
            if work.up {
                script.push(
                    Role::Own,
                    &ledger::set_duration(
                        work,
                        executor.names,
                        "pg_catalog.transaction_timestamp()",
                    ),
                );
            }
        };
        self.log(steps);
        self.transaction(work, steps, None, build).await?;
        Ok(())
    }

    /// Several segments, each recorded, so that a crash loses none.
    async fn execute_segments(
        &mut self,
        work: &Work,
        interrupted: Option<&ProgressRow>,
    ) -> Result<(), Stop> {
        if interrupted.is_none() {
            self.begin_segments(work).await?;
        }
        let first = interrupted.map_or(0, |row| row.step);
        for number in first..work.segments.len() {
            let resumed = interrupted.filter(|row| row.step == number);
            self.observer.emit(&Event::Segment {
                migration: &work.name,
                number: number + 1,
                total: work.segments.len(),
            });
            match work.segments[number].kind {
                SegmentKind::Transaction => self.execute_transaction(work, number).await?,
                SegmentKind::Outside => self.execute_outside(work, number, resumed).await?,
                SegmentKind::Batches(batches) => {
                    self.execute_batches(work, number, batches, resumed).await?
                }
            }
        }
        if first >= work.segments.len() {
            // every segment was done, only the last record is missing
            self.record(work, first.saturating_sub(1)).await?;
        }
        Ok(())
    }

    async fn begin_segments(&mut self, work: &Work) -> Result<(), Stop> {
        let has_progress = self.has_progress;
        let build = |executor: &Self, script: &mut Script| {
            if !has_progress {
                script.push(Role::Own, &ledger::prepare_progress(executor.names));
            }
            script.push(Role::Claim, &ledger::begin_progress(work, executor.names));
            if !work.up {
                script.push(Role::Own, &ledger::delete(work, executor.names));
            }
        };
        self.transaction(work, &[], Some(0), build).await?;
        self.has_progress = true;
        Ok(())
    }

    async fn execute_transaction(&mut self, work: &Work, number: usize) -> Result<(), Stop> {
        let steps = &work.segments[number].steps;
        let build = |executor: &Self, script: &mut Script| {
            push_steps(script, steps);
            executor.push_record(script, work, number);
        };
        self.log(steps);
        self.transaction(work, steps, Some(number), build).await?;
        Ok(())
    }

    /// Records that a segment is done, in a transaction of its own.
    pub(super) async fn record(&mut self, work: &Work, number: usize) -> Result<(), Stop> {
        self.transaction(work, &[], Some(number), |executor, script| {
            executor.push_record(script, work, number)
        })
        .await?;
        Ok(())
    }

    /// The record of a segment; the row of the ledger comes with the last.
    fn push_record(&self, script: &mut Script, work: &Work, number: usize) {
        if number + 1 < work.segments.len() {
            script.push(Role::Own, &ledger::set_progress(work, self.names, number + 1, "ready"));
            return;
        }
        if work.up {
            script.push(Role::Claim, &ledger::insert(work, self.names));
            let start = ledger::progress_start(work, self.names);
            script.push(Role::Own, &ledger::set_duration(work, self.names, &start));
        }
        script.push(Role::Own, &ledger::end_progress(work, self.names));
    }

    /// One transaction in one message, repeated while it only lacks a lock.
    /// The number says which segment it is, where there are several.
    pub(super) async fn transaction(
        &mut self,
        work: &Work,
        steps: &[WorkStep],
        number: Option<usize>,
        build: impl Fn(&Self, &mut Script),
    ) -> Result<(Reply, Script), Stop> {
        for attempt in 1.. {
            let mut script = Script::default();
            self.open(&mut script);
            build(self, &mut script);
            script.push(Role::Fence, &self.closing_fence());
            script.push(Role::Commit, "COMMIT");
            let failed = match self.connection.send(script.text()).await {
                Ok(reply) => {
                    self.report_notices();
                    self.prepare.clear();
                    return Ok((reply, script));
                }
                Err(failed) => failed,
            };
            let error = self.after_failure(work, failed, &script).await?;
            let (role, offset) = error.1;
            let blockers = self.blockers_of(&error.0, statement_of(role, steps)).await;
            if !retry::is_worth_it(&error.0) || attempt >= self.options.attempts {
                let failure = self.failure(error.0, role, offset, steps, blockers, attempt);
                return Err(Stop::Error(self.migration_error(work, number, failure)));
            }
            self.pause(work, &error.0, attempt, &blockers).await?;
        }
        unreachable!("the loop ends by its returns")
    }

    /// Rolls back, and sorts out what is no refusal of a statement.
    async fn after_failure(
        &mut self,
        work: &Work,
        failed: Failed,
        script: &Script,
    ) -> Result<(ServerError, (Role, Option<usize>)), Stop> {
        let place = script.locate(&failed);
        self.report_notices();
        let error = match failed.failure {
            Failure::Server(error) => *error,
            Failure::Interrupted(signal) => {
                self.rollback(work).await?;
                return Err(Stop::Error(Error::Interrupted { signal, applied: Vec::new() }));
            }
            Failure::Lost(problem) => return Err(Stop::Error(lost(work, problem))),
        };
        self.rollback(work).await?;
        match place.0 {
            Role::Fence => Err(Stop::Error(lock::lost(work.name.clone()))),
            Role::Claim if error.sqlstate == "23505" => Err(Stop::Claimed),
            _ => Ok((error, place)),
        }
    }

    /// Ends whatever transaction is open. There may be none, which the server
    /// only warns about.
    async fn rollback(&mut self, work: &Work) -> Result<(), Error> {
        let outcome = self.connection.send("ROLLBACK").await;
        self.connection.take_notices();
        match outcome.map_err(|failed| failed.failure) {
            Ok(_) | Err(Failure::Interrupted(_)) => Ok(()),
            Err(Failure::Lost(problem)) => Err(lost(work, problem)),
            Err(Failure::Server(error)) => Err(lost(work, error.message)),
        }
    }

    pub(super) async fn pause(
        &mut self,
        work: &Work,
        error: &ServerError,
        attempt: u32,
        blockers: &[String],
    ) -> Result<(), Error> {
        let pause = retry::pause(attempt);
        self.observer.emit(&Event::Retry {
            migration: &work.name,
            reason: &error.message,
            attempt,
            pause,
            blockers,
        });
        self.connection
            .sleep(pause)
            .await
            .map_err(|failure| Failed { completed: 0, failure }.into_error("the pause ended"))
    }

    pub(super) async fn blockers_of(
        &mut self,
        error: &ServerError,
        statement: &str,
    ) -> Vec<String> {
        if error.sqlstate == "55P03" {
            retry::blockers(&mut self.connection, statement).await
        } else {
            Vec::new()
        }
    }

    /// The beginning of every transaction: isolation, what earlier raw SQL may
    /// have left behind, limits, the fence, and the ledger where it is not
    /// there yet.
    fn open(&self, script: &mut Script) {
        let lock_timeout = self.options.lock_timeout.as_millis();
        let statement_timeout =
            self.options.statement_timeout.map_or(0, |timeout| timeout.as_millis());
        for statement in [
            "BEGIN ISOLATION LEVEL READ COMMITTED",
            "RESET SESSION AUTHORIZATION",
            "RESET ALL",
            "UNLISTEN *",
            "DEALLOCATE ALL",
            "DISCARD TEMP",
            // an orphan ends soon; only Linux and a few others can look
            "SELECT CASE WHEN pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '2s', false) END",
            "SET LOCAL search_path = public, pg_temp",
            &format!("SET LOCAL lock_timeout = {lock_timeout}"),
            &format!("SET LOCAL statement_timeout = {statement_timeout}"),
            &format!("SET LOCAL idle_in_transaction_session_timeout = '{IDLE_IN_TRANSACTION}'"),
        ] {
            script.push(Role::Own, statement);
        }
        script.push(Role::Fence, &self.opening_fence());
        for statement in &self.prepare {
            script.push(Role::Own, statement);
        }
    }

    /// Raises unless this backend holds the lock, and remembers the
    /// transaction.
    fn opening_fence(&self) -> String {
        format!(
            "SELECT CASE WHEN {} THEN pg_catalog.set_config('deepref_schema.transaction', pg_catalog.pg_current_xact_id()::text, true) ELSE {RAISE}::text END",
            self.holds_lock()
        )
    }

    /// Raises unless this is still the same transaction under the same lock:
    /// raw SQL could have ended either.
    fn closing_fence(&self) -> String {
        format!(
            "SELECT CASE WHEN {} AND pg_catalog.current_setting('deepref_schema.transaction', true) = pg_catalog.pg_current_xact_id()::text THEN 0 ELSE {RAISE} END",
            self.holds_lock()
        )
    }

    fn holds_lock(&self) -> String {
        format!(
            "EXISTS (SELECT FROM pg_catalog.pg_locks WHERE {} AND pid = pg_catalog.pg_backend_pid())",
            self.names.lock_condition()
        )
    }

    /// Names the statement, its place and what to do.
    pub(super) fn failure(
        &self,
        error: ServerError,
        role: Role,
        offset: Option<usize>,
        steps: &[WorkStep],
        blockers: Vec<String>,
        attempts: u32,
    ) -> StatementFailure {
        let sql = statement_of(role, steps).to_string();
        let place = offset.map(|offset| line_and_column(&sql, offset)).filter(|_| !sql.is_empty());
        StatementFailure {
            description: description_of(role, steps),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            sql,
            advice: advice::of(&error),
            sqlstate: error.sqlstate,
            message: error.message,
            detail: error.detail.filter(|_| self.options.logging),
            hint: error.hint,
            blockers,
            attempts,
        }
    }

    pub(super) fn migration_error(
        &self,
        work: &Work,
        number: Option<usize>,
        failure: StatementFailure,
    ) -> Error {
        let segment = number.map(|number| (number + 1, work.segments.len()));
        Error::Migration {
            migration: work.name.clone(),
            segment,
            failure: Box::new(failure),
            applied: Vec::new(),
        }
    }

    pub(super) fn log(&mut self, steps: &[WorkStep]) {
        for step in steps {
            tracing::debug!(target: "deepref_schema::sql", description = step.description.as_str(), sql = step.sql.as_str());
            if self.options.logging {
                self.observer
                    .emit(&Event::Statement { description: &step.description, sql: &step.sql });
            }
        }
    }

    pub(super) fn report_notices(&mut self) {
        for notice in self.connection.take_notices() {
            self.observer.emit(&Event::Notice { text: &notice });
        }
    }
}

/// An expression that raises when it is reached, and not when it is planned.
const RAISE: &str = "('deepref-schema: the fence found no lock or another transaction, backend ' || pg_catalog.pg_backend_pid()::text)::integer";

fn push_steps(script: &mut Script, steps: &[WorkStep]) {
    for (number, step) in steps.iter().enumerate() {
        script.push(Role::Step(number), &step.sql);
    }
}

fn statement_of(role: Role, steps: &[WorkStep]) -> &str {
    match role {
        Role::Step(number) => steps.get(number).map_or("", |step| &step.sql),
        _ => "",
    }
}

fn description_of(role: Role, steps: &[WorkStep]) -> String {
    match role {
        Role::Step(number) if steps.len() > 1 => {
            format!("{} (statement {} of {})", steps[number].description, number + 1, steps.len())
        }
        Role::Step(number) => {
            steps.get(number).map_or_else(String::new, |step| step.description.clone())
        }
        Role::Commit => "commit".into(),
        Role::Claim => "recording the migration".into(),
        Role::Own | Role::Fence => "preparing the transaction and the ledger".into(),
    }
}

pub(super) fn lost(work: &Work, problem: String) -> Error {
    Error::ConnectionLost { migration: Some(work.name.clone()), problem, applied: Vec::new() }
}
