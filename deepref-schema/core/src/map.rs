//! A sorted map whose copies share what they have in common.
//!
//! A fold over a long history copies the schema several times a migration and
//! changes a little of each copy. The entries stand in short sorted runs; a
//! copy shares the runs, and a change copies one of them.
//!
//! A map can be watched, as can its copies: which keys are asked for and
//! changed tells what a migration depends on.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::ops::Index;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// The most entries of a run; a longer one is split.
const LONGEST: usize = 32;

type Run<K, V> = Arc<Vec<(K, V)>>;

/// A sorted map whose copies share what they have in common.
#[derive(Clone)]
pub struct Map<K, V> {
    /// Runs of ascending keys, none of them empty.
    runs: Vec<Run<K, V>>,
    watch: Option<Watch>,
}

/// Who is told what is asked of a map, and the map's number there.
#[derive(Clone)]
struct Watch {
    map: u8,
    watcher: Arc<Watcher>,
}

/// What was asked of some maps.
#[derive(Debug, Default)]
pub(crate) struct Watcher {
    keys: Mutex<Vec<u64>>,
    /// A bit for each map of which all was asked for.
    whole: AtomicU8,
}

impl Watcher {
    /// The keys that were asked for or changed, and a bit for each map of which
    /// all was asked for.
    pub(crate) fn seen(&self) -> (Vec<u64>, u8) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
        keys.sort_unstable();
        keys.dedup();
        (keys, self.whole.load(Relaxed))
    }
}

/// A key of one of at most eight maps, as a number. The lowest bits are those
/// of the map.
pub(crate) fn key_number<Q: Hash + ?Sized>(map: u8, key: &Q) -> u64 {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
    (hash & !7) | u64::from(map)
}

impl<K: Ord + Hash + Clone, V: Clone> Map<K, V> {
    /// A map without entries.
    pub fn new() -> Self {
        Self { runs: Vec::new(), watch: None }
    }

    /// Watches what is asked of the map and of its copies, or no longer.
    pub(crate) fn watch(&mut self, map: u8, watcher: Option<&Arc<Watcher>>) {
        self.watch = watcher.map(|watcher| Watch { map, watcher: watcher.clone() });
    }

    fn touch<Q: Hash + ?Sized>(&self, key: &Q) {
        if let Some(Watch { map, watcher }) = &self.watch {
            let number = key_number(*map, key);
            watcher.keys.lock().unwrap_or_else(PoisonError::into_inner).push(number);
        }
    }

    fn touch_all(&self) {
        if let Some(Watch { map, watcher }) = &self.watch {
            watcher.whole.fetch_or(1 << map, Relaxed);
        }
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.touch_all();
        self.runs.is_empty()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.touch_all();
        self.runs.iter().map(|run| run.len()).sum()
    }

    /// The value of a key.
    pub fn get<Q: Ord + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.touch(key);
        let run = &self.runs[self.run_of(key)?];
        let at = run.binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?;
        Some(&run[at].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.touch(key);
        let of = self.run_of(key)?;
        let at = self.runs[of].binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?;
        Some(&mut Arc::make_mut(&mut self.runs[of])[at].1)
    }

