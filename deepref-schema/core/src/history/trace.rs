//! What the check of a migration depended on and what it left, so that after
//! a change of an older migration only those are checked again that it
//! concerns.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::Fold;
use crate::diagnostic::Report;
use crate::map::Watcher;
use crate::schema::{Stored, StoredChanges};

/// The number of the names in doubt, which every check asks for.
const DOUBTS: u64 = u64::MAX;

/// What the check of one migration depended on, and what it left.
///
/// Objects of a schema stand here as numbers, their values as digests. Two
/// objects with one number can only make a check depend on more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The objects that were asked for or changed, ascending.
    seen: Vec<u64>,
    /// A bit for each kind of object of which all were asked for.
    whole: u8,
    /// The objects that are no longer what they were.
    writes: Vec<Write>,
    /// What these are now.
    left: Vec<u8>,
}

/// A change of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) object: u64,
    pub(crate) before: u64,
    pub(crate) after: u64,
}

impl Trace {
    /// What a check did to a history, and what it asked for.
    pub(super) fn new(before: &Fold, after: &Fold, watcher: &Watcher) -> Self {
        let (seen, whole) = watcher.seen();
        let mut trace = Self { seen, whole, ..Self::default() };
        let StoredChanges { writes, bytes } = StoredChanges::between(&before.schema, &after.schema);
        trace.writes = writes;
        let (old, new) = (doubts(&before.report), doubts(&after.report));
        let changed = old != new;
        changed.write(&mut trace.left);
        if changed {
            let (before, after) = (digest(&old), digest(&new));
            trace.writes.push(Write { object: DOUBTS, before, after });
            trace.left.extend(new);
        }
        trace.left.extend(bytes);
        trace
    }

    /// Makes the trace depend on the whole schema.
    pub fn depend_on_all(&mut self) {
        self.whole = u8::MAX;
    }

    /// The trace as bytes.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let Self { seen, whole, writes, left } = self;
        seen.write(bytes);
        whole.write(bytes);
        writes.write(bytes);
        left.write(bytes);
    }

    /// The trace that was written; `None` where it is none.
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (seen, whole) = (Stored::read(bytes)?, Stored::read(bytes)?);
        Some(Self { seen, whole, writes: Stored::read(bytes)?, left: Stored::read(bytes)? })
    }
}

impl Stored for Write {
    fn write(&self, bytes: &mut Vec<u8>) {
        let Self { object, before, after } = self;
        [object, before, after].into_iter().for_each(|number| number.write(bytes));
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (object, before) = (Stored::read(bytes)?, Stored::read(bytes)?);
        Some(Self { object, before, after: Stored::read(bytes)? })
    }
}

fn doubts(report: &Report) -> Vec<u8> {
    let mut bytes = Vec::new();
    report.write_doubts(&mut bytes);
    bytes
}

/// A value as a number; none is zero.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(bytes)
}

impl Fold {
    /// Goes on to the history after some migrations, by what they left;
    /// `None` where that can not be read.
    pub fn follow<'a>(&mut self, traces: impl IntoIterator<Item = &'a Trace>) -> Option<()> {
        let mut changes = Vec::new();
        for trace in traces {
            let mut left = trace.left.as_slice();
            if bool::read(&mut left)? {
                self.report = Report::read_doubts(&mut left)?;
            }
            changes.push(left);
        }
        self.schema.apply_stored(&changes)
    }
}

/// What differs between two histories after some migration, as far as they
/// were followed.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// The digests of an object in both.
    objects: HashMap<u64, (u64, u64)>,
}

impl Changed {
    /// Whether the check of a migration depends on what differs.
    pub fn concerns(&self, trace: &Trace) -> bool {
        self.objects.keys().any(|object| {
            *object == DOUBTS
                || trace.whole & (1 << (object & 7)) != 0
                || trace.seen.binary_search(object).is_ok()
        })
    }

    /// Goes on to the next migration of both: what it left in the one, what
    /// it, or another one, left in the other; `None` where one has no such.
    pub fn follow(&mut self, old: Option<&Trace>, new: Option<&Trace>) {
        let olds = old.map_or(&[][..], |trace| &trace.writes);
        let news = new.map_or(&[][..], |trace| &trace.writes);
        let mut after: HashMap<u64, (u64, u64)> = HashMap::new();
        for write in olds {
            let before = self.objects.get(&write.object);
            after.insert(write.object, (write.after, before.map_or(write.before, |both| both.1)));
        }
        for write in news {
            let before = self.objects.get(&write.object);
            let both = after
                .entry(write.object)
                .or_insert((before.map_or(write.before, |both| both.0), write.after));
            both.1 = write.after;
        }
        for (object, (old, new)) in after {
            match old == new {
                true => self.objects.remove(&object),
                false => self.objects.insert(object, (old, new)),
            };
        }
    }
}
