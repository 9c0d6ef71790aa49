//! Where a macro is called.

use std::path::{Component, Path, PathBuf};

/// The file of a call, and the crate it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The file, where the compiler tells it.
    pub(crate) file: Option<PathBuf>,
    /// The folder of the crate's `Cargo.toml`.
    pub(crate) manifest_dir: PathBuf,
}

impl Site {
    /// `file` is relative to the folder that the compiler runs in.
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let manifest_dir = manifest_dir.unwrap_or_default();
        let file = file.and_then(|file| find(&file, &manifest_dir));
        Self { file, manifest_dir }
    }

    /// The folder of the migrations' files and their list, if the call stands
    /// in one of these files; else where they usually are.
    pub(crate) fn folder_of_migration(&self) -> Option<(PathBuf, PathBuf)> {
        self.folder_and_list("src/history")
    }

    /// The same for seeds.
    pub(crate) fn folder_of_seed(&self) -> Option<(PathBuf, PathBuf)> {
        self.folder_and_list("src/seeds")
    }

    fn folder_and_list(&self, usual: &str) -> Option<(PathBuf, PathBuf)> {
        let own = self.file.as_deref().and_then(Path::parent).map(Path::to_owned);
        let folder = own.unwrap_or_else(|| self.manifest_dir.join(usual));
        let lists = [folder.with_extension("rs"), folder.join("mod.rs")];
        let list = lists.into_iter().find(|list| list.is_file())?;
        Some((folder, list))
    }

    /// The list's file, if the call stands in one; else where it usually is.
    pub(crate) fn list(&self) -> Option<PathBuf> {
        self.own_or(["src/history.rs", "src/history/mod.rs"])
    }

    /// The same for the list of seeds.
    pub(crate) fn list_of_seeds(&self) -> Option<PathBuf> {
        self.own_or(["src/seeds.rs", "src/seeds/mod.rs"])
    }

    fn own_or(&self, usual: [&str; 2]) -> Option<PathBuf> {
        match &self.file {
            Some(file) => Some(file.clone()),
            None => {
                usual.iter().map(|path| self.manifest_dir.join(path)).find(|path| path.is_file())
            }
        }
    }

    /// The lock file.
    pub(crate) fn lock(&self) -> PathBuf {
        self.manifest_dir.join("history.lock")
    }

    /// A path as it is shown and stored: relative to the crate, with `/`.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.manifest_dir).unwrap_or(path);
        relative.to_string_lossy().replace('\\', "/")
    }
}

/// The absolute path of a file: from the working directory, else from the
/// crate, whose own folders may be a part of the path.
fn find(file: &Path, manifest_dir: &Path) -> Option<PathBuf> {
    // The usual case, without a look at each folder on the way.
    let plain = |path: &PathBuf| {
        path.starts_with(manifest_dir)
            && !path.components().any(|part| part == Component::ParentDir)
            && path.is_file()
    };
    if let Some(inside) = std::path::absolute(file).ok().filter(plain) {
        return Some(inside);
    }
    if let Ok(found) = file.canonicalize() {
        // As Cargo names the crate's folder, links are not resolved.
        let manifest = manifest_dir.canonicalize().ok();
        let inside =
            manifest.and_then(|manifest| found.strip_prefix(manifest).ok().map(Path::to_owned));
        return Some(inside.map_or(found, |inside| manifest_dir.join(inside)));
    }
    let parts: Vec<_> = file.components().collect();
    let suffix = |from: usize| manifest_dir.join(parts[from..].iter().collect::<PathBuf>());
    (0..parts.len()).map(suffix).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_from_the_crate() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(dir.path().join("src/history")).expect("a folder");
        let file = dir.path().join("src/history/m1_a.rs");
        std::fs::write(&file, "").expect("a file");
        for written in ["src/history/m1_a.rs", "some/where/src/history/m1_a.rs"] {
            assert_eq!(find(Path::new(written), dir.path()), Some(file.clone()), "{written}");
        }
        assert_eq!(find(Path::new("src/history/m2_b.rs"), dir.path()), None);
    }
}
