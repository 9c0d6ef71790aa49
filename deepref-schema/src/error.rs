//! What can go wrong, and the exit code of each.

use std::fmt;
use std::time::Duration;

use crate::migration::Loss;

/// Why a command did not end well.
///
/// Each variant has one exit code ([`Error::exit_code`]), so that scripts can
/// tell a failed migration from a database that is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A variable or an option is missing or wrong. Exit code 2.
    #[error("{variable} {problem}")]
    Configuration {
        /// The variable, as `DATABASE_PORT`.
        variable: String,
        /// What is wrong with it, without its value.
        problem: String,
    },
    /// The command can not be understood or makes no sense here. Exit code 2.
    #[error("{problem}{}", help_text(.help))]
    Usage {
        /// What is wrong.
        problem: String,
        /// What to do instead; may be empty.
        help: String,
    },
    /// The server can not be reached, does not let us in, or can not be
    /// written to. Exit code 7.
    #[error("can not connect to {place}: {problem}{}", help_text(.help))]
    Connect {
        /// Host, port and database.
        place: String,
        /// What the server or the network said.
        problem: String,
        /// What to do; may be empty.
        help: String,
    },
    /// Another runner held the lock for too long. Exit code 3.
    #[error("waited {} s for the lock of the migrations{}", waited.as_secs(), holder_text(.holder))]
    LockTimeout {
        /// How long was waited.
        waited: Duration,
        /// Who holds it, where that could be seen.
        holder: Option<Holder>,
    },
    /// Something is pending, and the question was whether. Exit code 3.
    #[error("{count} {} pending", if *count == 1 { "migration is" } else { "migrations are" })]
    Pending {
        /// How many migrations.
        count: usize,
    },
    /// The ledger and the program disagree; nothing was run. Exit code 4.
    #[error("{problem}{}", help_text(.help))]
    Ledger {
        /// What disagrees.
        problem: String,
        /// What to do; may be empty.
        help: String,
    },
    /// Two schemas that should be equal are not. Exit code 4.
    #[error("{problem}{}{}", lines_text(.differences), help_text(.help))]
    Differs {
        /// Which they are.
        problem: String,
        /// What differs, one line an item.
        differences: Vec<String>,
        /// What to do; may be empty.
        help: String,
    },
    /// The entities differ from what the history ends in, and the question was
    /// whether. Exit code 3.
    #[error("a migration is missing: {count} {} between entities and history{}", if *count == 1 { "difference" } else { "differences" }, help_text(.help))]
    MigrationMissing {
        /// How many operations would be needed.
        count: usize,
        /// What to do.
        help: String,
    },
    /// A statement outside of a transaction was interrupted, and nobody can
    /// know whether it took effect. Exit code 5.
    #[error(
        "`{migration}` was interrupted at step {step}, which runs outside of a transaction: only a person can tell whether it took effect\n  statement: {sql}\n  help: look whether it did; then say `cargo migrate resolve --applied` or `cargo migrate resolve --retry`, and run again"
    )]
    NeedsResolve {
        /// The name with the version.
        migration: String,
        /// The number of the segment, from 0.
        step: usize,
        /// The statement.
        sql: String,
    },
    /// `doctor` found something broken. Exit code 5.
    #[error("{count} {} a person", if *count == 1 { "thing needs" } else { "things need" })]
    Unhealthy {
        /// How many.
        count: usize,
    },
    /// A run on many databases or schemas failed on some of them. The exit
    /// code is theirs where they agree, else 1.
    #[error("{failed} of {total} failed; run it again: what is done stays done")]
    Fleet {
        /// How many failed.
        failed: usize,
        /// How many there were.
        total: usize,
        /// The exit code.
        code: u8,
    },
    /// Refused, because it is dangerous or can not be undone. Exit code 6.
    #[error("{problem}{}", help_text(.help))]
    Refused {
        /// Why.
        problem: String,
        /// What to do instead; may be empty.
        help: String,
    },
    /// A revert would delete data, and nobody agreed. Exit code 6.
    #[error("the revert would delete data{}\n  help: say `--yes` where that is meant", loss_text(.losses))]
    DataLoss {
        /// What would be deleted.
        losses: Vec<CountedLoss>,
    },
    /// A text that is stored encrypted can not be read, so that it is not
    /// written over either. Exit code 6.
    #[error("{place}: {problem}{}", help_text(.help))]
    Encryption {
        /// The table, the column and the key of the row.
        place: String,
        /// Why, without the text.
        problem: String,
        /// What to do; may be empty.
        help: String,
    },
    /// A migration or a seed failed and was rolled back. Exit code 1.
    #[error("`{migration}` failed {}{}\n{failure}", segment_text(.segment), applied_text(.applied))]
    Migration {
        /// The name with the version.
        migration: String,
        /// The segment, from 1, and how many there are, where there are
        /// several: those before it are done.
        segment: Option<(usize, usize)>,
        /// The statement and what the server said.
        failure: Box<StatementFailure>,
        /// What this run had applied or reverted before.
        applied: Vec<String>,
    },
    /// The advisory lock vanished or a statement left the transaction: the
    /// runner can not promise anything any more. Exit code 1.
    #[error("`{migration}` failed: {problem}{}", help_text(.help))]
    Fence {
        /// The name with the version, or the command.
        migration: String,
        /// What the fence found.
        problem: String,
        /// The likely cause.
        help: String,
    },
    /// The connection broke, perhaps after the server was done. The ledger is
    /// the truth, and the next run reads it. Exit code 8.
    #[error("the connection was lost{}: {problem}{}\n  help: run it again; the ledger says what was done", during_text(.migration), applied_text(.applied))]
    ConnectionLost {
        /// The migration that was under way.
        migration: Option<String>,
        /// What the server or the network said.
        problem: String,
        /// What this run had applied or reverted before.
        applied: Vec<String>,
    },
    /// A signal stopped the command; what was under way was cancelled and
    /// rolled back. Exit code 130 or 143.
    #[error("stopped by {}; what was under way was rolled back{}", if *signal == 2 { "ctrl-c" } else { "a signal" }, applied_text(.applied))]
    Interrupted {
        /// The number of the signal: 2 or 15.
        signal: u8,
        /// What this run had applied or reverted before.
        applied: Vec<String>,
    },
    /// The server refused a statement of the runner itself. Exit code 1.
    #[error("{what}: {message} ({sqlstate})")]
    Server {
        /// What was tried.
        what: String,
        /// The SQLSTATE.
        sqlstate: String,
        /// The message, without the values of rows.
        message: String,
    },
    /// A file can not be read or written. Exit code 1.
    #[error("{path}: {problem}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        problem: String,
    },
}

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The process id of the server's backend.
    pub pid: i32,
    /// The `application_name` of the session.
    pub application: String,
    /// The address of the client, or `local`.
    pub host: String,
    /// Since when the session is connected.
    pub since: String,
}

