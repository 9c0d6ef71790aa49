//! Migrations in a scratch database: their statements, without the ledger.

use crate::Error;
use crate::error::StatementFailure;
use crate::inspect::Reader;
#[cfg(feature = "cli")]
use crate::inspect::Whole;
use crate::migration::{Migration, Segment, SegmentKind, Step};
use crate::runner::{Failed, Failure};

/// Applies a migration.
pub(crate) async fn apply(database: &mut Reader, migration: &Migration) -> Result<(), Error> {
    run(database, migration, migration.up).await
}

/// What migrations make in an empty database.
#[cfg(feature = "cli")]
pub(crate) async fn made_by(
    database: &mut Reader,
    migrations: &[&Migration],
) -> Result<Whole, Error> {
    for migration in migrations {
        apply(database, migration).await?;
    }
    database.read_whole().await
}

/// Runs the segments of one direction of a migration.
pub(super) async fn run(
    database: &mut Reader,
    migration: &Migration,
    segments: &'static [Segment],
) -> Result<(), Error> {
    for (index, segment) in segments.iter().enumerate() {
        let sent = match segment.kind {
            SegmentKind::Transaction => transaction(database, segment.steps).await,
            // There are no rows to be careful with: an update in batches is one update.
            SegmentKind::Outside | SegmentKind::Batches(_) => {
                let sql = segment.steps.first().map_or("", |step| step.sql);
                database.send(sql).await.map_err(|failed| (failed, segment.steps.first()))
            }
        };
        let place = Some((index + 1, segments.len()));
        sent.map_err(|(failed, step)| failure(migration, step, place, failed))?;
    }
    Ok(())
}

/// Runs the steps of a transaction; what failed comes with its step.
async fn transaction(
    database: &mut Reader,
    mut steps: &'static [Step],
) -> Result<(), (Failed, Option<&'static Step>)> {
    // Raw SQL of the segment before may have left settings behind.
    let mut opening = &["RESET ALL", "BEGIN"][..];
    loop {
        let count = steps.iter().take_while(|step| step.function.is_none()).count();
        let (statements, rest) = steps.split_at(count);
        let called = rest.first();
        let closing = if called.is_none() { &["COMMIT"][..] } else { &[] };
        let texts = statements.iter().map(|step| &step.sql);
        let texts = opening.iter().chain(texts).chain(closing);
        let message: String = texts.map(|sql| format!("{sql}\n;\n")).collect();
        if let Err(failed) = database.send(&message).await {
            let step =
                failed.completed.checked_sub(opening.len()).and_then(|at| statements.get(at));
            return Err((failed, step));
        }
        let Some((step, function)) = called.and_then(|step| Some((step, step.function?))) else {
            return Ok(());
        };
        let called = database.call(function).await;
        called.map_err(|failure| (Failed { completed: 0, failure }, Some(step)))?;
        (opening, steps) = (&[], &rest[1..]);
    }
}

fn failure(
    migration: &Migration,
    step: Option<&Step>,
    place: Option<(usize, usize)>,
    failed: Failed,
) -> Error {
    let (Failure::Server(error), Some(step)) = (&failed.failure, step) else {
        return failed.into_error(&format!("`{}`", migration.ledger_name()));
    };
    let failure = StatementFailure {
        description: step.description.to_owned(),
        sql: error.statement.clone().unwrap_or_else(|| step.sql.to_owned()),
        line: None,
        column: None,
        sqlstate: error.sqlstate.clone(),
        message: error.message.clone(),
        detail: error.detail.clone(),
        hint: error.hint.clone(),
        advice: None,
        blockers: Vec::new(),
        attempts: 1,
    };
    let (migration, failure) = (migration.ledger_name(), Box::new(failure));
    Error::Migration { migration, segment: place, failure, applied: Vec::new() }
}
