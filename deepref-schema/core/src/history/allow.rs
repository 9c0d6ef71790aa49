use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::migration::{Allow, Item, Migration};
use crate::rules;
use crate::suggest;

/// The findings that the author accepts, and which of them there were.
///
/// An `allow` is known by its origin: that of a statement with several changes
/// is attached to each of them.
pub(super) struct Allowed {
    whole: Vec<Allow>,
    used: BTreeMap<(u32, String), bool>,
    allows: Vec<Allow>,
}

impl Allowed {
    pub(super) fn new(migration: &Migration) -> Self {
        let mut allows: Vec<Allow> = migration.allows.clone();
        let items = migration.up.iter().chain(migration.down.iter().flatten());
        for allow in items.flat_map(|item| &item.allows) {
            if !allows.iter().any(|other| other.origin.mark() == allow.origin.mark()) {
                allows.push(allow.clone());
            }
        }
        Self { whole: migration.allows.clone(), used: BTreeMap::new(), allows }
    }

    /// Says nothing about the `allow`s of items that were not checked.
    pub(super) fn leave_out<'a>(&mut self, items: impl Iterator<Item = &'a Item>) {
        for allow in items.flat_map(|item| &item.allows) {
            self.allows.retain(|other| other.origin.mark() != allow.origin.mark());
        }
    }

    /// The findings that are not accepted.
    pub(super) fn filter(&mut self, item: &Item, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        findings.retain(|finding| !self.accepts(item, finding));
        findings
    }

    fn accepts(&mut self, item: &Item, finding: &Diagnostic) -> bool {
        let allows = item.allows.iter().chain(&self.whole);
        let mut naming = allows.flat_map(|allow| {
            let rules = allow.rules.iter().filter(|rule| means(rule.as_str(), finding.rule));
            rules.map(|rule| (allow.origin.mark(), rule.to_string()))
        });
        match naming.next() {
            Some(used) => {
                self.used.insert(used, true);
                true
            }
            None => false,
        }
    }

    /// Takes the `allow`s of an item as needed: what is wrong with it may be
    /// why nothing needed them.
    pub(super) fn doubt(&mut self, item: &Item) {
        for allow in item.allows.iter().chain(&self.whole) {
            let used = allow.rules.iter().map(|rule| (allow.origin.mark(), rule.to_string()));
            self.used.extend(used.map(|rule| (rule, true)));
        }
    }

    /// Findings about the `allow`s themselves: an unknown rule, or one that
    /// nothing breaks.
    pub(super) fn unused(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for allow in &self.allows {
            for rule in &allow.rules {
                let name = rule.as_str();
                if !rules::names().any(|known| known == name) {
                    let message = format!("no rule `{name}` can be allowed");
                    let mut diagnostic = Diagnostic::new("unknown_rule", rule.origin, message);
                    diagnostic.help = suggest::help(name, rules::names());
                    findings.push(diagnostic);
                } else if !self.used.contains_key(&(allow.origin.mark(), name.to_owned())) {
                    let message = format!("nothing here needs `{name}` to be allowed");
                    let diagnostic = Diagnostic::new("unused_allow", rule.origin, message);
                    findings.push(diagnostic.help("delete it"));
                }
            }
        }
        findings
    }
}

/// Whether an `allow` means a rule, be it misspelt: that is reported for
/// itself.
fn means(written: &str, rule: &str) -> bool {
    let is_known = rules::names().any(|name| name == written);
    let nearest = || suggest::nearest(written, rules::names());
    rules::covers(written, rule)
        || (!is_known && nearest().is_some_and(|name| rules::covers(name, rule)))
}
