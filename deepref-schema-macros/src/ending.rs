//! The schema that a history ends in, made once for all entities and seeds of
//! a crate.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use deepref_schema_core::checksum::{hex, sha256};
use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::Settings;
use deepref_schema_syntax::{Origins, history, list_in_file};

/// What a history ends in.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    /// The history; `None` where something in it can not be read.
    pub(crate) fold: Option<Fold>,
    /// The list, and the files that it names.
    pub(crate) files: Vec<PathBuf>,
}

/// A long-lived process, an editor's, looks at the files again after this.
const FRESH: Duration = Duration::from_millis(500);

struct Known {
    looked: Instant,
    stamps: Vec<Stamp>,
    ending: Arc<Ending>,
}

/// When a file was changed, and its length.
type Stamp = Option<(SystemTime, u64)>;

static ENDINGS: LazyLock<Mutex<HashMap<PathBuf, Known>>> = LazyLock::new(Mutex::default);

/// What the history of this list ends in.
pub(crate) fn of(list: &Path) -> Arc<Ending> {
    let mut endings = ENDINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = endings.get_mut(list) {
        let same = known.looked.elapsed() < FRESH || stamps(&known.ending.files) == known.stamps;
        if same {
            known.looked = Instant::now();
            return known.ending.clone();
        }
    }
    let ending = Arc::new(read(list));
    let stamps = stamps(&ending.files);
    let known = Known { looked: Instant::now(), stamps, ending: ending.clone() };
    endings.insert(list.to_owned(), known);
    ending
}

/// Whether a file holds a list of migrations, at first glance.
pub(crate) fn holds_list(file: &Path) -> bool {
    static KNOWN: LazyLock<Mutex<HashMap<PathBuf, (Stamp, bool)>>> = LazyLock::new(Mutex::default);
    let stamp = stamp(file);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, holds)) = known.get(file)
        && *of == stamp
    {
        return *holds;
    }
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let holds = text.contains("migrations!") && list_in_file(&text, &mut Origins::new()).is_some();
    known.insert(file.to_owned(), (stamp, holds));
    holds
}

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    files.iter().map(|file| stamp(file)).collect()
}

fn stamp(file: &Path) -> Stamp {
    let data = std::fs::metadata(file).ok()?;
    Some((data.modified().ok()?, data.len()))
}

fn read(list: &Path) -> Ending {
    let mut files = vec![list.to_owned()];
    let Ok(text) = std::fs::read_to_string(list) else { return Ending { fold: None, files } };
    let folder = match list.file_name().is_some_and(|name| name == "mod.rs") {
        true => list.with_file_name(""),
        false => list.with_extension(""),
    };
    let sources = history::sources(&text, |stem| {
        let file = folder.join(format!("{stem}.rs"));
        let text = std::fs::read_to_string(&file).ok();
        files.push(file);
        text
    });
    let fold = sources.and_then(|sources| kept(list, &text, &sources));
    Ending { fold, files }
}

/// The history from its sources, or from what the last compilation left of the
/// same ones. As with all that is kept, the sources are compared whole.
fn kept(list: &Path, text: &str, sources: &history::Sources) -> Option<Fold> {
    let Some(folder) = std::env::var_os("OUT_DIR").map(PathBuf::from) else {
        return history::fold(text, sources);
    };
    let name = &hex(&sha256(list.as_os_str().as_encoded_bytes()))[..16];
    let file = folder.join(format!("deepref-schema-end-{name}"));
    let key = key(text, sources);
    let settings = list_in_file(text, &mut Origins::new())?.value?.settings;
    let bytes = std::fs::read(&file).ok();
    if let Some(fold) = bytes.and_then(|bytes| recall(&bytes, &key, settings)) {
        return Some(fold);
    }
    let fold = history::fold(text, sources)?;
    let other = file.with_extension(format!("{}.new", std::process::id()));
    if std::fs::write(&other, stored(&key, &fold)).is_ok() {
        let _ = std::fs::rename(other, file);
    }
    Some(fold)
}

fn key(list: &str, sources: &history::Sources) -> Vec<u8> {
    let mut key = Vec::new();
    let texts = sources.iter().flat_map(|(stem, text)| [stem.as_str(), text]);
    for text in [env!("DEEPREF_SCHEMA_BUILD"), list].into_iter().chain(texts) {
        key.extend_from_slice(&(text.len() as u64).to_le_bytes());
        key.extend_from_slice(text.as_bytes());
    }
    key
}

fn stored(key: &[u8], fold: &Fold) -> Vec<u8> {
    let bytes = fold.write();
    [key, &sum(&bytes).to_le_bytes(), &bytes].concat()
}

fn recall(bytes: &[u8], key: &[u8], settings: Settings) -> Option<Fold> {
    let (expected, bytes) = bytes.strip_prefix(key)?.split_first_chunk()?;
    let is_whole = sum(bytes) == u64::from_le_bytes(*expected);
    is_whole.then(|| Fold::read(settings, bytes))?
}

/// A sum against files that were damaged, not against forgery.
fn sum(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_used_for_the_same_sources_only() {
        let fold = Fold::new(Settings::default());
        let sources = |text: &str| vec![("m1_a".to_owned(), text.to_owned())];
        let bytes = stored(&key("list", &sources("a")), &fold);
        let recalled = |list: &str, text: &str| {
            recall(&bytes, &key(list, &sources(text)), Settings::default()).is_some()
        };
        assert!(recalled("list", "a"));
        assert!(!recalled("list", "b"));
        assert!(!recalled("lis", "ta"));
        let mut damaged = bytes.clone();
        *damaged.last_mut().expect("bytes") ^= 1;
        let key = key("list", &sources("a"));
        assert!(recall(&damaged, &key, Settings::default()).is_none());
    }
}
