//! Which history an entity or a seed belongs to, and what makes Cargo look again.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::origin::Origin;
use deepref_schema_syntax::entity::Metadata;
use proc_macro2::TokenStream;
use quote::quote;

use crate::ending::{self, Ending};
use crate::site::Site;

/// The list of the migrations: the one that is written, the one in the same
/// file, the one of the same crate, the one that `Cargo.toml` names.
pub(crate) fn list(
    site: &Site,
    written: Option<&(String, Origin)>,
) -> Result<Option<PathBuf>, Diagnostic> {
    if let Some((path, origin)) = written {
        let list = joined(&site.manifest_dir, path);
        return match list.is_file() {
            true => Ok(Some(list)),
            false => {
                let message = format!("there is no file `{path}` in the folder of the crate");
                let help = "write the path of the list of migrations, from the crate's Cargo.toml";
                Err(Diagnostic::new("missing_file", *origin, message).help(help))
            }
        };
    }
    let own = site.file.as_deref().filter(|file| ending::holds_list(file));
    let usual = || {
        let paths =
            ["src/history.rs", "src/history/mod.rs"].map(|path| site.manifest_dir.join(path));
        paths.into_iter().find(|path| path.is_file())
    };
    Ok(own.map(Path::to_owned).or_else(usual).or_else(|| named(&site.manifest_dir)))
}

/// The list that the `Cargo.toml` of the crate or of its workspace names.
fn named(manifest_dir: &Path) -> Option<PathBuf> {
    let read = |folder: &Path| std::fs::read_to_string(folder.join("Cargo.toml")).ok();
    let own = Metadata::read(&read(manifest_dir)?, "package");
    if let Some(path) = own.history {
        return Some(joined(manifest_dir, &path)).filter(|path| path.is_file());
    }
    manifest_dir.ancestors().find_map(|folder| {
        let path = Metadata::read(&read(folder)?, "workspace").history?;
        Some(joined(folder, &path)).filter(|path| path.is_file())
    })
}

/// A path from a folder, with its `..` gone: it is compared with the crate's.
fn joined(folder: &Path, path: &str) -> PathBuf {
    let mut joined = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => drop(joined.pop()),
            part => joined.push(part),
        }
    }
    joined
}

/// What this crate is rebuilt for already.
static TRACKED: Mutex<Option<HashSet<(String, PathBuf)>>> = Mutex::new(None);

/// Makes the compiler look again when a history of another crate changes: once
/// for each crate, since two hundred entities would read a thousand files each.
pub(crate) fn tracked(list: &Path, ending: &Ending, site: &Site) -> TokenStream {
    if list.starts_with(&site.manifest_dir) {
        // The compiler reads these files anyway.
        return TokenStream::new();
    }
    let krate = std::env::var("CARGO_CRATE_NAME").unwrap_or_default();
    let mut tracked = TRACKED.lock().unwrap_or_else(PoisonError::into_inner);
    if !tracked.get_or_insert_default().insert((krate, list.to_owned())) {
        return TokenStream::new();
    }
    let files = ending.files.iter().filter_map(|file| file.to_str());
    files.map(|file| quote! { const _: &[u8] = ::core::include_bytes!(#file); }).collect()
}
