//! What the check of a migration depended on and what it left, so that after
//! a change of an older migration only those are checked again that it
//! concerns.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::Fold;
use crate::diagnostic::Report;
use crate::map::Watcher;
use crate::schema::{Stored, StoredChanges, read_bytes, write_bytes};

/// The number of the names in doubt, which every check asks for.
const DOUBTS: u64 = u64::MAX;

/// What the check of one migration depended on, and what it left.
///
/// Objects of a schema stand here as numbers, their values as digests. Two
/// objects with one number can only make a check depend on more. All of it
/// stays in bytes until it is asked for: of a thousand traces few are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The numbers of the objects that were asked for or changed, ascending.
    seen: Vec<u8>,
    /// A bit for each kind of object of which all were asked for.
    whole: u8,
    /// The objects that are no longer what they were.
    writes: Vec<u8>,
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
        let StoredChanges { mut writes, bytes } =
            StoredChanges::between(&before.schema, &after.schema);
        let (old, new) = (doubts(&before.report), doubts(&after.report));
        let changed = old != new;
        let mut left = Vec::new();
        changed.write(&mut left);
        if changed {
            writes.push(Write { object: DOUBTS, before: digest(&old), after: digest(&new) });
            left.extend(new);
        }
        left.extend(bytes);
        let numbers = writes.iter().flat_map(|write| [write.object, write.before, write.after]);
        Self { seen: bytes_of(seen), whole, writes: bytes_of(numbers), left }
    }

    /// Makes the trace depend on the whole schema.
    pub fn depend_on_all(&mut self) {
        self.whole = u8::MAX;
    }

    /// The trace as bytes.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let Self { seen, whole, writes, left } = self;
        write_bytes(seen, bytes);
        whole.write(bytes);
        write_bytes(writes, bytes);
        write_bytes(left, bytes);
    }

    /// The trace that was written; `None` where it is none.
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (seen, whole) = (read_bytes(bytes)?.to_vec(), u8::read(bytes)?);
        let (writes, left) = (read_bytes(bytes)?.to_vec(), read_bytes(bytes)?.to_vec());
        Some(Self { seen, whole, writes, left })
    }

    fn has_seen(&self, object: u64) -> bool {
        let (seen, _) = self.seen.as_chunks();
        seen.binary_search_by_key(&object, |number| u64::from_le_bytes(*number)).is_ok()
    }

    fn writes(&self) -> impl Iterator<Item = Write> {
        let (numbers, _) = self.writes.as_chunks();
        let (writes, _) = numbers.as_chunks();
        writes.iter().map(|write| {
            let [object, before, after] = write.map(u64::from_le_bytes);
            Write { object, before, after }
        })
    }
}

fn bytes_of(numbers: impl IntoIterator<Item = u64>) -> Vec<u8> {
    numbers.into_iter().flat_map(u64::to_le_bytes).collect()
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
            let of_kind = trace.whole & (1 << (object & 7)) != 0;
            *object == DOUBTS || of_kind || trace.has_seen(*object)
        })
    }

    /// Goes on to the next migration of both: what it left in the one, what
    /// it, or another one, left in the other; `None` where one has no such.
    pub fn follow(&mut self, old: Option<&Trace>, new: Option<&Trace>) {
        let mut after: HashMap<u64, (u64, u64)> = HashMap::new();
        for Write { object, before, after: left } in old.iter().flat_map(|trace| trace.writes()) {
            let known = self.objects.get(&object);
            after.insert(object, (left, known.map_or(before, |both| both.1)));
        }
        for Write { object, before, after: left } in new.iter().flat_map(|trace| trace.writes()) {
            let known = self.objects.get(&object);
            let both = after.entry(object).or_insert((known.map_or(before, |both| both.0), left));
            both.1 = left;
        }
        for (object, (old, new)) in after {
            match old == new {
                true => self.objects.remove(&object),
                false => self.objects.insert(object, (old, new)),
            };
        }
    }
}
