//! One transaction, in one message where no function is called in it: sent,
//! tried again, settled when its answer is lost.

use super::super::connection::{Failed, Failure, Reply, ServerError};
use super::super::script::{Message, Role, Script, line_and_column};
use super::super::work::{Work, WorkStep};
use super::super::{Event, advice, lock, retry};
use super::spans::StatementSpan;
use super::{After, Executor, Stop};
use crate::error::{Error, StatementFailure};

impl Executor<'_> {
    /// One transaction, repeated while it only lacks a lock. The number says
    /// which segment it is, where there are several. Gives nothing where the
    /// answer was lost and the ledger says that it is done.
    pub(in crate::runner) async fn transaction(
        &mut self,
        work: &Work,
        steps: &[WorkStep],
        number: Option<usize>,
        after: &After,
        build: impl Fn(&Self, &mut Script),
    ) -> Result<Option<(Reply, Script)>, Stop> {
        let attempts = work.limits.attempts.unwrap_or(self.options.attempts);
        for attempt in 1.. {
            let mut script = Script::default();
            self.open(&work.limits, &mut script);
            build(self, &mut script);
            script.push(Role::Fence, &self.closing_fence());
            script.push(Role::Commit, "COMMIT");
            let failed = match self.send(&script, steps).await {
                Ok(reply) => {
                    self.report_notices();
                    self.prepare.clear();
                    return Ok(Some((reply, script)));
                }
                Err((Failed { failure: Failure::Lost(problem), .. }, _)) => {
                    self.settle(work, after, problem).await?;
                    self.prepare.clear();
                    return Ok(None);
                }
                Err(failed) => failed,
            };
            let (error, (role, offset)) = self.after_failure(work, failed).await?;
            let blockers = self.blockers_of(&error, statement_of(&error, role, steps)).await;
            if !retry::is_worth_it(&error) || attempt >= attempts {
                let failure = self.failure(error, role, offset, steps, blockers, attempt);
                return Err(Stop::Error(self.migration_error(work, number, failure)));
            }
            self.pause(work, &error, attempt, &blockers).await?;
        }
        unreachable!("the loop ends by its returns")
    }

    /// Sends the messages, and calls the functions between them. What failed
    /// comes with its place.
    async fn send(
        &mut self,
        script: &Script,
        steps: &[WorkStep],
    ) -> Result<Reply, (Failed, Place)> {
        for (message, step, function) in script.earlier() {
            self.send_message(message, steps).await?;
            self.report_notices();
            let called = self.connection.call(*function).await;
            called.map_err(|failure| failed_in_function(failure, *step))?;
        }
        self.send_message(script.message(), steps).await
    }

    async fn send_message(
        &mut self,
        message: &Message,
        steps: &[WorkStep],
    ) -> Result<Reply, (Failed, Place)> {
        let mut span = StatementSpan::of(message, steps);
        let sent = self.connection.send_counting(message.text(), |number| span.advance(number));
        sent.await.map_err(|failed| located(failed, message))
    }

    /// Rolls back, and sorts out what is no refusal of a statement.
    pub(super) async fn after_failure(
        &mut self,
        work: &Work,
        (failed, place): (Failed, Place),
    ) -> Result<(ServerError, Place), Stop> {
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
        let sql = statement_of(&error, role, steps).to_string();
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

/// The statement that failed, and where in it, in characters from 0.
type Place = (Role, Option<usize>);

pub(super) fn located(failed: Failed, message: &Message) -> (Failed, Place) {
    let place = message.locate(&failed);
    (failed, place)
}

fn failed_in_function(failure: Failure, step: usize) -> (Failed, Place) {
    let offset = match &failure {
        Failure::Server(error) => error.offset(),
        _ => None,
    };
    (Failed { completed: 0, failure }, (Role::Step(step), offset))
}

/// The statement, or that of the function.
fn statement_of<'a>(error: &'a ServerError, role: Role, steps: &'a [WorkStep]) -> &'a str {
    if let Some(statement) = &error.statement {
        return statement;
    }
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
        Role::Own | Role::Fence | Role::Flush => "preparing the transaction and the ledger".into(),
    }
}

pub(in crate::runner) fn lost(work: &Work, problem: String) -> Error {
    Error::ConnectionLost { migration: Some(work.name.clone()), problem, applied: Vec::new() }
}
