//! What one compilation leaves for the next: the expansions of migrations that
//! were found to be right, in order, and the schema at a few places.
//!
//! It is one file in the folder of the crate's build script; a crate without
//! one has none. An expansion counts only after all before it counted, each
//! for the same tokens and seals, in a file that this build of the macros
//! wrote under the same settings. Tokens are compared whole, not by a hash.
//! Findings are never kept. A file that can not be read whole is not used.

use std::path::{Path, PathBuf};

use deepref_schema_core::checksum::{hex, sha256};
use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::Settings;

/// The most bytes of a file.
const MOST: usize = 64 << 20;

/// The most schemas of a file: one for each place that is being worked on.
const MOST_FOLDS: usize = 4;

/// What is kept of a history.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The file; `None` where nothing is kept.
    path: Option<PathBuf>,
    header: String,
    /// Of each of the first migrations what it was made from, and its expansion.
    entries: Vec<(String, String)>,
    /// How many of these are known to be those of this compilation.
    valid: usize,
    /// Histories after so many migrations.
    folds: Vec<(usize, Vec<u8>)>,
    /// Whether something was recorded that the file does not have.
    changed: bool,
}

impl Kept {
    /// What the last compilation kept.
    pub(crate) fn load(folder: Option<&Path>, list: &Path, settings: &Settings) -> Self {
        let Some(folder) = folder else { return Self::default() };
        let header = format!("{} {settings:?} {}", env!("DEEPREF_SCHEMA_BUILD"), list.display());
        let path = folder.join(file_name(list));
        let mut kept = Self { path: Some(path.clone()), header, ..Self::default() };
        if let Some((entries, folds)) =
            std::fs::read(path).ok().and_then(|bytes| read(&bytes, &kept.header))
        {
            (kept.entries, kept.folds) = (entries, folds);
        }
        kept
    }

    /// Whether anything is kept for this crate.
    pub(crate) fn is_used(&self) -> bool {
        self.path.is_some()
    }

    /// How many of the first migrations were found to be right as they are.
    pub(crate) fn valid(&self) -> usize {
        self.valid
    }

    /// Forgets what follows the first migrations.
    pub(crate) fn forget_from(&mut self, position: usize) {
        self.valid = self.valid.min(position);
    }

    /// The expansion of a migration, if it was made from the same.
    pub(crate) fn recall(&mut self, position: usize, made_from: &str) -> Option<String> {
        if position > self.valid {
            return None;
        }
        match self.entries.get(position) {
            Some((known, expansion)) if known == made_from => {
                self.valid = self.valid.max(position + 1);
                Some(expansion.clone())
            }
            _ => {
                self.entries.truncate(position);
                self.folds.retain(|(at, _)| *at <= position);
                self.valid = position;
                None
            }
        }
    }

    /// The history after the most of so many migrations, but after more than
    /// `least`.
    pub(crate) fn fold(
        &self,
        least: usize,
        most: usize,
        settings: &Settings,
    ) -> Option<(usize, Fold)> {
        let kept = least + 1..=most.min(self.valid);
        let (at, bytes) =
            self.folds.iter().filter(|(at, _)| kept.contains(at)).max_by_key(|(at, _)| *at)?;
        Some((*at, Fold::read(settings.clone(), bytes)?))
    }

    /// Keeps the expansion of a migration that was found to be right.
    /// `before` is the history before it, where that is worth keeping.
    pub(crate) fn record(
        &mut self,
        position: usize,
        made_from: String,
        expansion: String,
        before: Option<&Fold>,
        is_last: bool,
    ) {
        if position != self.valid || position != self.entries.len() {
            return;
        }
        let is_first = !std::mem::replace(&mut self.changed, true);
        let known = self.folds.iter().any(|(at, _)| *at == position);
        if let (Some(fold), true, false) = (before, (is_first && position > 0) || is_last, known) {
            self.folds.push((position, fold.write()));
        }
        self.entries.push((made_from, expansion));
        self.valid = position + 1;
        if is_last {
            self.store();
        }
    }

    /// Writes the file whole, under another name first. Where that fails, the
    /// next compilation does the work again.
    fn store(&mut self) {
        let Some(path) = &self.path else { return };
        let surplus = self.folds.len().saturating_sub(MOST_FOLDS);
        self.folds.drain(..surplus);
        let bytes = written(&self.header, &self.entries, &self.folds);
        let other = path.with_extension(format!("{}.new", std::process::id()));
        if bytes.len() <= MOST && std::fs::write(&other, bytes).is_ok() {
            let _ = std::fs::rename(other, path);
        }
        self.changed = false;
    }
}

/// A file for each crate and list, and for each program that expands macros,
/// since they may write tokens in different ways.
fn file_name(list: &Path) -> String {
    let program = std::env::current_exe().ok();
    let program = program.as_deref().and_then(Path::file_stem).unwrap_or_default();
    let krate = std::env::var("CARGO_CRATE_NAME").unwrap_or_default();
    let of = format!("{} {krate} {}", program.display(), list.display());
    format!("deepref-schema-{}", &hex(&sha256(of.as_bytes()))[..16])
}

