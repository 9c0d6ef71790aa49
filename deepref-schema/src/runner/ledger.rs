//! The SQL of the ledger and of the table of steps in progress.

use deepref_schema_core::checksum::hex;
use deepref_schema_core::ident::literal;

use super::extensions;
use super::names::Names;
use super::state::{LEDGER_COMMENT, LedgerTable, State};
use super::work::Work;
use crate::Error;

/// The columns that extend TypeORM's table, with their types.
const EXTENSION: [(&str, &str); 7] = [
    ("checksum", "bytea"),
    ("applied_at", "timestamp with time zone"),
    ("applied_by", "text"),
    ("duration_ms", "bigint"),
    ("tool_version", "text"),
    ("down_plan", "jsonb"),
    ("found_extensions", "text[]"),
];

/// The columns of the table of steps in progress, with their types.
const PROGRESS: [(&str, &str); 10] = [
    ("version", "bigint PRIMARY KEY"),
    ("name", "text NOT NULL"),
    ("direction", "text NOT NULL"),
    ("step", "integer NOT NULL"),
    ("state", "text NOT NULL"),
    ("cursor", "jsonb"),
    ("checksum", "bytea"),
    ("started_at", "timestamp with time zone NOT NULL"),
    ("down_plan", "jsonb"),
    ("found_extensions", "text[]"),
];

/// Checks that the ledger is a table that rows can be recorded in.
pub(super) fn check_shape(table: &LedgerTable, names: &Names) -> Result<(), Error> {
    let other = |problem: String| {
        Err(Error::ledger(
            format!("{} is not a ledger: {problem}", names.ledger()),
            "name another table in the history: `#![ledger(schema.table)]`",
        ))
    };
    if table.kind != "r" {
        return other("it is not an ordinary table".into());
    }
    let ty = |name: &str| {
        table.columns.iter().find(|(column, _)| column == name).map(|(_, ty)| ty.as_str())
    };
    if !matches!(ty("timestamp"), Some("bigint" | "integer")) {
        return other("it has no column `timestamp` of type bigint".into());
    }
    if !matches!(ty("name"), Some("character varying" | "text")) {
        return other("it has no column `name` of type varchar".into());
    }
    for (name, expected) in EXTENSION {
        if let Some(found) = ty(name).filter(|found| *found != expected) {
            return other(format!("its column `{name}` is of type {found}, not {expected}"));
        }
    }
    Ok(())
}

/// Checks that a table of that name is the table of steps in progress.
pub(super) fn check_progress(state: &State, names: &Names) -> Result<(), Error> {
    let has = |name: &str| state.progress_columns.iter().any(|(column, _)| column == name);
    let missing = PROGRESS.iter().find(|(name, ty)| ty.contains("NOT NULL") && !has(name));
    match missing {
        Some((name, _)) if state.progress_exists() => Err(Error::ledger(
            format!(
                "{} is not the table of steps in progress: it has no column `{name}`",
                names.progress()
            ),
            "it stands beside the ledger; name another one in the history: `#![ledger(schema.table)]`",
        )),
        _ => Ok(()),
    }
}

/// The statements that make the ledger, or complete the one of another tool,
/// in the transaction of the first migration. None where it is complete.
pub(super) fn prepare(state: &State, names: &Names) -> Vec<String> {
    let mut statements = prepare_ledger(state, names);
    statements.extend(complete(&names.progress(), &PROGRESS, &state.progress_columns));
    statements
}

/// Adds the columns that an older version of the program did not have.
fn complete(
    table: &str,
    columns: &[(&str, &str)],
    existing: &[(String, String)],
) -> Option<String> {
    let missing: Vec<_> = columns
        .iter()
        .filter(|(name, _)| !existing.iter().any(|(column, _)| column == name))
        .map(|(name, ty)| format!("ADD COLUMN {name} {ty}"))
        .collect();
    let needed = !existing.is_empty() && !missing.is_empty();
    needed.then(|| format!("ALTER TABLE {table} {}", missing.join(", ")))
}

