//! The expressions that were read: a history repeats few texts many times.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::read::{Facts, read};

/// The most texts that are kept; a long-lived process, an editor's, reads on.
const MOST: usize = 4096;

static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Facts>>>> = LazyLock::new(Mutex::default);

/// What an expression uses.
pub(super) fn facts(sql: &str) -> Arc<Facts> {
    if let Some(facts) = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(sql) {
        return facts.clone();
    }
    let facts = Arc::new(read(sql));
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(sql.to_owned(), facts.clone());
    facts
}
