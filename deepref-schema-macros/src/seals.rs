//! The seals on released migrations.

use std::path::Path;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::migration::Migration;
use deepref_schema_core::origin::Origin;
use deepref_schema_core::seal::{Seal, chain, parse};

const RULE: &str = "sealed";

/// The seals of a lock file; none where there is no file.
pub(crate) fn read(lock: &Path) -> Result<Vec<Seal>, String> {
    let Ok(text) = std::fs::read_to_string(lock) else {
        return Ok(Vec::new());
    };
    parse(&text).map_err(|(line, why)| format!("`history.lock`, line {line}: {why}"))
}

/// Whether the migration at a position of the list is released.
pub(crate) fn is_sealed(seals: &[Seal], position: usize, stem: &str) -> bool {
    seals.get(position).is_some_and(|seal| seal.file == stem)
}

/// What is wrong with the migration at a position of the list.
pub(crate) fn check_migration(
    seals: &[Seal],
    position: usize,
    stem: &str,
    migration: &Migration,
) -> Option<Diagnostic> {
    let seal = seals.get(position).filter(|seal| seal.file == stem)?;
    let before = position.checked_sub(1).map_or([0; 32], |before| seals[before].hash);
    let name = migration.name.as_str();
    if chain(&before, &migration.checksum, migration.version, name) == seal.hash {
        return None;
    }
    let message = format!("`{name}` was released and sealed, and has been changed since");
    Some(
        Diagnostic::new(RULE, migration.name.origin, message)
            .help("restore it, and write the change as a new migration"),
    )
}

/// What is wrong with the order of the list: the sealed files come first.
pub(crate) fn check_list(seals: &[Seal], files: &[Ident], end: Origin) -> Option<Diagnostic> {
    let differs =
        |(at, seal): &(usize, &Seal)| files.get(*at).is_none_or(|file| *file != *seal.file);
    let (at, seal) = seals.iter().enumerate().find(differs)?;
    let origin = files.get(at).map_or(end, |file| file.origin);
    let message = if files.iter().any(|file| *file == *seal.file) {
        format!("the migration sealed at this place is `{}`", seal.file)
    } else {
        format!("the sealed migration `{}` is missing", seal.file)
    };
    Some(Diagnostic::new(RULE, origin, message).help(
        "restore the order of the released migrations, and write the change as a new migration",
    ))
}
