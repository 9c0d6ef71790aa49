//! Migrations that were squashed into one, in a database that applied them
//! one by one.

use deepref_schema_core::ident::literal;

use super::ledger;
use super::names::Names;
use super::state::{AppliedRow, State};
use super::work::Work;
use crate::{Error, History, Migration};

impl State {
    /// The state as a history sees it: where all that a migration replaces is
    /// applied, that migration is.
    pub(super) fn seen_by(mut self, history: &History) -> State {
        for migration in history.migrations.iter().copied() {
            if is_complete(migration, &self) {
                self.replace(migration);
            }
        }
        self
    }

    fn replace(&mut self, migration: &'static Migration) {
        let (replaced, mut applied): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.applied).into_iter().partition(|row| replaces(migration, row));
        let Some(last) = replaced.last() else { return };
        let mut found_extensions: Vec<_> =
            replaced.iter().flat_map(|row| row.found_extensions.iter().cloned()).collect();
        found_extensions.sort();
        found_extensions.dedup();
        let row = AppliedRow {
            name: migration.ledger_name(),
            checksum: Some(migration.checksum),
            duration_ms: replaced.iter().map(|row| row.duration_ms).sum(),
            found_extensions,
            ..last.clone()
        };
        applied.push(row);
        applied.sort_by_key(|row| row.version);
        self.applied = applied;
        self.squashed.push(migration);
    }
}

/// Refuses a database that has applied a part of what was squashed.
pub(super) fn check(history: &History, state: &State) -> Result<(), Error> {
    for migration in history.migrations {
        let Some(row) = state.applied.iter().find(|row| replaces(migration, row)) else { continue };
        // All of it would have been taken for the migration itself.
        let missing = migration.replaces.iter().find(|one| state.row(one.version).is_none());
        let why = match missing {
            Some(missing) => format!("{} is not", missing.version),
            None => "another of them was edited or is not finished".into(),
        };
        return Err(Error::ledger(
            format!(
                "`{}` is applied, which was squashed into `{}`, but {why}",
                row.name,
                migration.ledger_name()
            ),
            format!(
                "nothing was run; first run the program from before the squash here, up to {}",
                migration.version
            ),
        ));
    }
    Ok(())
}

/// The statements that record it instead of what it replaces.
pub(super) fn record(migration: &Migration, state: &State, names: &Names) -> Vec<String> {
    let versions: Vec<_> = migration.replaces.iter().map(|one| one.version.to_string()).collect();
    let extensions = state.row(migration.version).map(|row| &row.found_extensions);
    let extensions: Vec<_> = extensions.into_iter().flatten().map(|name| literal(name)).collect();
    let work = Work::up(migration);
    let plan =
        work.down_plan.as_ref().map_or("NULL".into(), |plan| format!("{}::jsonb", literal(plan)));
    let (ledger, version) = (names.ledger(), migration.version);
    vec![
        format!(
            "DELETE FROM {ledger} WHERE \"timestamp\" IN ({}) AND \"timestamp\" <> {version}",
            versions.join(", ")
        ),
        format!(
            "UPDATE {ledger} SET name = {}, checksum = {}, tool_version = {}, down_plan = {plan}, \
             found_extensions = ARRAY[{}]::text[] WHERE \"timestamp\" = {version}",
            literal(&work.name),
            ledger::bytes(work.checksum),
            literal(env!("CARGO_PKG_VERSION")),
            extensions.join(", ")
        ),
    ]
}

fn is_complete(migration: &Migration, state: &State) -> bool {
    let recorded = |one: &crate::migration::Replaced| {
        state.applied.iter().any(|row| {
            row.version == one.version
                && replaces(migration, row)
                && row.checksum.is_none_or(|checksum| checksum == one.checksum)
        })
    };
    let begun = |one: &crate::migration::Replaced| {
        state.progress.iter().any(|row| row.version == one.version)
    };
    !migration.replaces.is_empty()
        && migration.replaces.iter().all(|one| recorded(one) && !begun(one))
}

/// Whether a row is one of those that a migration replaces, and not its own.
fn replaces(migration: &Migration, row: &AppliedRow) -> bool {
    migration.replaces.iter().any(|one| one.version == row.version)
        && row.name != migration.ledger_name()
}
