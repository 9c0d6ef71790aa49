//! The macros of `deepref-schema`.
//!
//! [`migrations!`] is the list of a history, [`migration!`] one migration;
//! [`Entity`] and [`PgEnum`] compare Rust types with what a history ends in;
//! [`seeds!`] is the list of the seeds, [`seed!`] one of them. All are documented in the `deepref-schema` crate, which re-exports them.

mod ending;
mod entity;
mod expand;
mod fallback;
mod folder;
mod functions;
mod history;
mod home;
mod kept;
mod migration;
mod migrations;
mod report;
mod seals;
mod seed;
mod site;
#[cfg(test)]
mod tests;

use proc_macro::{Span, TokenStream};

use site::Site;

/// The list of a history, oldest migration first.
#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    migrations::expand(input.into(), &site()).into()
}

/// One migration: its name, its version, what applies it and what reverts it.
#[proc_macro]
pub fn migration(input: TokenStream) -> TokenStream {
    migration::expand(input.into(), &site()).into()
}

/// The list of the seeds.
#[proc_macro]
pub fn seeds(input: TokenStream) -> TokenStream {
    seed::list::expand(input.into(), &site()).into()
}

/// Rows that a database begins with.
#[proc_macro]
pub fn seed(input: TokenStream) -> TokenStream {
    seed::expand(input.into(), &site()).into()
}

/// A struct that stands for a table.
#[proc_macro_derive(Entity, attributes(entity, column))]
pub fn entity(input: TokenStream) -> TokenStream {
    entity::expand_struct(input.into(), &site()).into()
}

/// A Rust enum that stands for an enum type.
#[proc_macro_derive(PgEnum, attributes(pg_enum))]
pub fn pg_enum(input: TokenStream) -> TokenStream {
    entity::expand_enum(input.into(), &site()).into()
}

fn site() -> Site {
    Site::new(Span::call_site().local_file())
}
