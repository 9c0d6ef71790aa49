//! A migration as written: what the reader of the language hands to the model.

use crate::ident::Ident;
use crate::limits::Limits;
use crate::operation::Operation;
use crate::origin::Origin;

/// A migration as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The name, in PascalCase.
    pub name: Ident,
    /// The version.
    pub version: i64,
    /// The version's token.
    pub version_origin: Origin,
    /// The text of its `///` comment, lines joined by newlines.
    pub text: String,
    /// `#[irreversible(reason = "…")]`
    pub irreversible: Option<Irreversible>,
    /// `#[allow(…)]` on the whole migration.
    pub allows: Vec<Allow>,
    /// What applies it.
    pub up: Vec<Item>,
    /// The word `up`.
    pub up_origin: Origin,
    /// What reverts it, where written.
    pub down: Option<Vec<Item>>,
    /// The word `down`.
    pub down_origin: Origin,
    /// The checksum of its normalised tokens.
    pub checksum: [u8; 32],
    /// `#[replaces(1 = "…", 2 = "…")]`: what was squashed into it, ascending;
    /// the last one has its own version.
    pub replaces: Vec<Replaced>,
    /// `#[lock_timeout = "…"]` and the like.
    pub limits: Limits,
}

/// A migration that was squashed into another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its version.
    pub version: i64,
    /// The checksum that it was recorded with.
    pub checksum: [u8; 32],
}

impl Migration {
    /// A migration that nobody has written yet: a command makes it.
    pub fn computed(version: i64, name: &str, up: Vec<Item>) -> Self {
        Self {
            name: Ident::computed(name),
            version,
            version_origin: Origin::NONE,
            text: String::new(),
            irreversible: None,
            allows: Vec::new(),
            up,
            up_origin: Origin::NONE,
            down: None,
            down_origin: Origin::NONE,
            checksum: [0; 32],
            replaces: Vec::new(),
            limits: Limits::NONE,
        }
    }
}

/// One operation, with the findings its author accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The operation.
    pub operation: Operation,
    /// The `#[allow(…)]`s of the statement, and of the item inside of it.
    /// Each stands at one item only, unless a statement gave several items.
    pub allows: Vec<Allow>,
    /// The first word of the statement, or of the item in its braces.
    pub origin: Origin,
}

/// `#[allow(rule, reason = "…")]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rules.
    pub rules: Vec<Ident>,
    /// Why.
    pub reason: String,
    /// The word `allow`.
    pub origin: Origin,
}

/// `#[irreversible(reason = "…")]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irreversible {
    /// Why.
    pub reason: String,
    /// The word `irreversible`.
    pub origin: Origin,
}

/// What the attributes of a list say about the whole history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `#![postgres(14..)]`: the oldest major version that is supported.
    pub oldest_postgres: u32,
    /// `#![forbid(irreversible)]`
    pub forbid_irreversible: bool,
    /// `#![allow(blocking, reason = "…")]`: nobody waits for the tables.
    pub allow_blocking: bool,
    /// `#![ledger(schema.table)]`: the schema and the name of the ledger.
    pub ledger: (String, String),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            oldest_postgres: 14,
            forbid_irreversible: false,
            allow_blocking: false,
            ledger: ("public".to_owned(), "migrations".to_owned()),
        }
    }
}

/// The stem of a migration's file: `m1732025000001_initial_schema`.
pub fn file_stem(version: i64, name: &str) -> String {
    format!("m{version}_{}", snake_case(name))
}

/// A name in PascalCase in snake case: a word begins at a capital letter that
/// follows a small one or a digit, or that a small one follows
/// (`CreateMFATables` is `create_mfa_tables`).
pub(crate) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, char) in chars.iter().enumerate() {
        let after_small = at > 0 && !chars[at - 1].is_uppercase();
        let before_small = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if char.is_uppercase() && at > 0 && (after_small || before_small) {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

/// The version in the stem of a migration's file, if it is one.
pub fn version_of_stem(stem: &str) -> Option<i64> {
    let (version, name) = stem.strip_prefix('m')?.split_once('_')?;
    let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !name.is_empty()).then(|| version.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stem_of_a_file_says_version_and_name() {
        for (name, stem) in [
            ("InitialSchema", "m1_initial_schema"),
            ("AISystemTables", "m1_ai_system_tables"),
            ("CreateMFATables", "m1_create_mfa_tables"),
            ("AddV2Keys", "m1_add_v2_keys"),
            ("Add2FA", "m1_add2_fa"),
            ("A", "m1_a"),
        ] {
            assert_eq!(file_stem(1, name), stem);
            assert_eq!(version_of_stem(stem), Some(1));
        }
        for other in ["mod", "m_a", "m1", "m1_", "n1_a", "m1a_b", "m99999999999999999999_a"] {
            assert_eq!(version_of_stem(other), None);
        }
    }
}