    /// Whether there is a value for a key.
    pub fn contains_key<Q: Ord + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// Sets the value of a key; the result is the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.touch(&key);
        let Some(of) = self.run_of(&key).or((!self.runs.is_empty()).then_some(0)) else {
            self.runs.push(Arc::new(vec![(key, value)]));
            return None;
        };
        let run = Arc::make_mut(&mut self.runs[of]);
        match run.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(at) => return Some(std::mem::replace(&mut run[at].1, value)),
            Err(at) => run.insert(at, (key, value)),
        }
        if run.len() > LONGEST {
            let rest = run.split_off(LONGEST / 2);
            self.runs.insert(of + 1, Arc::new(rest));
        }
        None
    }

    /// Removes a key; the result is the value it had.
    pub fn remove<Q: Ord + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.touch(key);
        let of = self.run_of(key)?;
        let at = self.runs[of].binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?;
        let run = Arc::make_mut(&mut self.runs[of]);
        let (_, value) = run.remove(at);
        if run.is_empty() {
            self.runs.remove(of);
        }
        Some(value)
    }

    /// The entries, by ascending key.
    pub fn iter(&self) -> Iter<'_, K, V> {
        self.touch_all();
        let entry: fn(&(K, V)) -> (&K, &V) = |(key, value)| (key, value);
        let entries: EntriesOf<K, V> = |run| run.iter();
        self.runs.iter().flat_map(entries).map(entry)
    }

    /// The keys, ascending.
    pub fn keys(&self) -> impl Iterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, by ascending key.
    pub fn values(&self) -> impl Iterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.touch_all();
        let runs = self.runs.iter_mut().flat_map(|run| Arc::make_mut(run).iter_mut());
        runs.map(|(_, value)| value)
    }

    /// Keeps the entries for which this holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.touch_all();
        for run in &mut self.runs {
            Arc::make_mut(run).retain(|(key, value)| keep(key, value));
        }
        self.runs.retain(|run| !run.is_empty());
    }

    /// The keys whose values differ between two maps, with both values. What
    /// the maps share is passed over without a look.
    pub fn changes<'a>(&'a self, other: &'a Self) -> Vec<Change<'a, K, V>>
    where
        V: PartialEq,
    {
        self.changes_by(other, V::eq)
    }

    /// The same, where `same` tells which values do not differ.
    pub(crate) fn changes_by<'a>(
        &'a self,
        other: &'a Self,
        same: impl Fn(&V, &V) -> bool,
    ) -> Vec<Change<'a, K, V>> {
        let (mut ours, mut theirs) = (self.unshared(other), other.unshared(self));
        let mut changes = Vec::new();
        let (mut a, mut b) = (ours.next(), theirs.next());
        loop {
            let order = match (a, b) {
                (None, None) => return changes,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((x, _)), Some((y, _))) => x.cmp(y),
            };
            match (order, a, b) {
                (Ordering::Less, Some((key, value)), _) => changes.push((key, Some(value), None)),
                (Ordering::Greater, _, Some((key, value))) => {
                    changes.push((key, None, Some(value)))
                }
                (Ordering::Equal, Some((key, x)), Some((_, y))) if !same(x, y) => {
                    changes.push((key, Some(x), Some(y)));
                }
                _ => {}
            }
            if order != Ordering::Greater {
                a = ours.next();
            }
            if order != Ordering::Less {
                b = theirs.next();
            }
        }
    }

    /// The entries of the runs that another map does not have.
    fn unshared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a K, &'a V)> {
        let runs = self.runs.iter().filter(|run| {
            let same = other.run_of(&run[0].0).map(|of| &other.runs[of]);
            !same.is_some_and(|same| Arc::ptr_eq(run, same))
        });
        runs.flat_map(|run| run.iter().map(|(key, value)| (key, value)))
    }

    /// The run in which a key stands if it is there.
    fn run_of<Q: Ord + Hash + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.runs.partition_point(|run| run[0].0.borrow() <= key).checked_sub(1)
    }
}

/// A key and its values in two maps.
pub type Change<'a, K, V> = (&'a K, Option<&'a V>, Option<&'a V>);

type EntriesOf<K, V> = fn(&Run<K, V>) -> std::slice::Iter<'_, (K, V)>;

type Entries<'a, K, V> = std::iter::FlatMap<
    std::slice::Iter<'a, Run<K, V>>,
    std::slice::Iter<'a, (K, V)>,
    EntriesOf<K, V>,
>;

/// The entries of a map, by ascending key.
pub type Iter<'a, K, V> = std::iter::Map<Entries<'a, K, V>, fn(&(K, V)) -> (&K, &V)>;

impl<'a, K: Ord + Hash + Clone, V: Clone> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Ord + Hash + Clone, V: Clone> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord + Hash + Clone, V: Clone + PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.changes(other).is_empty()
    }
}

impl<K: Ord + Hash + Clone, V: Clone + Eq> Eq for Map<K, V> {}

impl<K: Ord + Hash + Clone, V: Clone, Q: Ord + Hash + ?Sized> Index<&Q> for Map<K, V>
where
    K: Borrow<Q>,
{
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the key is in the map")
    }
}

impl<K: Ord + Hash + Clone + fmt::Debug, V: Clone + fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A sequence of numbers that is the same in each run.
    fn numbers() -> impl Iterator<Item = u64> {
        std::iter::successors(Some(7u64), |n| {
            Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
        })
        .map(|n| n >> 33)
    }

    #[test]
    fn it_does_what_a_btree_map_does() {
        let (mut map, mut model) = (Map::new(), BTreeMap::new());
        for (step, number) in numbers().take(5000).enumerate() {
            let key = number % 400;
            if number % 3 == 0 {
                assert_eq!(map.remove(&key), model.remove(&key));
            } else {
                assert_eq!(map.insert(key, step), model.insert(key, step));
            }
            assert_eq!(map.get(&(key + 1)), model.get(&(key + 1)));
        }
        assert!(map.iter().eq(model.iter()));
        assert!(map.runs.iter().all(|run| !run.is_empty() && run.len() <= LONGEST));
    }

    #[test]
    fn changes_of_a_copy_are_found_and_do_not_reach_the_original() {
        let mut map = Map::new();
        for number in 0..200 {
            map.insert(number, 0);
        }
        let mut copy = map.clone();
        assert_eq!(map.changes(&copy), []);
        copy.insert(50, 1);
        copy.remove(&150);
        copy.insert(300, 2);
        assert_eq!(
            map.changes(&copy),
            [(&50, Some(&0), Some(&1)), (&150, Some(&0), None), (&300, None, Some(&2))]
        );
        assert_eq!(map.get(&50), Some(&0));
    }
}