fn prepare_ledger(state: &State, names: &Names) -> Vec<String> {
    let ledger = names.ledger();
    let index = format!("CREATE UNIQUE INDEX {} ON {ledger} (\"timestamp\")", names.index());
    let comment = format!("COMMENT ON TABLE {ledger} IS {}", literal(LEDGER_COMMENT));
    let Some(table) = &state.ledger else {
        let columns: Vec<_> = EXTENSION.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
        let create = format!(
            "CREATE TABLE {ledger} (id serial PRIMARY KEY, \"timestamp\" bigint NOT NULL, name character varying NOT NULL, {})",
            columns.join(", ")
        );
        let schema =
            (!state.schema_exists).then(|| format!("CREATE SCHEMA {}", names.schema_name()));
        return schema.into_iter().chain([create, index, comment]).collect();
    };
    let mut statements = Vec::from_iter(complete(&ledger, &EXTENSION, &table.columns));
    if !table.has_unique_index {
        statements.push(index);
    }
    if table.comment.is_empty() && !statements.is_empty() {
        statements.push(comment);
    }
    statements
}

/// Makes the table of steps in progress.
pub(super) fn prepare_progress(names: &Names) -> String {
    let columns: Vec<_> = PROGRESS.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
    format!("CREATE TABLE IF NOT EXISTS {} ({})", names.progress(), columns.join(", "))
}

/// The claim: the row of a migration, under the unique index of its version.
pub(super) fn insert(work: &Work, names: &Names, found_extensions: &str) -> String {
    format!(
        "INSERT INTO {} (\"timestamp\", name, checksum, applied_at, applied_by, tool_version, down_plan, found_extensions) \
         VALUES ({}, {}, {}, pg_catalog.clock_timestamp(), current_user, {}, {}, {found_extensions})",
        names.ledger(),
        work.version,
        literal(&work.name),
        bytes(work.checksum),
        literal(env!("CARGO_PKG_VERSION")),
        work.down_plan.as_ref().map_or("NULL".into(), |plan| format!("{}::jsonb", literal(plan))),
    )
}

/// Notes how long the migration took, in the transaction of its row.
pub(super) fn set_duration(work: &Work, names: &Names, start: &str) -> String {
    format!(
        "UPDATE {} SET duration_ms = (extract(epoch FROM pg_catalog.clock_timestamp() - {start}) * 1000)::bigint WHERE \"timestamp\" = {}",
        names.ledger(),
        work.version
    )
}

/// Removes the row of a migration.
pub(super) fn delete(work: &Work, names: &Names) -> String {
    format!("DELETE FROM {} WHERE \"timestamp\" = {}", names.ledger(), work.version)
}

/// Begins a migration of several segments.
pub(super) fn begin_progress(work: &Work, names: &Names) -> String {
    let found_extensions = if work.up {
        extensions::found(work)
    } else {
        format!(
            "(SELECT found_extensions FROM {} WHERE \"timestamp\" = {})",
            names.ledger(),
            work.version
        )
    };
    format!(
        "INSERT INTO {} (version, name, direction, step, state, checksum, started_at, down_plan, found_extensions) \
         VALUES ({}, {}, {}, 0, 'ready', {}, pg_catalog.clock_timestamp(), {}, {found_extensions})",
        names.progress(),
        work.version,
        literal(&work.name),
        if work.up { "'up'" } else { "'down'" },
        bytes(work.checksum),
        work.down_plan
            .as_ref()
            .filter(|_| !work.up)
            .map_or("NULL".into(), |plan| format!("{}::jsonb", literal(plan))),
    )
}

/// Moves a migration of several segments to a step.
pub(super) fn set_progress(work: &Work, names: &Names, step: usize, state: &str) -> String {
    format!(
        "UPDATE {} SET step = {step}, state = '{state}', cursor = NULL WHERE version = {}",
        names.progress(),
        work.version
    )
}

/// Ends a migration of several segments.
pub(super) fn end_progress(work: &Work, names: &Names) -> String {
    format!("DELETE FROM {} WHERE version = {}", names.progress(), work.version)
}

/// The extensions that a migration of several segments found.
pub(super) fn progress_extensions(work: &Work, names: &Names) -> String {
    format!("(SELECT found_extensions FROM {} WHERE version = {})", names.progress(), work.version)
}

/// When a migration of several segments began, as an expression.
pub(super) fn progress_start(work: &Work, names: &Names) -> String {
    format!("(SELECT started_at FROM {} WHERE version = {})", names.progress(), work.version)
}

pub(super) fn bytes(checksum: Option<[u8; 32]>) -> String {
    checksum.map_or("NULL".into(), |checksum| format!("'\\x{}'::bytea", hex(&checksum)))
}
