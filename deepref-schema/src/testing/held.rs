//! What a transaction keeps others from, told once.

use crate::{Lock, LockMode, Step};

/// What the statements of a segment have locked so far. A lock is held until
/// the transaction ends, so a second statement that takes it is no news.
#[derive(Default)]
pub(super) struct Held(Vec<(&'static str, LockMode)>);

impl Held {
    /// Whom the next statement makes wait, in one line; `None` where nobody
    /// waits for it who did not wait before, and it does nothing that takes
    /// time.
    pub(super) fn news(&mut self, step: &Step) -> Option<String> {
        let blocking = step.locks?.iter().filter(|lock| lock.mode.blocks_writes());
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for lock in blocking {
            if self.is_stronger(lock) || lock.work.words().is_some() {
                match groups.last_mut().filter(|(against, _)| *against == words(lock)) {
                    Some((_, relations)) => relations.push(lock.relation),
                    None => groups.push((words(lock), vec![lock.relation])),
                }
            }
            self.0.push((lock.relation, lock.mode));
        }
        let groups = groups.iter();
        let parts: Vec<_> =
            groups.map(|(against, of)| format!("{} {against}", listed(of))).collect();
        (!parts.is_empty()).then(|| format!("locks {}", parts.join("; ")))
    }

    fn is_stronger(&self, lock: &Lock) -> bool {
        let reads = lock.mode.blocks_reads();
        let as_strong = |(relation, mode): &(&str, LockMode)| {
            *relation == lock.relation && mode.blocks_reads() >= reads
        };
        !self.0.iter().any(as_strong)
    }
}

/// Against what, and how long.
fn words(lock: &Lock) -> String {
    let against = if lock.mode.blocks_reads() { "reads and writes" } else { "writes" };
    let while_it = lock.work.words().map(|words| format!(" while it {words}"));
    format!("against {against}{}", while_it.unwrap_or_default())
}

/// `a`, `a and b`, `a, b and c`
fn listed(relations: &[&str]) -> String {
    match relations {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        all => all.concat(),
    }
}
