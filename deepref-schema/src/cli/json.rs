//! What happens, for programs: one JSON object a line.

use serde_json::{Value, json};

use super::output;
use crate::{Error, Event, Migrator, Report};

/// Lets a migrator write each event to standard output.
pub(super) fn follow(migrator: Migrator) -> Migrator {
    migrator.observe(|event| output::line(as_json(event)))
}

/// The last line: what was done, and how it ended.
pub(super) fn summary(result: &Result<Report, Error>) {
    let done = match result {
        Ok(report) => report.names(),
        Err(error) => done_before(error),
    };
    let error = result.as_ref().err();
    output::line(json!({
        "event": "end",
        "done": done,
        "exit_code": error.map_or(0, Error::exit_code),
        "error": error.map(ToString::to_string),
        "sqlstate": error.and_then(sqlstate),
    }));
}

/// What was done before the error.
pub(super) fn done_before(error: &Error) -> Vec<String> {
    match error {
        Error::Migration { applied, .. }
        | Error::ConnectionLost { applied, .. }
        | Error::Interrupted { applied, .. } => applied.clone(),
        _ => Vec::new(),
    }
}

/// The server's word for the error, where it was the server's.
pub(super) fn sqlstate(error: &Error) -> Option<&str> {
    match error {
        Error::Migration { failure, .. } => {
            Some(failure.sqlstate.as_str()).filter(|sqlstate| !sqlstate.is_empty())
        }
        Error::Server { sqlstate, .. } => Some(sqlstate),
        _ => None,
    }
}

fn as_json(event: &Event<'_>) -> Value {
    match event {
        Event::Waiting { waited, holder } => json!({
            "event": "waiting",
            "waited_ms": milliseconds(waited),
            "holder": holder.map(ToString::to_string),
        }),
        Event::Begin { migration, up, number, total } => {
            json!({ "event": "begin", "migration": migration, "up": up, "number": number, "total": total })
        }
        Event::Segment { migration, number, total } => {
            json!({ "event": "segment", "migration": migration, "number": number, "total": total })
        }
        Event::Batch { migration, rows, scanned, estimate } => json!({
            "event": "batch",
            "migration": migration,
            "rows": rows,
            "scanned": scanned,
            "estimate": estimate,
        }),
        Event::Lagging { migration, standby, bytes, most } => json!({
            "event": "lagging",
            "migration": migration,
            "standby": standby,
            "bytes": bytes,
            "most": most,
        }),
        Event::Statement { description, sql } => {
            json!({ "event": "statement", "description": description, "sql": sql })
        }
        Event::Retry { migration, reason, attempt, pause, blockers } => json!({
            "event": "retry",
            "migration": migration,
            "reason": reason,
            "attempt": attempt,
            "pause_ms": milliseconds(pause),
            "blockers": blockers,
        }),
        Event::Blocked { migration, waited, blockers } => json!({
            "event": "blocked",
            "migration": migration,
            "waited_ms": milliseconds(waited),
            "blockers": blockers,
        }),
        Event::Settled { migration } => json!({ "event": "settled", "migration": migration }),
        Event::Notice { text } => json!({ "event": "notice", "text": text }),
        Event::Done { migration, up, duration } => {
            json!({ "event": "done", "migration": migration, "up": up, "duration_ms": milliseconds(duration) })
        }
        Event::Seeded { seed, rows, changed, duration } => {
            json!({ "event": "seeded", "seed": seed, "rows": rows, "changed": changed, "duration_ms": milliseconds(duration) })
        }
        Event::Squashed { migration, replaced } => {
            json!({ "event": "squashed", "migration": migration, "replaced": replaced })
        }
        Event::Ahead { migration } => json!({ "event": "ahead", "migration": migration }),
    }
}

fn milliseconds(duration: &std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
