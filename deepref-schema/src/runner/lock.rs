//! The session advisory lock, on the connection that does the work.
//!
//! It is polled in messages of their own. A session that blocks inside
//! `pg_advisory_lock` holds a snapshot, and `CREATE INDEX CONCURRENTLY` of the
//! holder waits for that snapshot: a deadlock.

use std::time::{Duration, Instant};

use super::connection::{Connection, Failed, Failure};
use super::names::Names;
use super::retry::poll_pause;
use super::state::{self, State};
use super::{Event, Observer};
use crate::Error;
use crate::error::Holder;

/// How often a wait is reported.
const REPORT_EVERY: Duration = Duration::from_secs(5);

// The lock is counted, and taken twice: see `Executor::fence`.

/// One look at the lock and, in the same round trip, at the state.
pub(super) struct Look {
    pub(super) acquired: bool,
    pub(super) state: State,
    pub(super) holder: Option<Holder>,
}

/// Tries once.
pub(super) async fn look(connection: &mut Connection, names: &Names) -> Result<Look, Error> {
    let lock = names.lock_arguments();
    let mut message = format!(
        "SELECT CASE WHEN pg_catalog.pg_try_advisory_lock({lock}) THEN pg_catalog.pg_try_advisory_lock({lock}) ELSE false END;\n{};\n",
        holder_query(names)
    );
    for statement in state::query(names) {
        message.push_str(&statement);
        message.push_str(";\n");
    }
    let reply = connection
        .send(&message)
        .await
        .map_err(|failed| failed.into_error("the lock could not be tried"))?;
    let holder = reply.rows(1).first().map(|row| {
        let text = |index: usize| row.get(index).cloned().flatten().unwrap_or_default();
        Holder {
            pid: text(0).parse().unwrap_or(0),
            application: text(1),
            host: text(2),
            since: text(3),
        }
    });
    Ok(Look { acquired: reply.value(0) == Some("t"), state: State::of(&reply, 2, names)?, holder })
}

/// Waits for the lock until the deadline. Ends early, without the lock, when
/// `is_done` says that somebody else did the work meanwhile.
pub(super) async fn acquire(
    connection: &mut Connection,
    names: &Names,
    wait: Duration,
    observer: &mut Observer,
    is_done: impl Fn(&State) -> Result<bool, Error>,
) -> Result<Look, Error> {
    let start = Instant::now();
    let mut reported: Option<Instant> = None;
    for attempt in 0.. {
        let look = look(connection, names).await?;
        if look.acquired || is_done(&look.state)? {
            return Ok(look);
        }
        let waited = start.elapsed();
        if waited >= wait {
            return Err(Error::LockTimeout { waited, holder: look.holder });
        }
        // a short wait is not worth a line
        if attempt > 2 && reported.is_none_or(|last| last.elapsed() > REPORT_EVERY) {
            observer.emit(&Event::Waiting { waited, holder: look.holder.as_ref() });
            reported = Some(Instant::now());
        }
        let pause = poll_pause(attempt).min(wait.saturating_sub(waited));
        connection.sleep(pause).await.map_err(|failure| {
            Failed { completed: 0, failure }.into_error("the wait for the lock ended")
        })?;
    }
    unreachable!("the loop ends by its returns")
}

/// Gives the lock back. That it was not held any more is an error: work may
/// have been done without it. A connection that breaks here takes the lock
/// with it, and the work is done.
pub(super) async fn release(connection: &mut Connection, names: &Names) -> Result<(), Error> {
    let lock = names.lock_arguments();
    let message = format!(
        "SELECT pg_catalog.pg_advisory_unlock({lock}) AND pg_catalog.pg_advisory_unlock({lock})"
    );
    let reply = match connection.send(&message).await {
        Ok(reply) => reply,
        Err(Failed { failure: Failure::Lost(_) | Failure::Ended(_), .. }) => return Ok(()),
        Err(failed) => return Err(failed.into_error("the lock could not be released")),
    };
    if reply.value(0) == Some("t") { Ok(()) } else { Err(lost("the command".into())) }
}

/// The lock vanished.
pub(super) fn lost(migration: String) -> Error {
    Error::Fence {
        migration,
        problem: "this session does not hold the lock of the migrations any more, or a statement ended the transaction".into(),
        help: "a statement released it, or a pooler moved the session: name the server itself in DATABASE_MIGRATION_URL".into(),
    }
}

fn holder_query(names: &Names) -> String {
    format!(
        "SELECT a.pid, a.application_name, coalesce(pg_catalog.host(a.client_addr), 'local'), pg_catalog.date_trunc('second', a.backend_start) \
         FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
         WHERE {} AND l.pid <> pg_catalog.pg_backend_pid() LIMIT 1",
        names.lock_condition()
    )
}
