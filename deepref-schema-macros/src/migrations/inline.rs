//! Migrations that are written in the list itself.

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::{Migration, file_stem};
use deepref_schema_syntax::{List, Origins, file_of_list};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;

use super::{history, unused};
use crate::{expand, functions, report};

/// Folds the migrations, and writes the history.
pub(super) fn expand(
    list: &List,
    tokens: TokenStream,
    broken: bool,
    origins: &Origins,
) -> TokenStream {
    let empty = || history(&list.settings, &quote! { &[] }, &quote! { b"" }, ("", ""));
    if broken {
        return empty();
    }
    let mut diagnostics = order(&list.inline);
    let mut fold = Fold::new(list.settings.clone());
    let mut packed = Vec::with_capacity(list.inline.len());
    let mut blocks = false;
    for migration in &list.inline {
        let stem = file_stem(migration.version, migration.name.as_str());
        let mut verified = fold.step(&stem, migration);
        if !list.settings.allow_blocking {
            verified.diagnostics.extend(verified.blocking.iter().cloned());
        }
        blocks |= !verified.blocking.is_empty();
        for diagnostic in &mut verified.diagnostics {
            diagnostic.origin = diagnostic.origin.or(migration.name.origin);
        }
        diagnostics.append(&mut verified.diagnostics);
        let text = expand::packed(&stem, migration, &verified);
        packed.push(expand::inline_item(&text, functions::table(migration, origins).as_ref()));
    }
    if diagnostics.is_empty() && !blocks {
        diagnostics.extend(list.allow_blocking.as_ref().map(unused));
    }
    if !diagnostics.is_empty() {
        let mut tokens = report::errors(&diagnostics, origins, Span::call_site());
        tokens.extend(empty());
        return tokens;
    }
    let schema = Literal::byte_string(&fold.schema().to_bytes());
    let text = file_of_list(tokens);
    history(&list.settings, &quote! { &[#(#packed),*] }, &quote! { #schema }, ("", &text))
}

/// Versions ascend.
fn order(migrations: &[Migration]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut last: Option<&Migration> = None;
    for migration in migrations {
        match last {
            Some(before) if migration.version <= before.version => {
                diagnostics.push(not_ascending(migration, before));
            }
            _ => last = Some(migration),
        }
    }
    diagnostics
}

fn not_ascending(migration: &Migration, before: &Migration) -> Diagnostic {
    let (version, other) = (migration.version, &before.name);
    let message = match version == before.version {
        true => format!("`{other}` has the version {version} already"),
        false => format!("the version of `{other}` before this is higher"),
    };
    Diagnostic::new("order", migration.version_origin, message)
        .help("versions ascend; a new migration gets a new version")
}
