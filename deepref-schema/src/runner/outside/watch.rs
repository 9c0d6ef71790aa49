//! What a statement that takes long waits for: looked up by a session of its
//! own, because the one that waits can not say.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use super::super::Event;
use super::super::connection::{Connection, Failed, Reply};
use super::super::executor::Executor;
use super::super::signals::Signals;
use super::super::work::Work;
use crate::config::Config;

/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_secs(3);

impl Executor<'_> {
    /// Sends a statement outside of a transaction, and says who holds it up.
    pub(super) async fn send_watched(&mut self, work: &Work, sql: &str) -> Result<Reply, Failed> {
        let Executor { connection, observer, config, backend, .. } = self;
        let start = Instant::now();
        let mut sent = pin!(connection.send(sql));
        loop {
            let pause = pin!(tokio::time::sleep(LOOK_EVERY));
            if let Either::Left((result, _)) = select(sent.as_mut(), pause).await {
                return result;
            }
            let blockers = match select(sent.as_mut(), pin!(blockers(config, *backend))).await {
                Either::Left((result, _)) => return result,
                Either::Right((blockers, _)) => blockers,
            };
            if !blockers.is_empty() {
                let waited = start.elapsed();
                let (migration, blockers) = (&*work.name, &*blockers);
                observer.emit(&Event::Blocked { migration, waited, blockers });
            }
        }
    }
}

/// Who holds up a backend. That nobody can be seen is no error.
async fn blockers(config: &Config, backend: i32) -> Vec<String> {
    let Ok(mut connection) = Connection::open(config, "watch", Signals::new(false)).await else {
        return Vec::new();
    };
    let query = format!(
        "SELECT pg_catalog.format('pid %s, `%s`, from %s, %s, transaction since %s', a.pid, a.application_name, \
         coalesce(pg_catalog.host(a.client_addr), 'local'), coalesce(a.state, 'hidden'), \
         coalesce(pg_catalog.date_trunc('second', a.xact_start)::text, 'unknown')) \
         FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = ANY (pg_catalog.pg_blocking_pids({backend})) ORDER BY a.xact_start LIMIT 5"
    );
    match connection.send(&query).await {
        Ok(reply) => {
            reply.rows(0).iter().filter_map(|row| row.first().cloned().flatten()).collect()
        }
        Err(_) => Vec::new(),
    }
}