/// What a revert would delete, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedLoss {
    /// The table or column.
    pub loss: Loss,
    /// The rows of the table, or those with a value in the column.
    pub rows: u64,
}

/// A statement that the server refused, or a function that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementFailure {
    /// What the statement does: `create table users`.
    pub description: String,
    /// The statement; of a function the one that failed, or none.
    pub sql: String,
    /// The line within the statement, from 1, where the server named a place.
    pub line: Option<usize>,
    /// The column within that line, from 1.
    pub column: Option<usize>,
    /// The SQLSTATE: `42P07`; empty where a function failed by itself.
    pub sqlstate: String,
    /// The message of the server.
    pub message: String,
    /// The detail, which can hold the values of rows: only with logging.
    pub detail: Option<String>,
    /// The server's hint.
    pub hint: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
    /// Who was in the way, for timeouts and deadlocks.
    pub blockers: Vec<String>,
    /// How often the segment was tried.
    pub attempts: u32,
}

impl Error {
    /// The exit code of the command line.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Migration { .. }
            | Error::Fence { .. }
            | Error::Server { .. }
            | Error::File { .. } => 1,
            Error::Configuration { .. } | Error::Usage { .. } => 2,
            Error::LockTimeout { .. } | Error::Pending { .. } | Error::MigrationMissing { .. } => 3,
            Error::Ledger { .. } | Error::Differs { .. } => 4,
            Error::NeedsResolve { .. } | Error::Unhealthy { .. } => 5,
            Error::Refused { .. } | Error::DataLoss { .. } | Error::Encryption { .. } => 6,
            Error::Connect { .. } => 7,
            Error::ConnectionLost { .. } => 8,
            Error::Interrupted { signal, .. } => 128 + signal,
            Error::Fleet { code, .. } => *code,
        }
    }

    /// The same error, knowing what the run had done before it.
    pub(crate) fn after(mut self, done: &[String]) -> Error {
        if let Error::Migration { applied, .. }
        | Error::ConnectionLost { applied, .. }
        | Error::Interrupted { applied, .. } = &mut self
        {
            *applied = done.to_vec();
        }
        self
    }

    pub(crate) fn ledger(problem: impl Into<String>, help: impl Into<String>) -> Error {
        Error::Ledger { problem: problem.into(), help: help.into() }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Holder { pid, application, host, since } = self;
        write!(formatter, "pid {pid}, `{application}`, from {host}, since {since}")
    }
}

