//! A line for each migration, and movement on a terminal meanwhile; in a log, a
//! line now and then about what takes long.

use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};

use super::output::{self, escape};
use crate::{Event, Migrator};

/// Lets a migrator tell the terminal what happens.
pub(super) fn follow(migrator: Migrator) -> Migrator {
    let mut spinner: Option<ProgressBar> = None;
    let mut log = Log::default();
    migrator.observe(move |event| match event {
        Event::Begin { migration, up, number, total } => {
            let verb = if *up { "applying" } else { "reverting" };
            spinner = start(format!("{verb} {migration} ({number} of {total})"));
        }
        Event::Done { migration, up, duration } => {
            if let Some(spinner) = spinner.take() {
                spinner.finish_and_clear();
            }
            let verb = if *up { "applied" } else { "reverted" };
            output::line(format_args!(
                "{} {migration} in {}",
                output::green(verb),
                output::duration(*duration)
            ));
        }
        Event::Seeded { seed, rows, changed, duration } => output::line(format_args!(
            "{} {seed} in {}: {changed} of {rows} rows written",
            output::green("seeded"),
            output::duration(*duration)
        )),
        Event::Batch { migration, rows, scanned, estimate } => match &spinner {
            Some(bar) => {
                advance(bar, *scanned, *estimate);
                bar.set_message(format!("{migration}: {rows} rows updated"));
            }
            None => log.now_and_then(event),
        },
        Event::Lagging { .. } => match &spinner {
            Some(spinner) => spinner.set_message(describe(event)),
            None => log.now_and_then(event),
        },
        // Which part of a migration it is moves on a terminal, and is noise in a log.
        Event::Segment { .. } => {
            if let Some(spinner) = &spinner {
                spinner.set_message(describe(event));
            }
        }
        other => match &spinner {
            Some(spinner) => spinner.suspend(|| say(&describe(other))),
            None => say(&describe(other)),
        },
    })
}

/// Where lines stay.
#[derive(Default)]
struct Log {
    last: Option<Instant>,
}

impl Log {
    const PAUSE: Duration = Duration::from_secs(30);

    /// Says what happens, unless something was said a moment ago.
    fn now_and_then(&mut self, event: &Event<'_>) {
        let last = self.last.get_or_insert_with(Instant::now);
        if last.elapsed() >= Log::PAUSE {
            *last = Instant::now();
            say(&describe(event));
        }
    }
}

/// Shows how far a batched update is, how fast it is, and how long it may still take.
fn advance(bar: &ProgressBar, scanned: u64, estimate: u64) {
    const TEMPLATE: &str =
        "{spinner} {msg} {elapsed} [{bar:20}] {percent}%, {rate} rows/s, about {eta} left";
    if bar.length() != Some(estimate) {
        if bar.length().is_none()
            && let Ok(style) = ProgressStyle::with_template(TEMPLATE)
        {
            bar.set_style(style.with_key("rate", rate));
        }
        bar.set_length(estimate);
    }
    bar.set_position(scanned);
}

fn rate(state: &ProgressState, line: &mut dyn Write) {
    // Nobody is told where a terminal went away.
    let _ = write!(line, "{}", HumanCount(state.per_sec() as u64));
}

fn say(text: &str) {
    if !text.is_empty() {
        output::note(text);
    }
}

fn start(message: String) -> Option<ProgressBar> {
    if !io::stderr().is_terminal() {
        return None;
    }
    let spinner = ProgressBar::new_spinner().with_message(message);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    Some(spinner)
}

fn describe(event: &Event<'_>) -> String {
    match event {
        Event::Waiting { waited, holder } => {
            let holder = holder.map_or(String::new(), |holder| {
                format!(", held by {}", escape(&holder.to_string()))
            });
            format!("waiting for the lock for {} s{holder}", waited.as_secs())
        }
        Event::Segment { migration, number, total } => {
            format!("{migration}: part {number} of {total}")
        }
        Event::Batch { migration, rows, scanned, estimate } => {
            format!("{migration}: {rows} rows updated, {scanned} of about {estimate} looked at")
        }
        Event::Lagging { migration, standby, bytes, most } => format!(
            "{migration}: waiting for standby {}, which is {bytes} bytes behind, {most} are allowed",
            escape(standby)
        ),
        Event::Statement { sql, .. } => format!("sql: {}", escape(sql)),
        Event::Retry { migration, reason, attempt, pause, blockers } => {
            let blockers = blocked_by(blockers);
            let pause = output::duration(*pause);
            format!("{migration}: {}; attempt {} in {pause}{blockers}", escape(reason), attempt + 1)
        }
        Event::Blocked { migration, waited, blockers } => {
            format!("{migration}: waiting for {} s{}", waited.as_secs(), blocked_by(blockers))
        }
        Event::Settled { migration } => format!(
            "{migration}: the connection was lost; the ledger says that the last step was done, going on"
        ),
        Event::Notice { text } => escape(text),
        Event::Ahead { migration } => format!(
            "warning: `{}` is applied, and this program does not know it",
            escape(migration)
        ),
        Event::Squashed { migration, replaced } => {
            format!("recorded {} instead of the {replaced} that it replaces", escape(migration))
        }
        Event::Begin { .. } | Event::Done { .. } | Event::Seeded { .. } => String::new(),
    }
}

fn blocked_by(blockers: &[String]) -> String {
    blockers.iter().map(|blocker| format!("\n  blocked by: {}", escape(blocker))).collect()
}
