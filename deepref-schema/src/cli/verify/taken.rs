//! `verify --live --write Name`: what somebody changed in the database by hand
//! becomes a migration, which is recorded as applied there.

use deepref_schema_core::diff::{Answers, Plan, diff};
use deepref_schema_core::history::Fold;
use deepref_schema_core::language::{Style, authored};
use deepref_schema_core::migration::Migration;
use deepref_schema_core::schema::differences;
use deepref_schema_core::statement::Segment;

use super::super::create::New;
use super::super::database::Database;
use super::super::written::{apply, check_after, written_text};
use super::super::{output, sources};
use crate::runner::{Mark, on_own_thread};
use crate::verify::{self, Asking, with_scratch};
use crate::{Drift, Error, History};

/// Writes the migration and records it, after the proof that it makes what the
/// database holds.
pub(super) fn write(
    history: &History,
    database: &Database,
    asking: Asking<'_>,
    drift: &Drift,
    name: &str,
) -> Result<(), Error> {
    if let Some(pending) = database.migrator(history).status()?.pending().next() {
        return Err(refused(
            format!(
                "`{}{}` is pending: what differs is not all there is",
                pending.name, pending.version
            ),
            "run it first",
        ));
    }
    let new = New::find(history, name)?;
    sources::written(history)?;
    let fold = sources::fold(history)?;
    let text = text(&fold, &plan(drift)?, new.version, name)?;
    let (read, verified, _) = check_after(&text, &new.stem, fold)?;
    prove(history, asking, &verified.up, drift)?;
    new.write(&text)?;
    let mark = Mark::written(read.version, read.name.as_str(), read.checksum);
    database.migrator(history).mark(&[mark]).map_err(|error| Error::Usage {
        problem: format!("{error}\n  the migration is written, and not recorded as applied"),
        help: "delete its file and its line in the list, and try again".into(),
    })?;
    output::line("recorded it as applied here");
    output::line("next: `cargo migrate show` builds it; commit the files");
    Ok(())
}

/// What leads from the history to the database. Where two schemas do not tell
/// it all, nothing is guessed: other databases have rows.
fn plan(drift: &Drift) -> Result<Plan, Error> {
    let plan = diff(&drift.wanted, &drift.found, &Answers::default());
    if !plan.questions.is_empty() {
        return Err(refused(
            "a column or a table may have been renamed, or rows need a value: the database does not tell".into(),
            "write the migration with `cargo migrate create`",
        ));
    }
    if let Some(rest) = plan.rest.first() {
        let problem = format!("no statement of the language does this: {rest}");
        return Err(refused(problem, "write it as `sql` with `cargo migrate create`"));
    }
    if plan.operations.is_empty() {
        return Err(refused(
            "what differs is nothing that the model has".into(),
            "write it as `sql` with `cargo migrate create`",
        ));
    }
    Ok(plan)
}

fn text(fold: &Fold, plan: &Plan, version: i64, name: &str) -> Result<String, Error> {
    let style = Style {
        settings: fold.settings().clone(),
        concurrently: true,
        reason: Some("it was done by hand in a database".into()),
    };
    let up = authored(fold.schema(), &plan.operations, &style);
    let text = "What was done by hand in a database.".to_owned();
    written_text(&Migration { text, ..Migration::computed(version, name, up) })
}

/// Applies the history and the new migration to an empty database, and compares
/// its schema with that of the real one.
fn prove(
    history: &History,
    asking: Asking<'_>,
    up: &[Segment],
    drift: &Drift,
) -> Result<(), Error> {
    let left = on_own_thread(|| {
        with_scratch(asking, async |work, empty| {
            for migration in history.migrations {
                verify::apply(work, migration).await?;
            }
            apply(work, up).await?;
            let made = work.read_whole().await?;
            let (wanted, found) = (&drift.found, &made.catalog.schema);
            let stable = match empty.stable(wanted, &made.objects).await? {
                Some(wanted) => {
                    empty.stable(found, &made.objects).await?.map(|made| (wanted, made))
                }
                None => None,
            };
            let (wanted, found) = stable.unwrap_or_else(|| (wanted.clone(), found.clone()));
            Ok(differences(&wanted, &found))
        })
    })?;
    if left.is_empty() {
        return Ok(());
    }
    Err(Error::Differs {
        problem: "the migration makes something else than the database holds".into(),
        differences: left,
        help: "nothing was written".into(),
    })
}

fn refused(problem: String, help: &str) -> Error {
    Error::Refused { problem, help: format!("nothing was written; {help}") }
}
