//! The history as it is written.

use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema_core::history::Fold;
use deepref_schema_core::schema::Schema;
use deepref_schema_syntax::history::{self, Written};

use super::create::{file_error, folder_of, usage};
use crate::{Error, History};

/// The migrations as they are written, those that the program was compiled
/// from.
pub(super) fn written(history: &History) -> Result<Written, Error> {
    let written = read(history)?;
    let list = list(history);
    if written.migrations.len() != history.migrations.len() {
        return Err(changed(&list));
    }
    for ((stem, written), compiled) in written.migrations.iter().zip(history.migrations) {
        if (written.version, written.checksum) != (compiled.version, compiled.checksum) {
            return Err(changed(&folder_of(&list).join(format!("{stem}.rs"))));
        }
    }
    Ok(written)
}

/// The history as the files have it now.
pub(super) fn fold(history: &History) -> Result<Fold, Error> {
    read(history)?.fold(|_| ()).ok_or_else(|| wrong(&list(history)))
}

/// The schema after each migration, in their order.
pub(super) fn schemas(history: &History) -> Result<Vec<Schema>, Error> {
    let mut schemas = Vec::with_capacity(history.migrations.len());
    let each = |fold: &Fold| schemas.push(fold.schema().clone());
    written(history)?.fold(each).ok_or_else(|| wrong(&list(history)))?;
    Ok(schemas)
}

fn list(history: &History) -> PathBuf {
    Path::new(history.manifest_dir).join(history.list_file)
}

fn read(history: &History) -> Result<Written, Error> {
    let list = list(history);
    if !history.inline.is_empty() {
        return history::read(history.inline, &Vec::new()).ok_or_else(|| wrong(&list));
    }
    let text = fs::read_to_string(&list).map_err(|error| file_error(&list, &error))?;
    let folder = folder_of(&list);
    let mut missing = None;
    let read = |stem: &str| {
        let file = folder.join(format!("{stem}.rs"));
        fs::read_to_string(&file).map_err(|error| missing = Some(file_error(&file, &error))).ok()
    };
    let sources = history::sources(&text, read);
    if let Some(error) = missing {
        return Err(error);
    }
    let written = sources.and_then(|sources| history::read(&text, &sources));
    written.ok_or_else(|| wrong(&list))
}

fn wrong(list: &Path) -> Error {
    usage(
        &format!("{} and its files can not be read", list.display()),
        "`cargo check` says what is wrong",
    )
}

fn changed(path: &Path) -> Error {
    usage(
        &format!("{} is not what this program was compiled from", path.display()),
        "build the program again: `cargo migrate` does",
    )
}
