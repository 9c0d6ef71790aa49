//! Rust types that stand for tables and enums: what the derives read.
//!
//! The struct is read by `syn`; what its attributes say about types, defaults,
//! constraints and indexes is the migration language.

mod attributes;
mod case;
mod column;
mod docs;
mod enumeration;
mod field;
mod metadata;
mod rust_type;
mod scan;
mod serde;
mod table;

pub use metadata::Metadata;
pub use scan::{Found, scan};

use deepref_schema_core::entity::{Entity, Enumeration};
use deepref_schema_core::origin::Origin;
use proc_macro2::{Span, TokenStream};

use crate::Parsed;
use crate::error::{Errors, Stop};
use crate::origins::{Origins, Place};

/// A type that was derived, and how it is compared.
#[derive(Clone, Debug)]
pub struct Derived<T> {
    /// What it stands for.
    pub of: T,
    /// `deny(drift)`: what differs from the history is an error.
    pub deny_drift: bool,
    /// `history = "…"`: the list of the migrations, and the token.
    pub history: Option<(String, Origin)>,
}

/// Reads the struct of `#[derive(Entity)]`.
pub fn parse_entity(tokens: TokenStream, origins: &mut Origins) -> Parsed<Derived<Entity>> {
    let mut reader = Reader { origins, errors: Errors::default() };
    let value = reader.input(tokens).and_then(|input| reader.entity(&input));
    reader.finish(value)
}

/// Reads the enum of `#[derive(PgEnum)]`.
pub fn parse_enum(tokens: TokenStream, origins: &mut Origins) -> Parsed<Derived<Enumeration>> {
    let mut reader = Reader { origins, errors: Errors::default() };
    let value = reader.input(tokens).and_then(|input| reader.enumeration(&input));
    reader.finish(value)
}

/// What reads one derived type.
struct Reader<'a> {
    origins: &'a mut Origins,
    errors: Errors,
}

impl Reader<'_> {
    fn input(&mut self, tokens: TokenStream) -> Option<syn::DeriveInput> {
        match syn::parse2(tokens) {
            Ok(input) => Some(input),
            Err(error) => {
                let origin = self.mark(error.span());
                self.errors.push(Stop::new(origin, error.to_string()));
                None
            }
        }
    }

    fn mark(&mut self, span: Span) -> Origin {
        self.origins.mark(Place::Span(span))
    }

    fn finish<T>(self, value: Option<T>) -> Parsed<T> {
        let Errors { diagnostics, broken } = self.errors;
        Parsed { value: value.filter(|_| !broken), diagnostics, broken }
    }
}