type Content = (Vec<(String, String)>, Vec<(usize, Vec<u8>)>);

fn written(header: &str, entries: &[(String, String)], folds: &[(usize, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(header.as_bytes(), &mut bytes);
    put_number(entries.len(), &mut bytes);
    for (made_from, expansion) in entries {
        put(made_from.as_bytes(), &mut bytes);
        put(expansion.as_bytes(), &mut bytes);
    }
    put_number(folds.len(), &mut bytes);
    for (at, fold) in folds {
        put_number(*at, &mut bytes);
        put(fold, &mut bytes);
    }
    let sum = sum(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

fn read(bytes: &[u8], header: &str) -> Option<Content> {
    let (mut rest, expected) = bytes.split_last_chunk()?;
    if sum(rest) != u64::from_le_bytes(*expected) || take(&mut rest)? != header.as_bytes() {
        return None;
    }
    let (mut entries, mut folds) = (Vec::new(), Vec::new());
    for _ in 0..take_number(&mut rest)? {
        entries.push((take_text(&mut rest)?, take_text(&mut rest)?));
    }
    for _ in 0..take_number(&mut rest)? {
        folds.push((take_number(&mut rest)?, take(&mut rest)?.to_vec()));
    }
    rest.is_empty().then_some((entries, folds))
}

/// A sum against files that were damaged, not against forgery.
fn sum(bytes: &[u8]) -> u64 {
    let mut sum = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        if let Ok(chunk) = chunk.try_into() {
            sum = (sum.rotate_left(5) ^ u64::from_le_bytes(chunk))
                .wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
    chunks.remainder().iter().fold(sum, |sum, byte| sum.rotate_left(5) ^ u64::from(*byte))
}

fn put_number(number: usize, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&(number as u64).to_le_bytes());
}

fn put(part: &[u8], bytes: &mut Vec<u8>) {
    put_number(part.len(), bytes);
    bytes.extend_from_slice(part);
}

fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    usize::try_from(u64::from_le_bytes(*number)).ok()
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take_number(bytes)?;
    let (part, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(part)
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    std::str::from_utf8(take(bytes)?).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(folder: &Path) -> Kept {
        Kept::load(Some(folder), Path::new("src/history.rs"), &Settings::default())
    }

    fn record(kept: &mut Kept, position: usize, text: &str) {
        let before = Fold::new(Settings::default());
        let expansion = format!("expansion of {text}");
        kept.record(position, text.to_owned(), expansion, Some(&before), position == 2);
    }

    fn filled(folder: &Path) {
        let mut kept = load(folder);
        for (position, text) in ["a", "b", "c"].into_iter().enumerate() {
            assert_eq!(kept.recall(position, text), None);
            record(&mut kept, position, text);
        }
    }

    #[test]
    fn an_expansion_counts_after_all_before_it() {
        let folder = tempfile::tempdir().expect("a folder");
        filled(folder.path());
        let mut kept = load(folder.path());
        assert_eq!(kept.recall(1, "b"), None);
        assert!(kept.fold(0, 3, &Settings::default()).is_none());
        assert_eq!(kept.recall(0, "a").as_deref(), Some("expansion of a"));
        assert_eq!(kept.recall(1, "b").as_deref(), Some("expansion of b"));
        assert_eq!(kept.fold(0, 3, &Settings::default()).map(|(at, _)| at), Some(2));
        assert_eq!(kept.recall(1, "other"), None);
        assert_eq!(kept.recall(2, "c"), None);
        assert!(kept.fold(0, 3, &Settings::default()).is_none());
    }

    #[test]
    fn after_a_change_the_rest_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        filled(folder.path());
        let mut kept = load(folder.path());
        kept.recall(0, "a");
        assert_eq!(kept.recall(1, "changed"), None);
        record(&mut kept, 1, "changed");
        assert_eq!(kept.recall(2, "c"), None);
        record(&mut kept, 2, "c");
        let mut kept = load(folder.path());
        for (position, text) in ["a", "changed", "c"].into_iter().enumerate() {
            assert_eq!(kept.recall(position, text), Some(format!("expansion of {text}")));
        }
    }

    #[test]
    fn a_damaged_file_is_not_used() {
        let folder = tempfile::tempdir().expect("a folder");
        filled(folder.path());
        let file = folder.path().join(file_name(Path::new("src/history.rs")));
        let whole = std::fs::read(&file).expect("the file was written");
        assert_eq!(load(folder.path()).entries.len(), 3);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&file, damaged).expect("it can be written");
            assert!(load(folder.path()).entries.is_empty(), "byte {at}");
            std::fs::write(&file, &whole[..at]).expect("it can be written");
            assert!(load(folder.path()).entries.is_empty(), "{at} bytes");
        }
    }

    #[test]
    fn other_settings_have_nothing_in_common() {
        let folder = tempfile::tempdir().expect("a folder");
        filled(folder.path());
        let settings = Settings { oldest_postgres: 17, ..Settings::default() };
        let kept = Kept::load(Some(folder.path()), Path::new("src/history.rs"), &settings);
        assert!(kept.entries.is_empty());
    }
}
