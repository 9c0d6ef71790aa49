//! The schema after every migration, from the files that the program was
//! compiled from.

use std::fs;
use std::path::Path;

use deepref_schema_core::history::Fold;
use deepref_schema_core::schema::Schema;
use deepref_schema_syntax::{Origins, list_in_file, migration_in_file};

use crate::{Error, History, Migration};

/// The schema after each migration, in their order, as far as it is known.
///
/// # Errors
///
/// Where the files are not those
/// that the program was compiled from.
pub(super) fn schemas(history: &History) -> Result<Vec<Option<Schema>>, Error> {
    if history.list_file.is_empty() {
        return Ok(inline(history));
    }
    let list = Path::new(history.manifest_dir).join(history.list_file);
    let text = fs::read_to_string(&list).map_err(|error| missing(&list, &error))?;
    let parsed = list_in_file(&text, &mut Origins::new()).and_then(|parsed| parsed.value);
    let parsed = parsed.ok_or_else(|| changed(&list))?;
    let listed = parsed.files.iter().map(|file| file.as_str());
    if !listed.eq(history.migrations.iter().map(|migration| migration.file)) {
        return Err(changed(&list));
    }
    let mut fold = Fold::new(parsed.settings);
    let folder = super::create::folder_of(&list);
    let mut schemas = Vec::with_capacity(history.migrations.len());
    for migration in history.migrations {
        replay(&mut fold, &folder, migration)?;
        schemas.push(Some(fold.schema().clone()));
    }
    Ok(schemas)
}

/// Of migrations in the list itself only the last schema is known.
fn inline(history: &History) -> Vec<Option<Schema>> {
    let mut schemas = vec![None; history.migrations.len()];
    if let Some(last) = schemas.last_mut() {
        *last = history.schema();
    }
    schemas
}

fn replay(fold: &mut Fold, folder: &Path, migration: &Migration) -> Result<(), Error> {
    let file = folder.join(format!("{}.rs", migration.file));
    let text = fs::read_to_string(&file).map_err(|error| missing(&file, &error))?;
    let parsed = migration_in_file(&text, &mut Origins::new()).and_then(|parsed| parsed.value);
    let parsed = parsed.filter(|parsed| parsed.checksum == migration.checksum);
    let parsed = parsed.ok_or_else(|| changed(&file))?;
    // The compiler has proved it: the checksum is the same.
    fold.replay(migration.file, &parsed);
    Ok(())
}

fn changed(path: &Path) -> Error {
    Error::Usage {
        problem: format!("{} is not what this program was compiled from", path.display()),
        help: "build the program again: `cargo migrate` does".into(),
    }
}

fn missing(path: &Path, error: &std::io::Error) -> Error {
    Error::Usage {
        problem: format!("{} can not be read: {error}", path.display()),
        help: "this command needs the files that the program was compiled from".into(),
    }
}
