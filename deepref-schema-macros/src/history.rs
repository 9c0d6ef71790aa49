//! The schema before a migration, from the files before it.
//!
//! The compiler expands the list first and then its migrations in order, so
//! that the schema after one is what the next one needs. It is kept for that
//! in the process, by the content it was made from, and never relied on: what
//! is not there, or was made from other content, is folded from the files.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::Settings;
use deepref_schema_core::seal::Seal;
use deepref_schema_syntax::{Origins, list_in_file, migration_in_file};

use crate::kept::Kept;
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

/// Of the schemas in between, one in so many is kept.
const CHECKPOINT: usize = 32;

static HISTORIES: Mutex<Vec<History>> = Mutex::new(Vec::new());

/// What is before the migration in this file; `None` where the list does not
/// name it.
pub(crate) fn before(folder: &Path, list: &Path, lock: &Path, stem: &str) -> Option<Before> {
    with_history(folder, list, lock, |history| history.before(stem))
}

/// Keeps what a migration leaves for the next one.
pub(crate) fn after(folder: &Path, list: &Path, lock: &Path, position: usize, step: Step) {
    with_history(folder, list, lock, |history| history.after(position, step));
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

/// Keeps the expansion of a migration that was found to be right.
pub(crate) fn record(
    folder: &Path,
    list: &Path,
    lock: &Path,
    position: usize,
    written: &str,
    expansion: &str,
) {
    with_history(folder, list, lock, |history| history.record(position, written, expansion));
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

/// What one migration left.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The checksum of its tokens; `None` where it could not be read.
    pub(crate) checksum: Option<[u8; 32]>,
    /// The history up to and with it.
    pub(crate) fold: Option<Fold>,
}

/// When a file was changed, and its length.
type Stamp = Option<(SystemTime, u64)>;

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
    /// What each of the first files was folded from.
    steps: Vec<(Stamp, Option<[u8; 32]>)>,
    /// The history after so many files.
    folds: BTreeMap<usize, Option<Fold>>,
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
            steps: Vec::new(),
            folds: BTreeMap::new(),
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
        let changed = |(at, (known, _)): (usize, &(Stamp, _))| stamp(&self.file(at)) != *known;
        if let Some(at) = self.steps.iter().enumerate().position(changed) {
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
        self.steps.truncate(position);
        self.folds.split_off(&(position + 1));
        self.kept.forget_from(position);
    }

    fn before(&mut self, stem: &str) -> Option<Before> {
        let position = *self.positions.get(stem)?;
        let is_last = position + 1 == self.stems.len();
        let fold = self.fold_after(position);
        Some(Before { fold, position, is_last, seals: self.seals.clone() })
    }

    fn recall(&mut self, stem: &str, written: &str) -> Option<String> {
        let position = *self.positions.get(stem)?;
        let made_from = self.kept.is_used().then(|| self.made_from(position, written))?;
        self.kept.recall(position, &made_from)
    }

    fn record(&mut self, position: usize, written: &str, expansion: &str) {
        if !self.kept.is_used() {
            return;
        }
        let made_from = self.made_from(position, written);
        let before = self.folds.get(&position).and_then(Option::as_ref);
        let is_last = position + 1 == self.stems.len();
        self.kept.record(position, made_from, expansion.to_owned(), before, is_last);
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

    /// Takes up the history where an earlier compilation left it.
    fn take_up(&mut self, files: usize) {
        let known = self.folds.range(..=files).next_back().map_or(0, |(at, _)| *at);
        let Some((at, fold)) = self.kept.fold(known, files, &self.settings) else { return };
        while self.steps.len() < at {
            self.steps.push((stamp(&self.file(self.steps.len())), None));
        }
        self.folds.insert(at, Some(fold));
    }

    /// The history after so many files.
    fn fold_after(&mut self, files: usize) -> Option<Fold> {
        self.take_up(files);
        let known = self.folds.range(..=files).next_back();
        let (mut at, mut fold) = match known {
            Some((at, fold)) => (*at, fold.clone()),
            None => (0, Some(Fold::new(self.settings.clone()))),
        };
        while at < files {
            let checksum;
            (checksum, fold) = self.fold_file(at, fold);
            self.keep(at, Step { checksum, fold: fold.clone() });
            at += 1;
        }
        fold
    }

    fn fold_file(&self, position: usize, fold: Option<Fold>) -> (Option<[u8; 32]>, Option<Fold>) {
        let text = std::fs::read_to_string(self.file(position)).unwrap_or_default();
        let parsed = migration_in_file(&text, &mut Origins::new());
        let Some(migration) = parsed.and_then(|parsed| parsed.value) else {
            return (None, None);
        };
        let fold = fold.map(|mut fold| {
            match position < self.kept.valid() {
                true => drop(fold.replay(&self.stems[position], &migration)),
                false => drop(fold.step(&self.stems[position], &migration)),
            }
            fold
        });
        (Some(migration.checksum), fold)
    }

    fn after(&mut self, position: usize, step: Step) {
        let known = self.steps.get(position).map(|(_, checksum)| *checksum);
        if known == Some(step.checksum) && step.checksum.is_some() {
            return;
        }
        self.forget_from(position);
        self.keep(position, step);
    }

    /// Keeps what a file left. Of those before it only some are kept.
    fn keep(&mut self, position: usize, step: Step) {
        if self.steps.len() == position {
            self.steps.push((stamp(&self.file(position)), step.checksum));
        }
        if position >= 2 && !(position - 1).is_multiple_of(CHECKPOINT) {
            self.folds.remove(&(position - 1));
        }
        self.folds.insert(position + 1, step.fold);
    }
}

fn stamp(file: &Path) -> Stamp {
    let data = std::fs::metadata(file).ok()?;
    Some((data.modified().ok()?, data.len()))
}
