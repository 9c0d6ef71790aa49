//! Looks for what would stop a run, or slow it down, before one is tried.

use super::connection::{Connection, Reply};
use super::migrator::Migrator;
use super::state::State;
use super::{advice, plan, session};
use crate::Error;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: `ledger`.
    pub topic: &'static str,
    /// How it is.
    pub health: Health,
    /// What was found.
    pub text: String,
    /// What to do; empty where all is well.
    pub help: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Well.
    Good,
    /// It can do harm one day.
    Warning,
    /// A run would fail, or something is broken.
    Bad,
}

/// What to do about a SQLSTATE, where there is advice.
pub fn advice_on(sqlstate: &str) -> Option<&'static str> {
    advice::of(&sqlstate.to_ascii_uppercase())
}

/// Indexes that do no work, constraints that were never checked, sessions
/// that hold others up, partitions that are neither in nor out.
const LOOK: &str = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index AS i \
     JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname !~ '^pg_' ORDER BY 1;\n\
     SELECT pg_catalog.format('%I of %s', o.conname, o.conrelid::pg_catalog.regclass) FROM pg_catalog.pg_constraint AS o \
     WHERE NOT o.convalidated AND o.conrelid <> 0 ORDER BY 1;\n\
     SELECT pg_catalog.format('pid %s, `%s`, since %s', pid, application_name, pg_catalog.date_trunc('second', xact_start)) \
     FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() \
     AND xact_start < pg_catalog.clock_timestamp() - interval '5 minutes' ORDER BY xact_start LIMIT 5;\n\
     SELECT pg_catalog.format('%s of %s', inhrelid::pg_catalog.regclass, inhparent::pg_catalog.regclass) \
     FROM pg_catalog.pg_inherits WHERE inhdetachpending ORDER BY 1";

pub(super) async fn doctor(migrator: &mut Migrator) -> Result<Vec<Finding>, Error> {
    let (mut connection, state) = session::open(migrator, "doctor").await?;
    let mut findings = vec![good("connection", connected(migrator, &state))];
    findings.push(pooler(&mut connection, state.backend).await?);
    findings.push(writable(migrator, &state));
    findings.push(ledger(migrator, &state));
    let reply = connection.send(LOOK).await;
    let reply = reply.map_err(|failed| failed.into_error("the catalog could not be read"))?;
    findings.extend(catalog(&reply));
    findings.push(settings(migrator).await?);
    Ok(findings)
}

fn connected(migrator: &Migrator, state: &State) -> String {
    let major = state.server_version / 10_000;
    format!("PostgreSQL {major} at {}, as `{}`", migrator.config.place(), state.user)
}

/// Whether the backend is still the same, a few messages later.
async fn pooler(connection: &mut Connection, backend: i32) -> Result<Finding, Error> {
    for _ in 0..5 {
        let reply = connection
            .send("SELECT pg_catalog.pg_backend_pid()")
            .await
            .map_err(|failed| failed.into_error("the session could not be looked at"))?;
        if reply.value(0) != Some(&backend.to_string()) {
            return Ok(bad(
                "pooler",
                "a pooler moves the session between backends, so that no lock would hold".into(),
                "name the server itself in DATABASE_MIGRATION_URL",
            ));
        }
    }
    Ok(good("pooler", "the session keeps its backend".into()))
}

fn writable(migrator: &Migrator, state: &State) -> Finding {
    match session::check_writable(migrator, state) {
        Ok(()) => good("privileges", "the ledger can be written to".into()),
        Err(error) => bad("privileges", error.to_string(), ""),
    }
}

fn ledger(migrator: &Migrator, state: &State) -> Finding {
    let compared =
        plan::compare(&migrator.history, state, &migrator.names, migrator.options.policy);
    match compared {
        Err(error) => bad("ledger", error.to_string(), ""),
        Ok(plan) => match plan.interrupted {
            Some(row) => warning(
                "ledger",
                format!("`{}` was begun and not ended", row.name),
                "`cargo migrate run` goes on with it",
            ),
            None => good(
                "ledger",
                format!("{} applied, {} pending", state.applied.len(), plan.pending.len()),
            ),
        },
    }
}

/// What the sessions of applications are given, which is not what the
/// runner's own are.
async fn settings(migrator: &Migrator) -> Result<Finding, Error> {
    let mut connection = Connection::open_plain(&migrator.config).await?;
    let reply = connection
        .send("SHOW idle_in_transaction_session_timeout")
        .await
        .map_err(|failed| failed.into_error("the settings could not be read"))?;
    Ok(match reply.value(0) {
        Some("0") => warning(
            "settings",
            "transactions may be idle for ever: one forgotten session can hold up all others"
                .into(),
            "`ALTER DATABASE … SET idle_in_transaction_session_timeout = '5min'`",
        ),
        limit => good("settings", format!("transactions may be idle for {}", limit.unwrap_or("?"))),
    })
}

fn catalog(reply: &Reply) -> Vec<Finding> {
    let list = |statement: usize| {
        let names = reply.rows(statement).iter().filter_map(|row| row.first().cloned().flatten());
        names.collect::<Vec<_>>().join(", ")
    };
    let looked = |topic, statement, fine: &str, wrong: &str, help: &'static str, broken: bool| {
        let found = list(statement);
        match found.is_empty() {
            true => good(topic, fine.into()),
            false if broken => bad(topic, format!("{wrong}: {found}"), help),
            false => warning(topic, format!("{wrong}: {found}"), help),
        }
    };
    vec![
        looked(
            "indexes",
            0,
            "all are valid",
            "these are invalid, cost writes and help no query",
            "`DROP INDEX CONCURRENTLY` each; where a migration makes it, the next run builds it again",
            true,
        ),
        looked(
            "constraints",
            1,
            "all are validated",
            "these were never checked for the rows that are there",
            "write `alter table … { validate constraint … }` in a migration",
            false,
        ),
        looked(
            "transactions",
            2,
            "none is older than five minutes",
            "these are old: concurrent builds wait for them",
            "end them before a migration that works concurrently",
            false,
        ),
        looked(
            "partitions",
            3,
            "none is half detached",
            "these are half detached, and no query of their table finds their rows",
            "`ALTER TABLE … DETACH PARTITION … FINALIZE` each; where a migration detaches it, the next run does that",
            true,
        ),
    ]
}

fn good(topic: &'static str, text: String) -> Finding {
    Finding { topic, health: Health::Good, text, help: String::new() }
}

fn warning(topic: &'static str, text: String, help: &str) -> Finding {
    Finding { topic, health: Health::Warning, text, help: help.into() }
}

fn bad(topic: &'static str, text: String, help: &str) -> Finding {
    Finding { topic, health: Health::Bad, text, help: help.into() }
}
