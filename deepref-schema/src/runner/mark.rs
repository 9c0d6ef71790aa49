//! Recording migrations as applied without running them.

use deepref_schema_core::ident::literal;

use super::migrator::Migrator;
use super::names::Names;
use super::state::State;
use super::work::Work;
use super::{Failure, ledger, lock, session};
use crate::{Error, Migration};

/// A migration that is to be recorded as applied.
#[derive(Debug, Clone)]
pub(crate) struct Mark(Work);

impl Mark {
    /// One of the program.
    pub(crate) fn of(migration: &Migration) -> Self {
        Self(Work::up(migration))
    }

    /// One that the program will have when it is built again. It is reverted
    /// by its own `down` then.
    pub(crate) fn written(version: i64, name: &str, checksum: [u8; 32]) -> Self {
        Self(Work {
            version,
            name: format!("{name}{version}"),
            up: true,
            checksum: Some(checksum),
            segments: Vec::new(),
            down_plan: None,
            limits: crate::Limits::NONE,
        })
    }
}

/// Records them in one transaction, under the lock.
pub(super) async fn mark(migrator: &mut Migrator, marks: &[Mark]) -> Result<(), Error> {
    let (mut connection, state) = session::open(migrator, "adopt").await?;
    session::check_writable(migrator, &state)?;
    let wait = migrator.options.lock_wait;
    let names = &migrator.names;
    let look =
        lock::acquire(&mut connection, names, wait, &mut migrator.observer, |_| Ok(false)).await?;
    let timeout = format!("SET LOCAL lock_timeout = {}", migrator.options.lock_timeout.as_millis());
    let records = marks.iter().map(|mark| record(&mark.0, &look.state, names));
    let statements: Vec<_> = ["BEGIN".to_owned(), timeout]
        .into_iter()
        .chain(ledger::prepare(&look.state, names))
        .chain(records)
        .chain(["COMMIT".to_owned()])
        .collect();
    match connection.send(&statements.join(";\n")).await {
        Ok(_) => lock::release(&mut connection, names).await,
        Err(failed) => {
            let is_lost = matches!(failed.failure, Failure::Lost(_));
            let error = failed.into_error("the migrations could not be recorded");
            match is_lost && is_recorded(migrator, marks).await.unwrap_or(false) {
                true => Ok(()),
                false => Err(error),
            }
        }
    }
}

/// Where the answer to the COMMIT was lost, the ledger tells, once the old
/// session has let go of the lock.
async fn is_recorded(migrator: &mut Migrator, marks: &[Mark]) -> Result<bool, Error> {
    let (mut connection, _) = session::open(migrator, "adopt").await?;
    let (wait, names) = (migrator.options.lock_wait, &migrator.names);
    let look =
        lock::acquire(&mut connection, names, wait, &mut migrator.observer, |_| Ok(false)).await?;
    let is_recorded = |mark: &Mark| {
        let row = look.state.row(mark.0.version);
        row.is_some_and(|row| row.checksum == mark.0.checksum)
    };
    Ok(marks.iter().all(is_recorded))
}

/// What is taken over was there before: its revert leaves the extensions.
const ALL_EXTENSIONS: &str =
    "(SELECT pg_catalog.array_agg(extname::text ORDER BY extname) FROM pg_catalog.pg_extension)";

/// A row that another tool wrote is completed.
fn record(work: &Work, state: &State, names: &Names) -> String {
    if state.row(work.version).is_none() {
        return ledger::insert(work, names, ALL_EXTENSIONS);
    }
    let plan =
        work.down_plan.as_ref().map_or("NULL".into(), |plan| format!("{}::jsonb", literal(plan)));
    format!(
        "UPDATE {} SET checksum = {}, tool_version = {}, down_plan = {plan} WHERE \"timestamp\" = {}",
        names.ledger(),
        ledger::bytes(work.checksum),
        literal(env!("CARGO_PKG_VERSION")),
        work.version
    )
}