impl fmt::Display for CountedLoss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows;
        match self.loss {
            Loss::Table { table } => write!(formatter, "table {table}: {rows} rows"),
            Loss::Column { table, column } => {
                write!(formatter, "column {column} of {table}: {rows} values")
            }
        }
    }
}

impl fmt::Display for StatementFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "  {}: {}", self.description, self.message)?;
        if !self.sqlstate.is_empty() {
            write!(formatter, " ({})", self.sqlstate)?;
        }
        self.write_sql(formatter)?;
        let notes = [("detail", &self.detail), ("hint", &self.hint), ("help", &self.advice)];
        for (label, text) in notes {
            if let Some(text) = text {
                write!(formatter, "\n  {label}: {text}")?;
            }
        }
        for blocker in &self.blockers {
            write!(formatter, "\n  blocked by: {blocker}")?;
        }
        if self.attempts > 1 {
            write!(formatter, "\n  tried {} times", self.attempts)?;
        }
        Ok(())
    }
}

impl StatementFailure {
    /// The statement with numbers of lines and a caret, cut where it is long.
    fn write_sql(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 12;
        let line = self.line.unwrap_or(1);
        let first = line.saturating_sub(MOST / 2).max(1);
        for (index, text) in self.sql.lines().enumerate().skip(first - 1).take(MOST) {
            let number = index + 1;
            let text: String = text.chars().take(400).collect();
            write!(formatter, "\n  {number:>4} | {text}")?;
            if let (true, Some(column)) = (self.line == Some(number), self.column) {
                write!(formatter, "\n       | {:>column$}", "^")?;
            }
        }
        if self.sql.lines().count() >= first + MOST {
            write!(formatter, "\n       | …")?;
        }
        Ok(())
    }
}

fn help_text(help: &str) -> String {
    if help.is_empty() { String::new() } else { format!("\n  help: {help}") }
}

fn lines_text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  - {line}")).collect()
}

fn holder_text(holder: &Option<Holder>) -> String {
    holder.as_ref().map_or(String::new(), |holder| format!("; it is held by {holder}"))
}

fn segment_text(segment: &Option<(usize, usize)>) -> String {
    match segment {
        None | Some((0 | 1, _)) => "and was rolled back".into(),
        Some((number, total)) => format!(
            "at part {number} of {total}; the parts before it are done, and the next run goes on there"
        ),
    }
}

fn during_text(migration: &Option<String>) -> String {
    migration.as_ref().map_or(String::new(), |name| format!(" during `{name}`"))
}

fn applied_text(applied: &[String]) -> String {
    match applied {
        [] => String::new(),
        names => format!(" ({} done before it: {})", names.len(), names.join(", ")),
    }
}

fn loss_text(losses: &[CountedLoss]) -> String {
    losses.iter().map(|loss| format!("\n  - {loss}")).collect()
}
