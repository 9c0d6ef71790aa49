//! One transaction in one message: sent, tried again, settled when its answer
//! is lost.

use super::super::connection::{Failed, Failure, Reply, ServerError};
use super::super::script::{Role, Script, line_and_column};
use super::super::work::{Work, WorkStep};
use super::super::{Event, advice, lock, retry};
use super::{After, Executor, Stop};
use crate::error::{Error, StatementFailure};

impl Executor<'_> {
    /// One transaction in one message, repeated while it only lacks a lock.
    /// The number says which segment it is, where there are several. Gives
    /// nothing where the answer was lost and the ledger says that it is done.
    pub(in crate::runner) async fn transaction(
        &mut self,
        work: &Work,
        steps: &[WorkStep],
        number: Option<usize>,
        after: &After,
        build: impl Fn(&Self, &mut Script),
    ) -> Result<Option<(Reply, Script)>, Stop> {
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
                    return Ok(Some((reply, script)));
                }
                Err(Failed { failure: Failure::Lost(problem), .. }) => {
                    self.settle(work, after, problem).await?;
                    self.prepare.clear();
                    return Ok(None);
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
    pub(super) async fn after_failure(
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
            Failure::Lost(problem) | Failure::Ended(problem) => {
                return Err(Stop::Error(lost(work, problem)));
            }
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
            Err(Failure::Lost(problem) | Failure::Ended(problem)) => Err(lost(work, problem)),
            Err(Failure::Server(error)) => Err(lost(work, error.message)),
        }
    }

    pub(in crate::runner) async fn pause(
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

    pub(in crate::runner) async fn blockers_of(
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

    /// Names the statement, its place and what to do.
    pub(in crate::runner) fn failure(
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
            advice: advice::of(&error.sqlstate).map(str::to_string),
            sqlstate: error.sqlstate,
            message: error.message,
            detail: error.detail.filter(|_| self.options.logging),
            hint: error.hint,
            blockers,
            attempts,
        }
    }

    pub(in crate::runner) fn migration_error(
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

pub(in crate::runner) fn lost(work: &Work, problem: String) -> Error {
    Error::ConnectionLost { migration: Some(work.name.clone()), problem, applied: Vec::new() }
}
