//! Writing the rows of a seed.

use super::super::connection::{Failed, Failure, Reply};
use super::super::retry;
use super::super::script::{Role, Script};
use super::super::work::{Work, WorkStep};
use super::transaction::located;
use super::{Executor, Stop, lost};

impl Executor<'_> {
    /// One transaction that no record goes with: done again, it does the same.
    /// Gives the reply, and the number of the first step in it.
    pub(in crate::runner) async fn rows(
        &mut self,
        work: &Work,
        steps: &[WorkStep],
    ) -> Result<(Reply, usize), Stop> {
        self.log(steps);
        for attempt in 1.. {
            let mut script = Script::default();
            self.open(&work.limits, &mut script);
            let first = script.last() + 1;
            for (number, step) in steps.iter().enumerate() {
                script.push(Role::Step(number), &step.sql);
            }
            script.push(Role::Fence, &self.closing_fence());
            script.push(Role::Commit, "COMMIT");
            let failed = match self.connection.send(script.message().text()).await {
                Ok(reply) => {
                    self.report_notices();
                    self.prepare.clear();
                    return Ok((reply, first));
                }
                Err(Failed { failure: Failure::Lost(problem), .. }) => {
                    return Err(Stop::Error(lost(work, problem)));
                }
                Err(failed) => failed,
            };
            let failed = located(failed, script.message());
            let (error, (role, offset)) = self.after_failure(work, failed).await?;
            let statement = match role {
                Role::Step(number) => steps.get(number).map_or("", |step| &step.sql),
                _ => "",
            };
            let blockers = self.blockers_of(&error, statement).await;
            if !retry::is_worth_it(&error) || attempt >= self.options.attempts {
                let failure = self.failure(error, role, offset, steps, blockers, attempt);
                return Err(Stop::Error(self.migration_error(work, None, failure)));
            }
            self.pause(work, &error, attempt, &blockers).await?;
        }
        unreachable!("the loop ends by its returns")
    }
}
