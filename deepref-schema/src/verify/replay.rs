//! Migrations in a scratch database: their statements, without the ledger.

use crate::Error;
use crate::error::StatementFailure;
use crate::inspect::Reader;
use crate::migration::{Migration, Segment, SegmentKind};
use crate::runner::{Failed, Failure};

/// Applies a migration.
pub(crate) async fn apply(database: &mut Reader, migration: &Migration) -> Result<(), Error> {
    run(database, migration, migration.up).await
}

/// Runs the segments of one direction of a migration.
pub(super) async fn run(
    database: &mut Reader,
    migration: &Migration,
    segments: &[Segment],
) -> Result<(), Error> {
    for (index, segment) in segments.iter().enumerate() {
        let sent = match segment.kind {
            SegmentKind::Transaction => {
                let steps = segment.steps.iter().map(|step| format!("{}\n;\n", step.sql));
                let steps: String = steps.collect();
                // Raw SQL of the segment before may have left settings behind.
                database.send(&format!("RESET ALL;\nBEGIN;\n{steps}COMMIT")).await
            }
            // There are no rows to be careful with: an update in batches is one update.
            SegmentKind::Outside | SegmentKind::Batches(_) => {
                database.send(segment.steps.first().map_or("", |step| step.sql)).await
            }
        };
        let place = Some((index + 1, segments.len()));
        sent.map_err(|failed| failure(migration, segment, place, failed))?;
    }
    Ok(())
}

fn failure(
    migration: &Migration,
    segment: &Segment,
    place: Option<(usize, usize)>,
    failed: Failed,
) -> Error {
    let opening = match segment.kind {
        SegmentKind::Transaction => 2,
        _ => 0,
    };
    let step = failed.completed.checked_sub(opening).and_then(|at| segment.steps.get(at));
    let (Failure::Server(error), Some(step)) = (&failed.failure, step) else {
        return failed.into_error(&format!("`{}`", migration.ledger_name()));
    };
    let failure = StatementFailure {
        description: step.description.to_owned(),
        sql: step.sql.to_owned(),
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
