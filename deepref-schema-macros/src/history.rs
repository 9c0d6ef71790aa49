//! The schema before a migration, from the files before it.
//!
//! The compiler expands the list first and then its migrations in order. What
//! each of them leaves is kept in the process, and in a file for the next one;
//! the schema before a migration follows from that. Neither is relied on: what
//! is not there, or was made from other content, is checked again from the
//! files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use deepref_schema_core::history::{Fold, Trace};
use deepref_schema_core::migration::Settings;
use deepref_schema_core::seal::Seal;
use deepref_schema_syntax::{Origins, list_in_file, migration_in_file};

use crate::kept::{Kept, Right};
use crate::seals;

/// What is known before a migration is checked.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    /// The history up to the migration; `None` where a file before it can not
    /// be read, which is reported there.
    pub(crate) fold: Option<Fold>,
    /// The migration's place in the list, from zero.
    pub(crate) position: usize,
    /// Whether it is the last one.
    pub(crate) is_last: bool,
    /// The seals, as far as they can be read.
    pub(crate) seals: Vec<Seal>,
}

/// A long-lived process, an editor's, looks at the files again after this.
const FRESH: Duration = Duration::from_millis(200);

static HISTORIES: Mutex<Vec<History>> = Mutex::new(Vec::new());

/// What is before the migration in this file; `None` where the list does not
/// name it.
pub(crate) fn before(folder: &Path, list: &Path, lock: &Path, stem: &str) -> Option<Before> {
    with_history(folder, list, lock, |history| history.before(stem))
}

/// Keeps what the check of a migration gave, for the next ones and for the
/// next compilation.
pub(crate) fn keep(folder: &Path, list: &Path, lock: &Path, position: usize, step: Step) {
    with_history(folder, list, lock, |history| history.keep(position, step));
}

/// The expansion of a migration that an earlier compilation found to be right,
/// after the same ones before it.
pub(crate) fn recall(
    folder: &Path,
    list: &Path,
    lock: &Path,
    stem: &str,
    written: &str,
) -> Option<String> {
    with_history(folder, list, lock, |history| history.recall(stem, written))
}

fn with_history<T>(
    folder: &Path,
    list: &Path,
    lock: &Path,
    call: impl FnOnce(&mut History) -> T,
) -> T {
    let mut histories = HISTORIES.lock().unwrap_or_else(PoisonError::into_inner);
    let at = match histories.iter().position(|history| history.list == list) {
        Some(at) => at,
        None => {
            histories.push(History::new(folder, list, lock));
            histories.len() - 1
        }
    };
    let history = &mut histories[at];
    history.refresh();
    call(history)
}

/// What the check of one migration gave.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The checksum of its tokens; `None` where it could not be read.
    pub(crate) checksum: Option<[u8; 32]>,
    /// The history up to and with it.
    pub(crate) fold: Option<Fold>,
    /// What that depends on and changes.
    pub(crate) trace: Option<Trace>,
    /// The tokens as text, and the expansion, where it is right.
    pub(crate) right: Option<(String, String)>,
}

impl Step {
    /// One after which nothing is known.
    pub(crate) fn unreadable(checksum: Option<[u8; 32]>) -> Self {
        Self { checksum, fold: None, trace: None, right: None }
    }
}

/// When a file was changed, and its length.
type Stamp = Option<(SystemTime, u64)>;

/// What is known of a migration.
struct Entry {
    stamp: Stamp,
    checksum: Option<[u8; 32]>,
    outcome: Outcome,
}

/// What the check of a migration came to.
enum Outcome {
    Right(Right),
    /// It is wrong, or was checked without being expanded.
    Other(Trace),
    /// It, or one before it, can not be read.
    Unreadable,
}

impl Outcome {
    fn trace(&self) -> Option<&Trace> {
        match self {
            Self::Right(right) => Some(&right.trace),
            Self::Other(trace) => Some(trace),
            Self::Unreadable => None,
        }
    }
}

struct History {
    folder: PathBuf,
    list: PathBuf,
    lock: PathBuf,
    looked: Option<Instant>,
    list_stamp: Stamp,
    lock_stamp: Stamp,
    settings: Settings,
    stems: Vec<String>,
    positions: HashMap<String, usize>,
    seals: Vec<Seal>,
    /// What is known of the first files, in the order of the list.
    entries: Vec<Entry>,
    /// The history after so many of them.
    latest: Option<(usize, Fold)>,
    /// What earlier compilations found out.
    kept: Kept,
}

