//! `show`: what is applied and what is pending.

use serde_json::{Value, json};

use super::arguments::Show;
use super::database::Database;
use super::output::{self, escape};
use crate::{Entry, EntryState, Error, History, Status};

pub(super) fn execute(history: &History, options: &Show) -> Result<(), Error> {
    let database = Database::open(history)?;
    let status = database.migrator(history).status()?;
    if options.json {
        output::line(format_args!("{:#}", as_json(&status)));
    } else {
        as_text(&status, &database);
    }
    let pending = status.pending().count();
    match status.problem {
        Some(problem) => Err(problem),
        None if options.check && pending > 0 => Err(Error::Pending { count: pending }),
        None => Ok(()),
    }
}

fn as_text(status: &Status, database: &Database) {
    database.say_where();
    let width = status.entries.iter().map(|entry| entry.name.chars().count()).max().unwrap_or(0);
    for entry in &status.entries {
        output::line(entry_line(entry, width).trim_end());
    }
    let pending = status.pending().count();
    output::line(match pending {
        0 => "nothing is pending".to_string(),
        1 => "1 migration is pending: `cargo migrate run` applies it".to_string(),
        _ => format!("{pending} migrations are pending: `cargo migrate run` applies them"),
    });
}

fn entry_line(entry: &Entry, width: usize) -> String {
    let name = escape(&entry.name);
    let (mark, rest) = match &entry.state {
        EntryState::Applied { at, by, duration_ms, known } => {
            let at = at.as_deref().map_or("at an unknown time".to_string(), seconds);
            let by = by.as_deref().map_or(String::new(), |by| format!(" by {}", escape(by)));
            let took = duration_ms.map_or(String::new(), |ms| {
                format!(", {}", output::duration(std::time::Duration::from_millis(ms)))
            });
            let unknown = if *known { "" } else { "  not known to this program" };
            (
                if *known { output::green("[X]") } else { output::yellow("[?]") },
                output::faint(&format!("{at}{by}{took}{unknown}")),
            )
        }
        EntryState::Pending => ("[ ]".to_string(), String::new()),
        EntryState::Interrupted { up, segments_done } => {
            let verb = if *up { "applied" } else { "reverted" };
            (
                output::yellow("[~]"),
                format!("half {verb}: {segments_done} parts are done, the next run goes on"),
            )
        }
    };
    format!("{mark} {} {name:width$}  {rest}", entry.version)
}

/// `2026-11-24T10:00:00.123+00:00` as `2026-11-24 10:00:00 UTC`.
fn seconds(at: &str) -> String {
    let text = escape(at).replace('T', " ");
    format!("{} UTC", text.get(..19).unwrap_or(&text))
}

fn as_json(status: &Status) -> Value {
    let migrations: Vec<_> = status.entries.iter().map(entry_json).collect();
    json!({
        "migrations": migrations,
        "pending": status.pending().count(),
        "problem": status.problem.as_ref().map(ToString::to_string),
        "server_version": status.server_version,
    })
}

fn entry_json(entry: &Entry) -> Value {
    let mut value = json!({ "version": entry.version, "name": entry.name });
    let details = match &entry.state {
        EntryState::Applied { at, by, duration_ms, known } => {
            json!({ "state": "applied", "applied_at": at, "applied_by": by, "duration_ms": duration_ms, "known": known })
        }
        EntryState::Pending => json!({ "state": "pending" }),
        EntryState::Interrupted { up, segments_done } => {
            json!({ "state": "interrupted", "direction": if *up { "up" } else { "down" }, "segments_done": segments_done })
        }
    };
    if let (Value::Object(value), Value::Object(details)) = (&mut value, details) {
        value.extend(details);
    }
    value
}
