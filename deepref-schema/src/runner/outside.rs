//! A statement outside of a transaction: probe, act, verify, record.

use deepref_schema_core::ident::{literal, quoted};

use super::connection::{Failed, Failure, ServerError};
use super::executor::{After, Executor, Stop, lost};
use super::ledger;
use super::retry;
use super::script::Role;
use super::state::ProgressRow;
use super::words::{Words, qualified};
use super::work::Work;
use crate::Error;

/// What the runner can find out about a statement after a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Effect {
    /// `CREATE [UNIQUE] INDEX CONCURRENTLY name ON table`.
    CreateIndex { index: String, table: String, unique: bool },
    /// `DROP INDEX CONCURRENTLY index`.
    DropIndex { index: String },
    /// Nothing: only a person can look.
    Unknown,
}

/// An index as the catalog has it.
struct Found {
    name: String,
    valid: bool,
    unique: bool,
    on_table: bool,
}

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
                progress: self.names.progress(),
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
        for attempt in 1.. {
            let Err(failed) = self.connection.send(&step.sql).await else { break };
            let error = self.after_outside_failure(work, &effect, failed).await?;
            if !retry::is_worth_it(&error) || attempt >= self.options.attempts {
                self.transaction(
                    work,
                    &[],
                    Some(number),
                    &After::ready(number),
                    |executor, script| {
                        script.push(
                            Role::Own,
                            &ledger::set_progress(work, executor.names, number, "ready"),
                        );
                    },
                )
                .await?;
                let offset = error
                    .position
                    .and_then(|position| usize::try_from(position).ok()?.checked_sub(1));
                let failure =
                    self.failure(error, Role::Step(0), offset, steps, Vec::new(), attempt);
                return Err(Stop::Error(self.migration_error(work, Some(number), failure)));
            }
            self.pause(work, &error, attempt, &[]).await?;
        }
        self.report_notices();
        self.record(work, number).await
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
    /// behind is dropped. Without an earlier attempt of ours a valid index of
    /// that name is somebody else's.
    async fn probe(&mut self, work: &Work, effect: &Effect, resumed: bool) -> Result<bool, Stop> {
        match effect {
            Effect::Unknown => Ok(false),
            Effect::DropIndex { index } => {
                Ok(resumed && self.find_index(work, index, None).await?.is_none())
            }
            Effect::CreateIndex { index, table, unique } => {
                let Some(found) = self.find_index(work, index, Some(table)).await? else {
                    return Ok(false);
                };
                if !found.valid {
                    self.drop_index(work, &found.name).await?;
                    return Ok(false);
                }
                if resumed && found.on_table && found.unique == *unique {
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

    async fn find_index(
        &mut self,
        work: &Work,
        index: &str,
        table: Option<&str>,
    ) -> Result<Option<Found>, Stop> {
        let (name, on_table) = match table {
            // an index lives in the schema of its table
            Some(table) => {
                let table = literal(table);
                let schema = format!(
                    "(SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass({table}))"
                );
                (
                    format!("c.relname = {} AND c.relnamespace = {schema}", literal(&bare(index))),
                    format!("i.indrelid = pg_catalog.to_regclass({table})"),
                )
            }
            None => {
                (format!("c.oid = pg_catalog.to_regclass({})", literal(index)), "true".to_string())
            }
        };
        let query = format!(
            "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), i.indisvalid AND i.indisready, i.indisunique, {on_table} \
             FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
             JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid WHERE {name}"
        );
        let reply = match self.connection.send(&query).await {
            Ok(reply) => reply,
            Err(Failed { failure: Failure::Lost(problem) | Failure::Ended(problem), .. }) => {
                return Err(Stop::Error(lost(work, problem)));
            }
            Err(failed) => {
                return Err(Stop::Error(failed.into_error("the index could not be looked up")));
            }
        };
        Ok(reply.rows(0).first().map(|row| {
            let text = |index: usize| row.get(index).and_then(Option::as_deref).unwrap_or_default();
            Found {
                name: text(0).to_string(),
                valid: text(1) == "t",
                unique: text(2) == "t",
                on_table: text(3) == "t",
            }
        }))
    }

    async fn drop_index(&mut self, work: &Work, index: &str) -> Result<(), Stop> {
        let statement = format!("DROP INDEX CONCURRENTLY IF EXISTS {index}");
        match self.connection.send(&statement).await {
            Ok(_) => Ok(()),
            Err(Failed { failure: Failure::Lost(problem) | Failure::Ended(problem), .. }) => {
                Err(Stop::Error(lost(work, problem)))
            }
            Err(failed) => Err(Stop::Error(
                failed.into_error(&format!("the invalid index {index} could not be dropped")),
            )),
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
        if let Effect::CreateIndex { index, table, .. } = effect
            && let Some(found) = self.find_index(work, index, Some(table)).await?
            && !found.valid
        {
            self.drop_index(work, &found.name).await?;
        }
        Ok(error)
    }
}

/// The last part of a name, without quotes.
fn bare(name: &str) -> String {
    Words::of(name).last().map(|word| word.name()).unwrap_or_default()
}

impl Effect {
    fn of(sql: &str) -> Effect {
        let mut words = Words::of(sql);
        match words.keyword().as_deref() {
            Some("create") => Effect::of_create(&mut words),
            Some("drop") if words.accept("index") && words.accept("concurrently") => {
                if words.accept("if") {
                    words.accept("exists");
                }
                qualified(&mut words).map_or(Effect::Unknown, |index| Effect::DropIndex { index })
            }
            _ => Effect::Unknown,
        }
    }

    fn of_create(words: &mut Words<'_>) -> Effect {
        let unique = words.accept("unique");
        if !(words.accept("index") && words.accept("concurrently")) {
            return Effect::Unknown;
        }
        if words.accept("if") {
            words.accept("not");
            words.accept("exists");
        }
        let Some(index) = words.next().map(|word| quoted(&word.name())) else {
            return Effect::Unknown;
        };
        if !words.accept("on") {
            return Effect::Unknown;
        }
        words.accept("only");
        qualified(words).map_or(Effect::Unknown, |table| Effect::CreateIndex {
            index,
            table,
            unique,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_can_be_probed() {
        let create = |index: &str, table: &str, unique| Effect::CreateIndex {
            index: index.into(),
            table: table.into(),
            unique,
        };
        for (sql, effect) in [
            ("CREATE INDEX CONCURRENTLY a ON t (x)", create("a", "t", false)),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY \"A b\" ON app.\"T\" (x)",
                create("\"A b\"", "app.\"T\"", true),
            ),
            (
                "create index concurrently if not exists a on only s.t using gin (x)",
                create("a", "s.t", false),
            ),
            ("DROP INDEX CONCURRENTLY s.\"I\"", Effect::DropIndex { index: "s.\"I\"".into() }),
            ("CREATE INDEX a ON t (x)", Effect::Unknown),
            ("CREATE INDEX CONCURRENTLY ON t (x)", Effect::Unknown),
            ("VACUUM t", Effect::Unknown),
            ("", Effect::Unknown),
        ] {
            assert_eq!(Effect::of(sql), effect, "{sql}");
        }
    }
}
