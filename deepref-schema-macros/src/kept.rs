//! What one compilation leaves for the next: the expansions of migrations that
//! were found to be right, in order, with what each depended on and left.
//!
//! It is one file in the folder of the crate's build script; a crate without
//! one has none. An expansion counts if it was made from the same tokens, and
//! if nothing that the check of its migration asked for differs from what it
//! was, in a file that this build of the macros wrote under the same settings.
//! Tokens are compared whole, not by a hash. Findings are never kept. A file
//! that can not be read whole is not used.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use deepref_schema_core::checksum::{hex, sha256};
use deepref_schema_core::history::{Changed, Trace};
use deepref_schema_core::migration::Settings;

/// The most bytes of a file.
const MOST: usize = 64 << 20;

/// A migration that was found to be right.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Right {
    /// The stem of its file.
    pub(crate) stem: String,
    /// All that it was made from, but for the ones before it.
    pub(crate) made_from: String,
    pub(crate) expansion: String,
    pub(crate) trace: Trace,
}

/// What is kept of a history.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The file; `None` where nothing is kept.
    path: Option<PathBuf>,
    header: String,
    /// What the last compilation found out, in the order of its list.
    old: Vec<Right>,
    /// How many of these were followed.
    at: usize,
    /// What differs after them.
    changed: Changed,
    /// Whether the file does not hold what this compilation found out.
    stale: bool,
}

impl Kept {
    /// What the last compilation kept.
    pub(crate) fn load(folder: Option<&Path>, list: &Path, settings: &Settings) -> Self {
        let Some(folder) = folder else { return Self::default() };
        let header = format!("{} {settings:?} {}", env!("DEEPREF_SCHEMA_BUILD"), list.display());
        let path = folder.join(file_name(list));
        let old = std::fs::read(&path).ok().and_then(|bytes| read(&bytes, &header));
        let stale = old.is_none();
        Self { path: Some(path), header, old: old.unwrap_or_default(), stale, ..Self::default() }
    }

    /// Whether anything is kept for this crate.
    pub(crate) fn is_used(&self) -> bool {
        self.path.is_some()
    }

    /// The next migration of the history, where what is kept of it counts.
    pub(crate) fn recall(&mut self, stem: &str, made_from: &str) -> Option<Right> {
        self.go_to(stem)?;
        let right = self.old.get(self.at)?;
        if right.made_from != made_from || self.changed.concerns(&right.trace) {
            return None;
        }
        let right = right.clone();
        self.at += 1;
        Some(right)
    }

    /// Goes on to the next migration of the history, which was made again.
    pub(crate) fn follow(&mut self, stem: &str, trace: Option<&Trace>) {
        self.stale = true;
        let Some(trace) = trace else { return self.lose() };
        let old = self.go_to(stem).and_then(|()| self.old.get(self.at));
        self.changed.follow(old.map(|old| &old.trace), Some(trace));
        self.at += usize::from(old.is_some());
    }

    /// Nothing that is kept counts any more.
    pub(crate) fn lose(&mut self) {
        self.stale = true;
        self.old.clear();
        self.at = 0;
    }

    /// Goes to what is kept of a migration. Those that stood before it in the
    /// list and are gone have no effect any more.
    fn go_to(&mut self, stem: &str) -> Option<()> {
        let ahead = self.old[self.at..].iter().position(|old| old.stem == stem)?;
        for gone in &self.old[self.at..self.at + ahead] {
            self.changed.follow(Some(&gone.trace), None);
            self.stale = true;
        }
        self.at += ahead;
        Some(())
    }

    /// Writes the file whole, under another name first. Where that fails, the
    /// next compilation does the work again.
    pub(crate) fn store<'a>(&mut self, all: impl ExactSizeIterator<Item = &'a Right>) {
        let stale = self.stale || self.at < self.old.len();
        let Some(path) = self.path.as_ref().filter(|_| stale) else { return };
        let bytes = written(&self.header, all);
        let other = path.with_extension(format!("{}.new", std::process::id()));
        if bytes.len() <= MOST && std::fs::write(&other, bytes).is_ok() {
            let _ = std::fs::rename(other, path);
        }
        self.stale = false;
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

fn written<'a>(header: &str, all: impl ExactSizeIterator<Item = &'a Right>) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(header.as_bytes(), &mut bytes);
    put_number(all.len(), &mut bytes);
    for Right { stem, made_from, expansion, trace } in all {
        for text in [stem, made_from, expansion] {
            put(text.as_bytes(), &mut bytes);
        }
        trace.write(&mut bytes);
    }
    let sum = sum(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

fn read(bytes: &[u8], header: &str) -> Option<Vec<Right>> {
    let (mut rest, expected) = bytes.split_last_chunk()?;
    if sum(rest) != u64::from_le_bytes(*expected) || take(&mut rest)? != header.as_bytes() {
        return None;
    }
    let mut all = Vec::new();
    for _ in 0..take_number(&mut rest)? {
        let [stem, made_from] = [take_text(&mut rest)?, take_text(&mut rest)?];
        let (expansion, trace) = (take_text(&mut rest)?, Trace::read(&mut rest)?);
        all.push(Right { stem, made_from, expansion, trace });
    }
    rest.is_empty().then_some(all)
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
