//! The rules that findings are named after.

/// A rule that a finding can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable name, in snake case.
    pub name: &'static str,
    /// What it is about, in one sentence.
    pub problem: &'static str,
}

/// The rules that `#[allow(…, reason = "…")]` can accept: what is dangerous,
/// not what is wrong.
pub const ALLOWABLE: &[Rule] = &[
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
