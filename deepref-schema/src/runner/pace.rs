//! How fast a batched update goes, and what it waits for between two ranges.

use std::time::{Duration, Instant};

use super::Event;
use super::connection::Failed;
use super::executor::{Executor, Stop};
use super::work::Work;
use crate::Error;

/// How long to wait before looking at the standbys again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The standby that is furthest behind, in bytes of WAL, and whether all of
/// them can be seen (manual chapter "The Cumulative Statistics System",
/// `pg_stat_replication`). One that is not there any more holds up nobody.
const LAG: &str = "SELECT coalesce(nullif(application_name, ''), client_addr::text, pid::text), \
     trunc(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) \
     FROM pg_stat_replication WHERE replay_lsn IS NOT NULL ORDER BY 2 DESC LIMIT 1";

const SEES_ALL: &str = "SELECT pg_has_role('pg_read_all_stats', 'USAGE')";

/// How far a batched update is.
pub(super) struct Pace {
    begun: Instant,
    /// The rows that changed.
    rows: u64,
    /// The rows that were looked at.
    scanned: u64,
    /// The rows that there were to look at, as the planner thinks.
    estimate: u64,
}

impl Pace {
    /// A batched update begins, of about so many rows.
    pub(super) fn new(estimate: u64) -> Self {
        Self { begun: Instant::now(), rows: 0, scanned: 0, estimate }
    }

    /// A range is done.
    pub(super) fn advance(&mut self, rows: u64, size: u64) {
        self.rows += rows;
        self.scanned += size;
        // The planner may have thought of too few.
        self.estimate = self.estimate.max(self.scanned);
    }

    pub(super) fn event<'a>(&self, work: &'a Work) -> Event<'a> {
        let Pace { rows, scanned, estimate, .. } = *self;
        Event::Batch { migration: &work.name, rows, scanned, estimate }
    }

    /// How much too early it is for the next range.
    fn too_early(&self, rows_per_second: u64) -> Duration {
        let due = Duration::from_secs_f64(self.rows as f64 / rows_per_second as f64);
        due.saturating_sub(self.begun.elapsed())
    }
}

impl Executor<'_> {
    /// Waits until the next range may begin.
    pub(super) async fn keep_pace(&mut self, work: &Work, pace: &Pace) -> Result<(), Stop> {
        if let Some(rate) = self.options.batch_rate {
            self.wait(pace.too_early(rate)).await?;
        }
        let Some(most) = self.options.max_lag else { return Ok(()) };
        while let Some((standby, bytes)) = self.lag().await?
            && bytes > most
        {
            self.observer.emit(&Event::Lagging {
                migration: &work.name,
                standby: &standby,
                bytes,
                most,
            });
            self.wait(LOOK_AGAIN).await?;
        }
        Ok(())
    }

    /// Fails where the lag of standbys is limited and can not be seen.
    pub(super) async fn must_see_standbys(&mut self) -> Result<(), Stop> {
        if self.options.max_lag.is_none() {
            return Ok(());
        }
        let reply = self.connection.send(SEES_ALL).await.map_err(asking_failed)?;
        if reply.value(0) == Some("t") {
            return Ok(());
        }
        Err(Stop::Error(Error::Refused {
            problem: "the role can not see how far standbys are behind".into(),
            help: "`GRANT pg_monitor` to it, or set no limit of the lag".into(),
        }))
    }

    async fn lag(&mut self) -> Result<Option<(String, u64)>, Stop> {
        let reply = self.connection.send(LAG).await.map_err(asking_failed)?;
        let row = reply.rows(0).first();
        Ok(row.and_then(|row| Some((row.first()?.clone()?, row.get(1)?.as_ref()?.parse().ok()?))))
    }

    async fn wait(&mut self, time: Duration) -> Result<(), Stop> {
        if time.is_zero() {
            return Ok(());
        }
        let slept = self.connection.sleep(time).await;
        slept.map_err(|failure| {
            Stop::Error(Failed { completed: 0, failure }.into_error("the pause ended"))
        })
    }
}

fn asking_failed(failed: Failed) -> Stop {
    Stop::Error(failed.into_error("the server could not be asked how the update goes"))
}

/// The rows in the first line of a plan: `Seq Scan on t  (cost=… rows=120 width=0)`.
pub(super) fn estimated_rows(plan: &str) -> Option<u64> {
    let (_, rest) = plan.rsplit_once(" rows=")?;
    rest.split_once(' ')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_rows_of_a_plan() {
        let plan = "Seq Scan on \" rows=\"  (cost=0.00..35.50 rows=2550 width=0)";
        assert_eq!(
            estimated_rows("Seq Scan on t  (cost=0.00..35.50 rows=2550 width=0)"),
            Some(2550)
        );
        assert_eq!(estimated_rows(plan), Some(2550));
        assert_eq!(estimated_rows("Result"), None);
    }

    #[test]
    fn waits_for_the_rate() {
        let begun = Instant::now();
        let pace = Pace { begun, rows: 1_000, scanned: 1_000, estimate: 0 };
        let pause = pace.too_early(100);
        assert!(pause > Duration::from_secs(9) && pause <= Duration::from_secs(10), "{pause:?}");
        assert_eq!(Pace { rows: 0, ..pace }.too_early(100), Duration::ZERO);
    }
}
