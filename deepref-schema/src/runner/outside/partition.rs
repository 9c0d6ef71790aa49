//! Partitions that are detached while their table is used (manual chapter
//! "ALTER TABLE", "DETACH PARTITION").
//!
//! PostgreSQL does it in two transactions. After the first one the partition is
//! marked, and stays so where the second one does not come: it has to be
//! finished, and can not be begun again.

use deepref_schema_core::ident::literal;

use super::super::connection::{Failed, Reply};
use super::super::executor::{Executor, Stop};
use super::super::work::Work;

/// `ALTER TABLE table DETACH PARTITION partition CONCURRENTLY`, with quoted
/// names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Detach {
    pub(super) table: String,
    pub(super) partition: String,
}

/// What a table is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attachment {
    /// Its partition.
    Whole,
    /// Its partition, of which the detachment was begun.
    Pending,
    /// Nothing.
    None,
}

impl Executor<'_> {
    /// How far the detachment is.
    pub(super) async fn attachment(
        &mut self,
        work: &Work,
        detach: &Detach,
    ) -> Result<Attachment, Stop> {
        let query = format!(
            "SELECT inhdetachpending FROM pg_catalog.pg_inherits WHERE inhparent = pg_catalog.to_regclass({}) \
             AND inhrelid = pg_catalog.to_regclass({})",
            literal(&detach.table),
            literal(&detach.partition)
        );
        let reply = self.ask(work, &query, "the partition could not be looked up").await?;
        Ok(match reply.value(0) {
            None => Attachment::None,
            Some("t") => Attachment::Pending,
            Some(_) => Attachment::Whole,
        })
    }

    /// Begins the detachment, or finishes one that was begun. At its end it
    /// needs the partition for itself, so it waits no longer than other
    /// statements: whoever uses the partition waits behind it. The next
    /// transaction takes the limit back.
    pub(super) async fn detach(
        &mut self,
        work: &Work,
        detach: &Detach,
        sql: &str,
    ) -> Result<Result<Reply, Failed>, Stop> {
        let Detach { table, partition } = detach;
        let finish = format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE");
        let sql = match self.attachment(work, detach).await? {
            Attachment::Pending => finish.as_str(),
            Attachment::Whole | Attachment::None => sql,
        };
        let limit = work.limits.lock_timeout.unwrap_or(self.options.lock_timeout).as_millis();
        let what = "the lock timeout could not be set";
        self.ask(work, &format!("SET lock_timeout = {limit}"), what).await?;
        Ok(self.send_watched(work, sql).await)
    }
}
