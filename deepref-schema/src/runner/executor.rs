//! Doing the work: one migration in one direction, segment by segment.

mod fence;
mod rows;
mod settle;
mod spans;
mod squashed;
mod transaction;

use std::time::{Duration, Instant};

use tracing::Instrument;

use super::connection::Connection;
use super::migrator::Migrator;
use super::names::Names;
use super::script::{Role, Script};
use super::state::{ProgressRow, State};
use super::work::{Work, WorkStep};
use super::{Event, Observer, Options, extensions, ledger};
use crate::config::Config;
use crate::error::Error;
use crate::migration::SegmentKind;
pub(super) use settle::After;
pub(super) use spans::of_statement;
use spans::push_steps;
pub(super) use transaction::lost;

/// The connection that holds the lock, and what it takes to use it.
pub(super) struct Executor<'a> {
    pub(super) connection: Connection,
    pub(super) names: &'a Names,
    pub(super) options: &'a Options,
    pub(super) observer: &'a mut Observer,
    pub(super) config: &'a Config,
    /// The process of the server that works for the connection.
    pub(super) backend: i32,
    command: &'static str,
    losses: u32,
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
        command: &'static str,
        migrator: &'a mut Migrator,
        state: &State,
    ) -> Self {
        let Migrator { config, names, options, observer, .. } = migrator;
        let prepare = ledger::prepare(state, names);
        Executor {
            connection,
            names,
            options,
            observer,
            config,
            command,
            losses: 0,
            backend: state.backend,
            prepare,
            has_progress: state.progress_exists(),
        }
    }

    /// Applies or reverts one migration; goes on where it was interrupted.
    pub(super) async fn execute(
        &mut self,
        work: &Work,
        interrupted: Option<&ProgressRow>,
    ) -> Result<Outcome, Error> {
        let start = Instant::now();
        let shared = self.names.is_tenant.then(|| extensions::share(work.clone()));
        let work = shared.as_ref().unwrap_or(work);
        let result = if work.is_single() {
            self.execute_single(work).instrument(spans::of_segment(1, 1)).await
        } else {
            self.execute_segments(work, interrupted).await
        };
        match result {
            Ok(()) => Ok(Outcome::Done(start.elapsed())),
            Err(Stop::Claimed) => Ok(Outcome::Claimed),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    /// The common case: everything in one transaction, in one message where no
    /// function is called.
    async fn execute_single(&mut self, work: &Work) -> Result<(), Stop> {
        let steps = work.segments.first().map_or(&[][..], |segment| &segment.steps);
        let build = |executor: &Self, script: &mut Script| {
            if work.up {
                let found = extensions::found(work);
                script.push(Role::Claim, &ledger::insert(work, executor.names, &found));
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
        self.transaction(work, steps, None, &After::End, build).await?;
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
            let span = spans::of_segment(number + 1, work.segments.len());
            self.execute_segment(work, number, resumed).instrument(span).await?;
        }
        if first >= work.segments.len() {
            // every segment was done, only the last record is missing
            self.record(work, first.saturating_sub(1)).await?;
        }
        Ok(())
    }

    async fn execute_segment(
        &mut self,
        work: &Work,
        number: usize,
        resumed: Option<&ProgressRow>,
    ) -> Result<(), Stop> {
        match work.segments[number].kind {
            SegmentKind::Transaction => self.execute_transaction(work, number).await,
            SegmentKind::Outside => self.execute_outside(work, number, resumed).await,
            SegmentKind::Batches(batches) => {
                self.execute_batches(work, number, batches, resumed).await
            }
        }
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
        self.transaction(work, &[], Some(0), &After::ready(0), build).await?;
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
        self.transaction(work, steps, Some(number), &after_segment(work, number), build).await?;
        Ok(())
    }

    /// Records that a segment is done, in a transaction of its own.
    pub(super) async fn record(&mut self, work: &Work, number: usize) -> Result<(), Stop> {
        self.transaction(
            work,
            &[],
            Some(number),
            &after_segment(work, number),
            |executor, script| executor.push_record(script, work, number),
        )
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
            let found = ledger::progress_extensions(work, self.names);
            script.push(Role::Claim, &ledger::insert(work, self.names, &found));
            let start = ledger::progress_start(work, self.names);
            script.push(Role::Own, &ledger::set_duration(work, self.names, &start));
        }
        script.push(Role::Own, &ledger::end_progress(work, self.names));
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

/// Where the record of a segment leaves the migration.
fn after_segment(work: &Work, number: usize) -> After {
    if number + 1 < work.segments.len() { After::ready(number + 1) } else { After::End }
}
