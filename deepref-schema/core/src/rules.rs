//! The rules that findings are named after.

/// A rule that a finding can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable name, in snake case.
    pub name: &'static str,
    /// What it is about, in one sentence.
    pub problem: &'static str,
}

/// The name that stands for all rules about locks, each of which begins with
/// it, where findings are accepted.
pub const BLOCKING: &str = "blocking";

/// The rules that `#[allow(…, reason = "…")]` can accept: what is dangerous,
/// not what is wrong.
pub const ALLOWABLE: &[Rule] = &[
    Rule {
        name: "blocking_index",
        problem: "an index is built while nobody can write to its table",
    },
    Rule {
        name: "blocking_rewrite",
        problem: "all rows of a table are written again while nobody can read or write it",
    },
    Rule {
        name: "blocking_scan",
        problem: "all rows are read while nobody can write to the table",
    },
    Rule {
        name: "blocking_transaction",
        problem: "a table stays locked while a later statement of the transaction takes time",
    },
    Rule {
        name: "data_loss",
        problem: "the migration deletes data that its revert can not bring back",
    },
    Rule { name: "duplicate_index", problem: "the table has an index that does the same work" },
    Rule {
        name: "mixed_foreign_key",
        problem: "a foreign key compares columns of two types, of which one holds less",
    },
    Rule {
        name: "not_null_without_default",
        problem: "rows that are there have no value for a new column that must have one",
    },
    Rule {
        name: "string_names_column",
        problem: "a string in an expression is the name of a column of its table",
    },
];

/// Whether `#[allow(…)]` can accept what breaks the rule of this name.
pub fn is_allowable(name: &str) -> bool {
    ALLOWABLE.iter().any(|rule| rule.name == name)
}

/// Whether a name in `#[allow(…)]` stands for a rule.
pub fn covers(name: &str, rule: &str) -> bool {
    name == rule || (name == BLOCKING && is_about_locks(rule))
}

/// The names that `#[allow(…)]` can hold.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALLOWABLE.iter().map(|rule| rule.name).chain([BLOCKING])
}

fn is_about_locks(rule: &str) -> bool {
    rule.strip_prefix(BLOCKING).is_some_and(|rest| rest.starts_with('_'))
}
