//! What to do, from what is declared and what is recorded. Pure: no server.

use super::names::Names;
use super::state::{AppliedRow, ProgressRow, State};
use super::{ledger, squashed};
use crate::migration::{History, Migration};
use crate::{Ahead, Error};

/// The result of comparing the history with the ledger.
#[derive(Debug)]
pub(super) struct Plan {
    /// What is declared and not recorded, oldest first.
    pub(super) pending: Vec<&'static Migration>,
    /// What is recorded and not declared: a newer program was here.
    pub(super) unknown: Vec<AppliedRow>,
    /// What was begun and not ended; at most one, under the lock.
    pub(super) interrupted: Option<ProgressRow>,
    /// What is to be recorded instead of all that it replaces.
    pub(super) squashed: Vec<&'static Migration>,
}

/// How strict the comparison is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Policy {
    /// Allows a pending migration below the highest applied one.
    pub(super) out_of_order: bool,
    /// What an unknown applied migration means.
    pub(super) ahead: Ahead,
}

/// Compares everything before anything runs.
pub(super) fn compare(
    history: &History,
    state: &State,
    names: &Names,
    policy: Policy,
) -> Result<Plan, Error> {
    check_history(history)?;
    let state = &state.clone().seen_by(history);
    check_ledger(state, names)?;
    ledger::check_progress(state, names)?;
    squashed::check(history, state)?;
    let mut unknown = Vec::new();
    for row in &state.applied {
        match history.find(row.version) {
            Some(migration) => check_row(row, migration)?,
            None => unknown.push(row.clone()),
        }
    }
    if let (Some(row), Ahead::Error) = (unknown.first(), policy.ahead) {
        return Err(unknown_error(row, history));
    }
    let pending: Vec<_> = history
        .migrations
        .iter()
        .copied()
        .filter(|migration| state.row(migration.version).is_none())
        .collect();
    let interrupted = interrupted(history, state, names)?;
    if !policy.out_of_order {
        check_order(&pending, state, interrupted.as_ref())?;
    }
    Ok(Plan { pending, unknown, interrupted, squashed: state.squashed.clone() })
}

/// What the macros guarantee; a history written by hand may not have it.
fn check_history(history: &History) -> Result<(), Error> {
    check_replaces(history)?;
    match history.migrations.windows(2).find(|pair| pair[0].version >= pair[1].version) {
        None => Ok(()),
        Some(pair) => Err(Error::Usage {
            problem: format!(
                "the history is not in order: {} stands before {}",
                pair[0].version, pair[1].version
            ),
            help: String::new(),
        }),
    }
}

/// What was squashed is not in the history any more.
fn check_replaces(history: &History) -> Result<(), Error> {
    for migration in history.migrations {
        let others = migration.replaces.iter().filter(|one| one.version != migration.version);
        if let Some(both) = others.into_iter().find_map(|one| history.find(one.version)) {
            return Err(Error::Usage {
                problem: format!(
                    "`{}` replaces `{}`, which is still in the history",
                    migration.ledger_name(),
                    both.ledger_name()
                ),
                help: "remove its file and its line in the list".into(),
            });
        }
    }
    Ok(())
}

fn check_ledger(state: &State, names: &Names) -> Result<(), Error> {
    match (&state.ledger, &state.stranger) {
        (Some(table), _) => ledger::check_shape(table, names),
        (None, Some(stranger)) => Err(Error::ledger(
            format!(
                "the database is not empty (it holds {stranger}), and there is no ledger {}",
                names.ledger()
            ),
            "is this the right database? a ledger that was dropped must be restored; otherwise name an empty database, or take this one over: `cargo migrate adopt`",
        )),
        (None, None) => Ok(()),
    }
}

fn check_row(row: &AppliedRow, migration: &Migration) -> Result<(), Error> {
    if row.name != migration.ledger_name() {
        return Err(Error::ledger(
            format!(
                "{} is recorded as `{}`, but the program calls it `{}`",
                row.version,
                row.name,
                migration.ledger_name()
            ),
            "nothing was run; restore the name in the program",
        ));
    }
    if row.checksum.is_some_and(|checksum| checksum != migration.checksum) {
        return Err(edited(&row.name));
    }
    Ok(())
}

fn edited(name: &str) -> Error {
    Error::ledger(
        format!("`{name}` was edited after it was applied"),
        "nothing was run; restore its text, and put the change into a new migration",
    )
}

fn unknown_error(row: &AppliedRow, history: &History) -> Error {
    let newest = history.migrations.last().map_or(0, |migration| migration.version);
    let (problem, help) = if row.version > newest {
        ("the database is ahead of this program", "use the program that applied it, or a newer one")
    } else {
        ("this program does not know it", "restore its file and its line in the list")
    };
    Error::ledger(
        format!("`{}` is applied, but {problem}", row.name),
        format!("nothing was run; {help}"),
    )
}

fn check_order(
    pending: &[&'static Migration],
    state: &State,
    interrupted: Option<&ProgressRow>,
) -> Result<(), Error> {
    let Some(highest) = state.applied.last() else { return Ok(()) };
    let begun =
        |migration: &Migration| interrupted.is_some_and(|row| row.version == migration.version);
    match pending.iter().find(|migration| migration.version < highest.version && !begun(migration))
    {
        None => Ok(()),
        Some(migration) => Err(Error::ledger(
            format!(
                "`{}` is pending, but `{}`, which comes after it, is applied",
                migration.ledger_name(),
                highest.name
            ),
            "nothing was run; give it a version above the last one, or say `--out-of-order` where the order does not matter",
        )),
    }
}

fn interrupted(
    history: &History,
    state: &State,
    names: &Names,
) -> Result<Option<ProgressRow>, Error> {
    if let [first, second, ..] = state.progress.as_slice() {
        return Err(Error::ledger(
            format!(
                "{} holds two unfinished migrations, `{}` and `{}`",
                names.progress(),
                first.name,
                second.name
            ),
            "nothing was run; only one can be unfinished: delete the row that is not",
        ));
    }
    let Some(row) = state.progress.first() else { return Ok(None) };
    match history.find(row.version) {
        Some(migration) if row.checksum.is_some_and(|checksum| checksum != migration.checksum) => {
            Err(edited(&row.name))
        }
        None if row.up => Err(Error::ledger(
            format!("`{}` is half applied, and this program does not know it", row.name),
            "nothing was run; use the program that began it",
        )),
        _ => Ok(Some(row.clone())),
    }
}