impl History {
    fn new(folder: &Path, list: &Path, lock: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            list: list.to_owned(),
            lock: lock.to_owned(),
            looked: None,
            list_stamp: None,
            lock_stamp: None,
            settings: Settings::default(),
            stems: Vec::new(),
            positions: HashMap::new(),
            seals: Vec::new(),
            entries: Vec::new(),
            latest: None,
            kept: Kept::default(),
        }
    }

    /// Forgets what is no longer so.
    fn refresh(&mut self) {
        if self.looked.is_some_and(|looked| looked.elapsed() < FRESH) {
            return;
        }
        let list_stamp = stamp(&self.list);
        if self.looked.is_none() || list_stamp != self.list_stamp {
            self.list_stamp = list_stamp;
            self.read_list();
        }
        let lock_stamp = stamp(&self.lock);
        if self.looked.is_none() || lock_stamp != self.lock_stamp {
            self.lock_stamp = lock_stamp;
            self.seals = seals::read(&self.lock).unwrap_or_default();
        }
        let changed = |(at, entry): (usize, &Entry)| stamp(&self.file(at)) != entry.stamp;
        if let Some(at) = self.entries.iter().enumerate().position(changed) {
            self.forget_from(at);
        }
        self.looked = Some(Instant::now());
    }

    fn read_list(&mut self) {
        let text = std::fs::read_to_string(&self.list).unwrap_or_default();
        let parsed = list_in_file(&text, &mut Origins::new());
        let list = parsed.and_then(|parsed| parsed.value).unwrap_or_default();
        let mut stems: Vec<String> = Vec::new();
        let mut positions = HashMap::new();
        for file in &list.files {
            // A file that is listed twice counts once; the list reports it.
            if !positions.contains_key(file.as_str()) {
                positions.insert(file.to_string(), stems.len());
                stems.push(file.to_string());
            }
        }
        let same = self.stems.iter().zip(&stems).take_while(|(a, b)| a == b).count();
        self.forget_from(if list.settings == self.settings { same } else { 0 });
        if self.looked.is_none() || list.settings != self.settings {
            let folder = std::env::var_os("OUT_DIR").map(PathBuf::from);
            self.kept = Kept::load(folder.as_deref(), &self.list, &list.settings);
        }
        self.settings = list.settings;
        self.positions = positions;
        self.stems = stems;
    }

    fn file(&self, position: usize) -> PathBuf {
        let stem = self.stems.get(position).map_or("", String::as_str);
        self.folder.join(format!("{stem}.rs"))
    }

    fn forget_from(&mut self, position: usize) {
        if position >= self.entries.len() {
            return;
        }
        self.entries.truncate(position);
        self.latest.take_if(|(files, _)| *files > position);
        self.kept.lose();
    }

    fn before(&mut self, stem: &str) -> Option<Before> {
        let position = *self.positions.get(stem)?;
        let is_last = position + 1 == self.stems.len();
        let fold = self.fold_after(position);
        Some(Before { fold, position, is_last, seals: self.seals.clone() })
    }

    fn recall(&mut self, stem: &str, written: &str) -> Option<String> {
        let position = *self.positions.get(stem)?;
        if position > self.entries.len() || !self.kept.is_used() {
            return None;
        }
        let made_from = self.made_from(position, written);
        if let Some(entry) = self.entries.get(position) {
            return match &entry.outcome {
                Outcome::Right(right) if right.made_from == made_from => {
                    Some(right.expansion.clone())
                }
                _ => None,
            };
        }
        let right = self.kept.recall(stem, &made_from)?;
        let expansion = right.expansion.clone();
        let stamp = stamp(&self.file(position));
        self.push(Entry { stamp, checksum: None, outcome: Outcome::Right(right) });
        Some(expansion)
    }

    /// Adds what is known of the next migration; the last one ends the work.
    fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        if self.entries.len() < self.stems.len() {
            return;
        }
        let right = |entry: &Entry| matches!(entry.outcome, Outcome::Right(_));
        if self.entries.iter().all(right) {
            let all: Vec<&Right> = self.entries.iter().filter_map(Entry::right).collect();
            self.kept.store(all.into_iter());
        }
    }

    /// All that the expansion of a migration depends on, but for the ones
    /// before it and the settings.
    fn made_from(&self, position: usize, written: &str) -> String {
        let stem = &self.stems[position];
        let is_last = position + 1 == self.stems.len();
        let seals = self.seals.get(position).map(|seal| {
            let before = position.checked_sub(1).and_then(|before| self.seals.get(before));
            (before.map(|before| before.hash), &seal.file, seal.hash)
        });
        format!("{stem}\n{is_last}\n{seals:?}\n{written}")
    }

    /// The history after so many files; `None` where one can not be read.
    fn fold_after(&mut self, files: usize) -> Option<Fold> {
        while self.entries.len() < files {
            let fold = self.known_fold(self.entries.len());
            let position = self.entries.len();
            let step = self.check_file(position, fold);
            self.keep(position, step);
        }
        let fold = self.known_fold(files);
        let readable = self.entries[..files].iter().all(|entry| entry.outcome.trace().is_some());
        if fold.is_none() && readable {
            // What was kept can not be followed: all is checked again.
            self.forget_from(0);
            return self.fold_after(files);
        }
        fold
    }

    /// The history after files of which is known what they leave.
    fn known_fold(&mut self, files: usize) -> Option<Fold> {
        let latest = self.latest.take().filter(|(at, _)| *at <= files);
        let (at, mut fold) = latest.unwrap_or_else(|| (0, Fold::new(self.settings.clone())));
        let traces: Option<Vec<&Trace>> =
            self.entries[at..files].iter().map(|entry| entry.outcome.trace()).collect();
        fold.follow(traces?)?;
        self.latest = Some((files, fold.clone()));
        Some(fold)
    }

    fn check_file(&self, position: usize, fold: Option<Fold>) -> Step {
        let text = std::fs::read_to_string(self.file(position)).unwrap_or_default();
        let parsed = migration_in_file(&text, &mut Origins::new());
        let migration = parsed.and_then(|parsed| parsed.value);
        let checksum = migration.as_ref().map(|migration| migration.checksum);
        let (Some(migration), Some(mut fold)) = (migration, fold) else {
            return Step::unreadable(checksum);
        };
        let verified = fold.step(&self.stems[position], &migration);
        Step { checksum, fold: Some(fold), trace: Some(verified.trace), right: None }
    }

    fn keep(&mut self, position: usize, step: Step) {
        let known = self.entries.get(position);
        if known.is_some_and(|entry| entry.is_of(&step)) {
            return;
        }
        self.forget_from(position);
        if position != self.entries.len() {
            return;
        }
        let stem = self.stems[position].clone();
        self.kept.follow(&stem, step.trace.as_ref());
        let outcome = match (step.trace, step.right) {
            (Some(trace), Some((written, expansion))) => {
                let made_from = self.made_from(position, &written);
                Outcome::Right(Right { stem, made_from, expansion, trace })
            }
            (Some(trace), None) => Outcome::Other(trace),
            (None, _) => Outcome::Unreadable,
        };
        self.latest = step.fold.map(|fold| (position + 1, fold));
        let stamp = stamp(&self.file(position));
        self.push(Entry { stamp, checksum: step.checksum, outcome });
    }
}

