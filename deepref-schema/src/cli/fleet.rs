//! `run` on many databases, or in many schemas of one.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use serde_json::json;

use super::arguments::Run;
use super::database::Database;
use super::output::{self, escape};
use super::run::with_options;
use crate::{Config, Error, History, Migrator, Report};

/// One of many.
pub(super) struct Target {
    /// Its name for people.
    name: String,
    config: Config,
    schema: Option<String>,
}

/// How it went, so far.
#[derive(Default)]
struct Outcome {
    finished: AtomicUsize,
    /// Somebody pressed Ctrl-C: nothing more is begun.
    stopped: AtomicBool,
    codes: Mutex<Vec<u8>>,
}

/// The schemas of the database that match a pattern.
pub(super) fn schemas(
    history: &History,
    database: &Database,
    pattern: &str,
) -> Result<Vec<Target>, Error> {
    let names = database.migrator(history).schemas(pattern)?;
    if names.is_empty() {
        return Err(Error::Usage {
            problem: format!("no schema matches `{}`", escape(pattern)),
            help: "`*` stands for any text; schemas are made by whoever adds a tenant".into(),
        });
    }
    let target = |name: String| {
        let config = database.config.clone();
        Target { name: name.clone(), config, schema: Some(name) }
    };
    Ok(names.into_iter().map(target).collect())
}

/// The databases of a file, one in each line: a name on the configured server,
/// or a URL.
pub(super) fn databases(file: &Path) -> Result<Vec<Target>, Error> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::Usage {
        problem: format!("{} can not be read: {error}", file.display()),
        help: "it holds a database in each line: a name on the configured server, or a URL".into(),
    })?;
    let server = Config::from_env_if_set()?;
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|(number, line)| {
            target_of(line, server.as_ref()).map_err(|error| at(file, number, &error))
        })
        .collect()
}

fn target_of(line: &str, server: Option<&Config>) -> Result<Target, Error> {
    let config = match (line.contains("://"), server) {
        (true, _) => Config::from_url(line)?,
        (false, Some(server)) => server.clone().with_database(line),
        (false, None) => {
            return Err(Error::Usage {
                problem: format!("no server is configured that could have `{}`", escape(line)),
                help: "write a URL, or name the server in DATABASE_URL".into(),
            });
        }
    };
    Ok(Target { name: config.place(), config, schema: None })
}

/// The place of a mistake; its line can hold a password, and is not shown.
fn at(file: &Path, line: usize, error: &Error) -> Error {
    Error::Usage { problem: format!("{}:{line}: {error}", file.display()), help: String::new() }
}

/// Runs on all of them, a few at once, and goes on after a failure. The first
/// runs alone: it makes what all share, such as extensions.
pub(super) fn execute(history: &History, targets: &[Target], options: &Run) -> Result<(), Error> {
    let outcome = Outcome::default();
    let (first, rest) = targets.split_at(1.min(targets.len()));
    let (next, total) = (AtomicUsize::new(0), targets.len());
    let work = |targets: &[Target]| {
        while !outcome.stopped.load(Ordering::SeqCst) {
            let Some(target) = targets.get(next.fetch_add(1, Ordering::SeqCst)) else { return };
            outcome.take(target, run(history, target, options), total, options);
        }
    };
    work(first);
    next.store(0, Ordering::SeqCst);
    thread::scope(|scope| {
        for _ in 0..usize::from(options.jobs).min(rest.len()) {
            scope.spawn(|| work(rest));
        }
    });
    outcome.end(total, options)
}

fn run(history: &History, target: &Target, options: &Run) -> Result<Report, Error> {
    let migrator = history.migrator(target.config.clone()).handle_signals(true);
    let migrator = match &target.schema {
        Some(schema) => migrator.schema(schema),
        None => migrator,
    };
    let mut migrator: Migrator = with_options(migrator, options);
    migrator.run()
}

impl Outcome {
    /// One is done, or failed: one line about it.
    fn take(&self, target: &Target, result: Result<Report, Error>, total: usize, options: &Run) {
        let number = self.finished.fetch_add(1, Ordering::SeqCst) + 1;
        let error = result.as_ref().err();
        if options.json {
            output::line(json!({
                "event": "target",
                "target": target.name,
                "number": number,
                "total": total,
                "done": result.as_ref().map(Report::names).unwrap_or_default(),
                "exit_code": error.map_or(0, Error::exit_code),
                "error": error.map(ToString::to_string),
                "sqlstate": error.and_then(super::json::sqlstate),
            }));
        } else {
            let name = escape(&target.name);
            let text = match &result {
                Ok(report) if report.done.is_empty() => "nothing is pending".to_string(),
                Ok(report) => format!("{} applied", report.done.len()),
                Err(error) => {
                    format!("{} {}", output::yellow("failed:"), escape(&error.to_string()))
                }
            };
            output::line(format_args!("[{number}/{total}] {name}: {text}"));
        }
        if let Some(error) = error {
            let interrupted = matches!(error, Error::Interrupted { .. });
            self.stopped.fetch_or(interrupted, Ordering::SeqCst);
            self.codes.lock().unwrap_or_else(PoisonError::into_inner).push(error.exit_code());
        }
    }

    /// The summary, and the exit code.
    fn end(self, total: usize, options: &Run) -> Result<(), Error> {
        let finished = self.finished.into_inner();
        let codes = self.codes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let stopped = codes.iter().copied().find(|code| *code > 128);
        let same = codes.first().copied().filter(|first| codes.iter().all(|code| code == first));
        let code = stopped.or(same).unwrap_or(if codes.is_empty() { 0 } else { 1 });
        if options.json {
            output::line(json!({
                "event": "end",
                "total": total,
                "done": finished - codes.len(),
                "failed": codes.len(),
                "left": total - finished,
                "exit_code": code,
            }));
        } else if codes.is_empty() {
            output::line(format_args!("all {total} are up to date"));
        }
        match code {
            0 => Ok(()),
            code => Err(Error::Fleet { failed: codes.len(), total, code }),
        }
    }
}
