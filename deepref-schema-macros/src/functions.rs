//! The functions that a migration runs, as a table beside its text.

use deepref_schema_core::ident::Ident as Word;
use deepref_schema_core::migration::Migration;
use deepref_schema_core::operation::{FunctionRevert, Operation};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::rust_path::RustPath;
use deepref_schema_syntax::Origins;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use crate::report;

/// The table of the functions that a migration names, each under its path as
/// it is written; `None` where it names none.
///
/// ```text
/// &[::deepref_schema::__private::Function {
///     path: "steps::fill",
///     call: |transaction| ::deepref_schema::__private::call(steps::fill, transaction),
/// }]
/// ```
pub(crate) fn table(migration: &Migration, origins: &Origins) -> Option<TokenStream> {
    let mut paths: Vec<&RustPath> = Vec::new();
    for path in named(migration) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let functions = paths.iter().map(|path| function(path, origins));
    (!paths.is_empty()).then(|| quote! { &[#(#functions),*] })
}

/// Those that revert are among them, so that the compiler checks what is
/// written whether or not it will be called.
fn named(migration: &Migration) -> impl Iterator<Item = &RustPath> {
    let items = migration.up.iter().chain(migration.down.iter().flatten());
    items
        .flat_map(|item| {
            let Operation::RunFunction(run) = &item.operation else { return [None, None] };
            let revert = match &run.revert {
                Some(FunctionRevert::Function(revert)) => Some(revert),
                Some(FunctionRevert::Nothing) | None => None,
            };
            [Some(&run.function), revert]
        })
        .flatten()
}

/// All tokens have the span of the path, so that what is wrong is underlined
/// there.
fn function(path: &RustPath, origins: &Origins) -> TokenStream {
    let first = path.words.first().map_or(Origin::NONE, |word| word.origin);
    let span = report::span(origins, first);
    let text = path.to_string();
    let leading = path.is_global.then(|| quote_spanned! { span=> :: });
    let words = path.words.iter().map(|word| token(word, origins));
    quote_spanned! { span=>
        ::deepref_schema::__private::Function {
            path: #text,
            call: |transaction| ::deepref_schema::__private::call(#leading #(#words)::*, transaction),
        }
    }
}

fn token(word: &Word, origins: &Origins) -> Ident {
    let span = report::span(origins, word.origin);
    match word.as_str().strip_prefix("r#") {
        Some(raw @ ("crate" | "self" | "super" | "Self" | "_")) => Ident::new(raw, span),
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(word.as_str(), span),
    }
}
