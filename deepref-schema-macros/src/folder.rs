//! The list of a history against the files in its folder.

use std::path::Path;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::migration::version_of_stem;
use deepref_schema_core::origin::Origin;

use crate::site::Site;

/// The stems of the migrations' files in a folder, by version. Other files
/// are the user's own.
pub(crate) fn stems(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut stems: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .filter(|stem| version_of_stem(stem).is_some())
        .collect();
    stems.sort_by_key(|stem| version_of_stem(stem));
    stems
}

/// Compares the list with the folder, and the list with itself.
pub(crate) fn check(files: &[Ident], folder: &Path, site: &Site, end: Origin) -> Vec<Diagnostic> {
    let mut diagnostics = order(files);
    let present = stems(folder);
    for file in files.iter().filter(|file| version_of_stem(file.as_str()).is_some()) {
        if present.iter().any(|stem| *file == **stem) && !holds_migration(file, folder) {
            let message = format!("the file of `{file}` holds no `migration!`");
            diagnostics.push(
                Diagnostic::new("missing_file", file.origin, message)
                    .help("write `migration! { … }` into it, or delete it and the line"),
            );
        }
        if !present.iter().any(|stem| *file == **stem) {
            let path = site.shown(&folder.join(format!("{file}.rs")));
            let message = format!("there is no file `{path}`");
            diagnostics.push(
                Diagnostic::new("missing_file", file.origin, message)
                    .help("create it, or delete the line"),
            );
        }
    }
    for stem in present.iter().filter(|stem| !files.iter().any(|file| *file == ***stem)) {
        diagnostics.push(unlisted(stem, files, end));
    }
    diagnostics
}

/// Whether a file holds a migration, at first glance.
pub(crate) fn holds_migration(file: &Ident, folder: &Path) -> bool {
    let text = std::fs::read(folder.join(format!("{file}.rs"))).unwrap_or_default();
    let word = b"migration";
    text.windows(word.len()).any(|part| part == word)
}

fn unlisted(stem: &str, files: &[Ident], end: Origin) -> Diagnostic {
    let version = version_of_stem(stem);
    let before = files.iter().rev().find(|file| version_of_stem(file.as_str()) < version);
    let place = match before {
        Some(before) => format!("after `{before};`"),
        None => "at the beginning of the list".to_owned(),
    };
    let origin = before.or(files.last()).map_or(end, |file| file.origin);
    Diagnostic::new("unlisted_file", origin, format!("`{stem}.rs` is not in the list"))
        .help(format!("write `{stem};` {place}, or delete the file"))
}

/// The names of the files, their order, and that each is there once.
fn order(files: &[Ident]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut last: Option<(&Ident, i64)> = None;
    for file in files {
        let Some(version) = version_of_stem(file.as_str()) else {
            let message = format!("`{file}` is not the name of a migration's file");
            diagnostics.push(Diagnostic::new("file_name", file.origin, message).help(
                "a file is named `m<version>_<name>`, such as `m1732025000001_create_users`",
            ));
            continue;
        };
        match last {
            Some((before, before_version)) if version <= before_version => {
                diagnostics.push(not_ascending(file, version, before, before_version));
            }
            _ => last = Some((file, version)),
        }
    }
    diagnostics
}

fn not_ascending(file: &Ident, version: i64, before: &Ident, before_version: i64) -> Diagnostic {
    if file == before {
        let message = format!("`{file}` is in the list twice");
        return Diagnostic::new("order", file.origin, message).help("delete the line");
    }
    if version == before_version {
        let message = format!("`{before}` has the version {version} already");
        return Diagnostic::new("order", file.origin, message)
            .help("give the newer one a version of its own");
    }
    let message = format!("`{file}` stands after `{before}`, whose version is higher");
    Diagnostic::new("order", file.origin, message)
        .help("order the list by version; a new migration gets a new version")
}
