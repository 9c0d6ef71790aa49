//! When to try again, after how long, and who was in the way.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use deepref_schema_core::ident::literal;

use super::connection::{Connection, ServerError};

/// Whether a segment that failed so may succeed when it is simply repeated:
/// lock timeout, deadlock, serialization failure.
pub(super) fn is_worth_it(error: &ServerError) -> bool {
    matches!(error.sqlstate.as_str(), "55P03" | "40P01" | "40001")
}

/// The pause before a further attempt: doubled each time, bounded, and never
/// the same for two runners.
pub(super) fn pause(attempt: u32) -> Duration {
    let most = 200_u64 << attempt.min(5);
    Duration::from_millis(most / 2 + random() % (most / 2))
}

/// The pause between two looks at the lock.
pub(super) fn poll_pause(attempt: u32) -> Duration {
    let most = 50_u64 << attempt.min(4);
    Duration::from_millis(most / 2 + random() % (most / 2))
}

/// A random number; the standard library seeds its hashers with one.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// The sessions that hold locks on relations that the statement names. The
/// text of their queries is not shown: it may hold data.
pub(super) async fn blockers(connection: &mut Connection, statement: &str) -> Vec<String> {
    let query = format!(
        "SELECT pg_catalog.format('pid %s, `%s`, from %s, %s, transaction since %s, holds %s', a.pid, a.application_name, \
         coalesce(pg_catalog.host(a.client_addr), 'local'), coalesce(a.state, 'hidden'), \
         coalesce(pg_catalog.date_trunc('second', a.xact_start)::text, 'unknown'), pg_catalog.string_agg(DISTINCT c.relname || ' ' || l.mode, ', ')) \
         FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation \
         JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
         WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid() \
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
         AND c.relkind IN ('r', 'p', 'm', 'v', 'f') AND pg_catalog.strpos({}, c.relname) > 0 \
         GROUP BY a.pid, a.application_name, a.client_addr, a.state, a.xact_start ORDER BY a.xact_start LIMIT 5",
        literal(statement)
    );
    match connection.send(&query).await {
        Ok(reply) => {
            reply.rows(0).iter().filter_map(|row| row.first().cloned().flatten()).collect()
        }
        // who was in the way is a courtesy: without it the error still stands
        Err(_) => Vec::new(),
    }
}
