//! The entities and the history of a crate, from their sources.

use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::diff::Rename;
use deepref_schema_core::entity::{Entity, Enumeration, Target, target};
use deepref_schema_core::history::Fold;
use deepref_schema_syntax::Origins;
use deepref_schema_syntax::entity::{Metadata, scan};

use super::create::{file_error, usage};
use crate::{Error, History};

/// The structs and enums of a crate that stand for tables and enum types.
#[derive(Debug, Default)]
pub(super) struct Entities {
    entities: Vec<Entity>,
    enums: Vec<Enumeration>,
    files: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    path: PathBuf,
    text: String,
    origins: Origins,
}

impl Entities {
    /// Reads the files in the folders that the manifest names.
    pub(super) fn read(history: &History) -> Result<Self, Error> {
        let mut entities = Self::default();
        let mut mistakes = Vec::new();
        for path in paths(Path::new(history.manifest_dir))? {
            let text = fs::read_to_string(&path).map_err(|error| file_error(&path, &error))?;
            let mut origins = Origins::new();
            let found = scan(&text, &mut origins).ok_or_else(|| {
                usage(&format!("{} is no Rust", path.display()), "`cargo check` says where")
            })?;
            entities.entities.extend(found.entities.into_iter().map(|derived| derived.of));
            entities.enums.extend(found.enums.into_iter().map(|derived| derived.of));
            entities.files.push(Source { path, text, origins });
            mistakes.extend(found.diagnostics);
        }
        entities.sound(&mistakes)?;
        if entities.entities.is_empty() && entities.enums.is_empty() {
            return Err(usage(
                "there are no entities",
                "derive `Entity` for structs in `src/entities`, or name their folders in \
                 Cargo.toml: `[package.metadata.deepref]` with `entities = [\"…\"]`",
            ));
        }
        Ok(entities)
    }

    /// The schema that the history should end in.
    pub(super) fn target(&self, history: &Fold) -> Result<Target, Error> {
        let target = target(history, &self.entities, &self.enums);
        self.sound(&target.mistakes)?;
        Ok(target)
    }

    /// The columns that may have been renamed.
    pub(super) fn possible_renames(&self, history: &Fold) -> Vec<Rename> {
        self.entities.iter().flat_map(|entity| entity.possible_renames(history)).collect()
    }

    /// Whether a table is described.
    pub(super) fn describes_table(&self, name: &deepref_schema_core::ident::ObjectName) -> bool {
        self.entities.iter().any(|entity| entity.name == *name)
    }

    /// Whether an enum is described.
    pub(super) fn describes_enum(&self, name: &deepref_schema_core::ident::ObjectName) -> bool {
        self.enums.iter().any(|one| one.name == *name)
    }

    fn sound(&self, mistakes: &[Diagnostic]) -> Result<(), Error> {
        if mistakes.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = mistakes.iter().map(|mistake| self.located(mistake)).collect();
        Err(usage(&format!("the entities are wrong\n{}", lines.join("\n")), ""))
    }

    fn located(&self, mistake: &Diagnostic) -> String {
        let text = mistake.text().replace("\n\n", "\n").replace('\n', "\n      ");
        let place = self.files.iter().find_map(|file| {
            let (line, column) = file.origins.line_and_column(mistake.origin, &file.text)?;
            Some(format!("{}:{line}:{column}: ", file.path.display()))
        });
        format!("  {}{text}", place.unwrap_or_default())
    }
}

/// The files of the entities.
fn paths(manifest_dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    match named(manifest_dir) {
        Some(folders) => {
            for folder in folders {
                visit(&folder, &mut files).map_err(|error| file_error(&folder, &error))?;
            }
        }
        None => {
            for usual in ["src/entities.rs", "src/entities"] {
                let path = manifest_dir.join(usual);
                if path.exists() {
                    visit(&path, &mut files).map_err(|error| file_error(&path, &error))?;
                }
            }
        }
    }
    Ok(files)
}

/// The folders that the `Cargo.toml` of the crate or of its workspace names.
fn named(manifest_dir: &Path) -> Option<Vec<PathBuf>> {
    let in_manifest = |folder: &Path, of: &str| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let folders = Metadata::read(&manifest, of).entities?;
        Some(folders.iter().map(|path| folder.join(path)).collect())
    };
    let of_workspace =
        || manifest_dir.ancestors().find_map(|folder| in_manifest(folder, "workspace"));
    in_manifest(manifest_dir, "package").or_else(of_workspace)
}

/// Every file of Rust in a folder, by name; a file is itself.
fn visit(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "rs") {
            visit(&entry, files)?;
        }
    }
    Ok(())
}
