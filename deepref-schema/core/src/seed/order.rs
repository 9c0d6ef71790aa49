//! What comes before what.

use std::collections::VecDeque;

use super::{Environment, Seed};
use crate::diagnostic::Diagnostic;
use crate::ident::Ident;
use crate::suggest;

/// What seeds need to know of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The name.
    pub name: String,
    /// Where it is run.
    pub environments: Vec<Environment>,
    /// What comes before it.
    pub after: Vec<String>,
}

/// What is wrong with what a seed comes after, among all seeds of a list.
///
/// A cycle is reported in the seed of it that stands first in the list.
pub fn check_order(seed: &Seed, all: &[Head]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (at, wanted) in seed.after.iter().enumerate() {
        if seed.after[..at].contains(wanted) {
            let message = format!("`{wanted}` is named twice");
            let twice = Diagnostic::new("already_exists", wanted.origin, message);
            diagnostics.push(twice.help("delete it"));
            continue;
        }
        diagnostics.extend(match find(all, wanted.as_str()) {
            None => Some(unknown(seed, wanted, all)),
            Some(found) => cycle(seed, wanted, all).or_else(|| absent(seed, wanted, found)),
        });
    }
    diagnostics
}

fn find<'a>(all: &'a [Head], name: &str) -> Option<&'a Head> {
    all.iter().find(|head| head.name == name)
}

fn unknown(seed: &Seed, wanted: &Ident, all: &[Head]) -> Diagnostic {
    let message = format!("no seed `{wanted}` exists here");
    let mut diagnostic = Diagnostic::new("unknown_seed", wanted.origin, message);
    let others = all.iter().map(|head| head.name.as_str()).filter(|name| seed.name != *name);
    diagnostic.help = suggest::help(wanted.as_str(), others);
    diagnostic
}

/// The seeds that lead from one back to this one, where this is the first of
/// them in the list.
fn cycle(seed: &Seed, wanted: &Ident, all: &[Head]) -> Option<Diagnostic> {
    let path = path(wanted.as_str(), seed.name.as_str(), all)?;
    let position = |name: &str| all.iter().position(|head| head.name == name);
    let first = path.iter().filter_map(|name| position(name)).min();
    if first != position(seed.name.as_str()) {
        return None;
    }
    let message = match path.as_slice() {
        [_] => format!("`{wanted}` can not come after itself"),
        path => format!("`{}` comes after {}", seed.name, chain(path)),
    };
    Some(Diagnostic::new("seed_cycle", wanted.origin, message).help("delete one of these `after`"))
}

/// `` `B`, which comes after `A` ``
fn chain(path: &[&str]) -> String {
    let names: Vec<_> = path.iter().map(|name| format!("`{name}`")).collect();
    names.join(", which comes after ")
}

/// The shortest way along `after` from one seed to another, both included.
fn path<'a>(from: &str, to: &str, all: &'a [Head]) -> Option<Vec<&'a str>> {
    let mut ways = VecDeque::from([vec![find(all, from)?]]);
    let mut seen = vec![from];
    while let Some(way) = ways.pop_front() {
        let last = way.last()?;
        if last.name == to {
            return Some(way.iter().map(|head| head.name.as_str()).collect());
        }
        for next in last.after.iter().filter_map(|name| find(all, name)) {
            if !seen.contains(&next.name.as_str()) {
                seen.push(&next.name);
                ways.push_back(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}

/// A seed that is run where the one before it is not.
fn absent(seed: &Seed, wanted: &Ident, found: &Head) -> Option<Diagnostic> {
    let missing: Vec<_> = seed
        .environments
        .iter()
        .filter(|environment| !found.environments.contains(environment))
        .map(|environment| environment.word())
        .collect();
    let list = missing.join(" and ");
    let message = format!("`{}` is for {list}, and `{wanted}` before it is not", seed.name);
    let help = format!(
        "write `{}` in the head of `{wanted}` as well, or delete it here",
        missing.join(", ")
    );
    (!missing.is_empty())
        .then(|| Diagnostic::new("seed_environment", wanted.origin, message).help(help))
}

/// The positions of seeds in an order in which each comes after those that it
/// names, and else as in the list.
pub fn in_order(all: &[Head]) -> Vec<usize> {
    let mut order = Vec::with_capacity(all.len());
    let mut seen = vec![false; all.len()];
    for at in 0..all.len() {
        visit(at, all, &mut seen, &mut order);
    }
    order
}

fn visit(at: usize, all: &[Head], seen: &mut [bool], order: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[at], true) {
        return;
    }
    for name in &all[at].after {
        if let Some(before) = all.iter().position(|head| head.name == *name) {
            visit(before, all, seen, order);
        }
    }
    order.push(at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::Origin;

    const ALL: &[Environment] = &Environment::ALL;

    fn seed(name: &str, after: &[&str], environments: &[Environment]) -> Seed {
        let name_of = |name: &&str| Ident::new(*name, Origin::new(1));
        Seed {
            name: name_of(&name),
            text: String::new(),
            environments: environments.to_vec(),
            after: after.iter().map(name_of).collect(),
            upserts: Vec::new(),
        }
    }

    fn check(seeds: &[Seed], expected: &[&str]) {
        let heads: Vec<_> = seeds.iter().map(Seed::head).collect();
        let found = seeds.iter().flat_map(|seed| check_order(seed, &heads));
        let texts: Vec<_> = found.map(|finding| finding.message).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_cycle_is_one_mistake() {
        check(&[seed("A", &["B"], ALL), seed("B", &[], ALL)], &[]);
        check(&[seed("A", &["A"], ALL)], &["`A` can not come after itself"]);
        check(
            &[seed("A", &["C"], ALL), seed("B", &["A"], ALL), seed("C", &["B"], ALL)],
            &["`A` comes after `C`, which comes after `B`, which comes after `A`"],
        );
        // Who only leads into a cycle is no part of it.
        check(
            &[seed("A", &["B"], ALL), seed("B", &["C"], ALL), seed("C", &["B"], ALL)],
            &["`B` comes after `C`, which comes after `B`"],
        );
    }

    #[test]
    fn what_is_needed_is_there_and_in_each_environment() {
        check(&[seed("A", &["Users"], ALL)], &["no seed `Users` exists here"]);
        check(&[seed("A", &["B", "B"], ALL), seed("B", &[], ALL)], &["`B` is named twice"]);
        check(
            &[seed("A", &["B"], ALL), seed("B", &[], &[Environment::Dev])],
            &["`A` is for staging and prod, and `B` before it is not"],
        );
        check(&[seed("A", &["B"], &[Environment::Dev]), seed("B", &[], ALL)], &[]);
    }

    #[test]
    fn each_comes_after_those_that_it_names() {
        let heads: Vec<_> = [
            seed("A", &["C"], ALL),
            seed("B", &[], ALL),
            seed("C", &["D", "B"], ALL),
            seed("D", &["Nobody"], ALL),
        ]
        .iter()
        .map(Seed::head)
        .collect();
        let names: String = in_order(&heads).iter().map(|at| heads[*at].name.as_str()).collect();
        assert_eq!(names, "DBCA");
    }
}