impl Entry {
    fn right(&self) -> Option<&Right> {
        match &self.outcome {
            Outcome::Right(right) => Some(right),
            _ => None,
        }
    }

    /// Whether a step says nothing new.
    fn is_of(&self, step: &Step) -> bool {
        self.checksum == step.checksum
            && self.checksum.is_some()
            && (step.right.is_none() || self.right().is_some())
    }
}

fn stamp(file: &Path) -> Stamp {
    let data = std::fs::metadata(file).ok()?;
    Some((data.modified().ok()?, data.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "migration! { Users = 1; up { create table users { id: int } } }";
    const EMAIL: &str = "migration! { Email = 2; up { alter table users add column e: text?; } }";

    /// A trace that can be read, of which nobody can tell what it left.
    fn damaged() -> Trace {
        let mut bytes = Vec::new();
        Trace::default().write(&mut bytes);
        let length = bytes.len();
        bytes.truncate(length - 1);
        bytes.extend([1, 9]);
        Trace::read(&mut bytes.as_slice()).expect("it can be read")
    }

    #[test]
    fn what_can_not_be_followed_is_checked_again() {
        let root = tempfile::tempdir().expect("a folder");
        let (folder, list) = (root.path().join("history"), root.path().join("history.rs"));
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(&list, "deepref_schema::migrations! { m1_users; m2_email; }")
            .expect("a list");
        std::fs::write(folder.join("m1_users.rs"), USERS).expect("a file");
        std::fs::write(folder.join("m2_email.rs"), EMAIL).expect("a file");
        let mut history = History::new(&folder, &list, &root.path().join("history.lock"));
        history.refresh();
        let settings = history.settings.clone();
        history.kept = Kept::load(Some(root.path()), &list, &settings);
        let right = Right {
            stem: "m1_users".to_owned(),
            made_from: history.made_from(0, USERS),
            expansion: "kept".to_owned(),
            trace: damaged(),
        };
        history.kept.store([&right].into_iter());
        history.kept = Kept::load(Some(root.path()), &list, &settings);
        assert_eq!(history.recall("m1_users", USERS).as_deref(), Some("kept"));
        let before = history.before("m2_email").expect("it is listed");
        let tables: Vec<_> =
            before.fold.expect("it is checked again").schema().tables.keys().cloned().collect();
        assert_eq!(tables.iter().map(ToString::to_string).collect::<Vec<_>>(), ["users"]);
    }
}
