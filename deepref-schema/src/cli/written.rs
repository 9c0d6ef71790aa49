//! A migration that a command wrote, before it is in a file.

use deepref_schema_core::history::{Fold, Verified};
use deepref_schema_core::language::file;
use deepref_schema_core::migration::{Migration, Settings};
use deepref_schema_core::statement::{Run, Segment};
use deepref_schema_syntax::{Origins, migration_in_file};

use crate::Error;
use crate::inspect::Reader;

/// The text of a migration in the language.
pub(super) fn written_text(migration: &Migration) -> Result<String, Error> {
    file(migration).map_err(|wrong| Error::Refused {
        problem: lines("the language has no words for this", wrong.iter()),
        help: "nothing was written".into(),
    })
}

/// Reads what was written, and checks it as the compiler does.
pub(super) fn check(
    text: &str,
    stem: &str,
    settings: Settings,
) -> Result<(Migration, Verified, Fold), Error> {
    check_after(text, stem, Fold::new(settings))
}

/// The same after the migrations before it.
pub(super) fn check_after(
    text: &str,
    stem: &str,
    mut fold: Fold,
) -> Result<(Migration, Verified, Fold), Error> {
    let parsed = migration_in_file(text, &mut Origins::new());
    let (read, mut diagnostics) =
        parsed.map_or((None, Vec::new()), |parsed| (parsed.value, parsed.diagnostics));
    let verified = read.as_ref().map(|read| fold.step(stem, read)).unwrap_or_default();
    diagnostics.extend(verified.diagnostics.iter().cloned());
    match read {
        Some(read) if diagnostics.is_empty() => Ok((read, verified, fold)),
        _ => Err(Error::Refused {
            problem: lines(
                "the compiler would refuse the migration that makes what is there",
                diagnostics.iter().map(|diagnostic| diagnostic.text()),
            ),
            help: "nothing was written".into(),
        }),
    }
}

/// What is wrong, an item a line.
pub(super) fn lines(head: &str, items: impl Iterator<Item = impl std::fmt::Display>) -> String {
    let lines: String =
        items.map(|item| format!("\n  - {}", item.to_string().replace('\n', "\n    "))).collect();
    format!("{head}{lines}")
}

/// Applies it to an empty database, in the transactions of the runner.
pub(super) async fn apply(empty: &mut Reader, up: &[Segment]) -> Result<(), Error> {
    for segment in up {
        let is_outside = matches!(segment.run, Run::Outside);
        if !is_outside {
            send(empty, "BEGIN", "BEGIN").await?;
        }
        for statement in &segment.statements {
            send(empty, &statement.sql, &statement.description).await?;
        }
        if !is_outside {
            send(empty, "COMMIT", "COMMIT").await?;
        }
    }
    Ok(())
}

async fn send(empty: &mut Reader, sql: &str, description: &str) -> Result<(), Error> {
    let sent = empty.send(sql).await;
    sent.map_err(|failed| failed.into_error(&format!("`{description}`")))
}
