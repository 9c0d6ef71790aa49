//! A statement outside of a transaction: probe, act, verify, record.

mod effect;
mod index;
mod partition;
mod watch;

use tracing::Instrument;

use super::connection::{Failed, Failure, ServerError};
use super::executor::{After, Executor, Stop, lost, of_statement};
use super::ledger;
use super::retry;
use super::script::Role;
use super::state::ProgressRow;
use super::work::Work;
use crate::Error;
use effect::Effect;
use partition::Attachment;

impl Executor<'_> {
    /// Runs the one statement of a segment outside of a transaction.
    pub(super) async fn execute_outside(
        &mut self,
        work: &Work,
        number: usize,
        interrupted: Option<&ProgressRow>,
    ) -> Result<(), Stop> {
        let steps = &work.segments[number].steps;
        let Some(step) = steps.first() else { return self.record(work, number).await };
        let effect = Effect::of(&step.sql);
        if interrupted.is_some_and(|row| row.running) && effect == Effect::Unknown {
            return Err(Stop::Error(Error::NeedsResolve {
                migration: work.name.clone(),
                step: number,
                sql: step.sql.clone(),
            }));
        }
        let resumed = interrupted.is_some_and(|row| row.running);
        if !resumed {
            self.mark_running(work, number).await?;
        }
        if self.probe(work, &effect, resumed).await? {
            return self.record(work, number).await;
        }
        self.log(steps);
        self.act(work, number, &effect, &step.sql).instrument(of_statement(step)).await?;
        self.report_notices();
        self.record(work, number).await
    }

    /// Sends the statement until it succeeds, as often as is allowed.
    async fn act(
        &mut self,
        work: &Work,
        number: usize,
        effect: &Effect,
        sql: &str,
    ) -> Result<(), Stop> {
        for attempt in 1.. {
            let sent = match effect {
                Effect::Detach(detach) => self.detach(work, detach, sql).await?,
                _ => self.send_watched(work, sql).await,
            };
            let Err(failed) = sent else { break };
            let error = self.after_outside_failure(work, effect, failed).await?;
            let blockers = self.blockers_of(&error, sql).await;
            if !retry::is_worth_it(&error)
                || attempt >= work.limits.attempts.unwrap_or(self.options.attempts)
            {
                self.mark_failed(work, number, effect).await?;
                let (offset, steps) = (error.offset(), &work.segments[number].steps);
                let failure = self.failure(error, Role::Step(0), offset, steps, blockers, attempt);
                return Err(Stop::Error(self.migration_error(work, Some(number), failure)));
            }
            self.pause(work, &error, attempt, &blockers).await?;
        }
        Ok(())
    }

    /// Nothing of the statement is left, so that the next run begins it anew;
    /// but what is half done stays begun.
    async fn mark_failed(
        &mut self,
        work: &Work,
        number: usize,
        effect: &Effect,
    ) -> Result<(), Stop> {
        if let Effect::Detach(detach) = effect
            && self.attachment(work, detach).await? == Attachment::Pending
        {
            return Ok(());
        }
        self.transaction(work, &[], Some(number), &After::ready(number), |executor, script| {
            script.push(Role::Own, &ledger::set_progress(work, executor.names, number, "ready"));
        })
        .await?;
        Ok(())
    }

    async fn mark_running(&mut self, work: &Work, number: usize) -> Result<(), Stop> {
        let running = After::At { step: number, running: true, cursor: None };
        self.transaction(work, &[], Some(number), &running, |executor, script| {
            script.push(Role::Own, &ledger::set_progress(work, executor.names, number, "running"));
        })
        .await?;
        Ok(())
    }

    /// Whether the effect is there already. An index that a failed build left
    /// behind is dropped; a valid one of that name has to be the same.
    async fn probe(&mut self, work: &Work, effect: &Effect, resumed: bool) -> Result<bool, Stop> {
        match effect {
            Effect::Unknown | Effect::Repeatable => Ok(false),
            Effect::Reindex(of) => {
                self.drop_copies(work, of).await?;
                Ok(false)
            }
            Effect::Detach(detach) => {
                Ok(resumed && self.attachment(work, detach).await? == Attachment::None)
            }
            Effect::DropIndex { index } => {
                Ok(resumed && self.find_index(work, index).await?.is_none())
            }
            Effect::CreateIndex(new) => {
                let Some(found) = self.find_new_index(work, new).await? else {
                    return Ok(false);
                };
                if !found.valid {
                    self.drop_invalid(work, &found.name).await?;
                    return Ok(false);
                }
                if self.is_the_same(work, new, &found, resumed).await? {
                    return Ok(true);
                }
                Err(Stop::Error(Error::ledger(
                    format!(
                        "`{}` is to make the index {}, but another one of that name exists",
                        work.name, found.name
                    ),
                    "drop or rename the other index, then run again",
                )))
            }
        }
    }

    /// Sorts out a failure, and removes what a failed build left behind.
    async fn after_outside_failure(
        &mut self,
        work: &Work,
        effect: &Effect,
        failed: Failed,
    ) -> Result<ServerError, Stop> {
        let error = match failed.failure {
            Failure::Server(error) => *error,
            Failure::Interrupted(signal) => {
                return Err(Stop::Error(Error::Interrupted { signal, applied: Vec::new() }));
            }
            Failure::Lost(problem) | Failure::Ended(problem) => {
                return Err(Stop::Error(lost(work, problem)));
            }
        };
        match effect {
            Effect::CreateIndex(new) => {
                if let Some(found) =
                    self.find_new_index(work, new).await?.filter(|found| !found.valid)
                {
                    self.drop_invalid(work, &found.name).await?;
                }
            }
            Effect::Reindex(of) => self.drop_copies(work, of).await?,
            Effect::DropIndex { .. } | Effect::Detach(_) | Effect::Repeatable | Effect::Unknown => {
            }
        }
        Ok(error)
    }
}
