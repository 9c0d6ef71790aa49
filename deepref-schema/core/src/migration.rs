//! A migration as written: what the reader of the language hands to the model.

use crate::ident::Ident;
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
    /// `#![ledger(schema.table)]`: the schema and the name of the ledger.
    pub ledger: (String, String),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            oldest_postgres: 14,
            forbid_irreversible: false,
            ledger: ("public".to_owned(), "migrations".to_owned()),
        }
    }
}
