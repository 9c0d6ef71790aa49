//! `migrations!`

mod inline;

use std::path::Path;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::migration::{Settings, version_of_stem};
use deepref_schema_core::origin::Origin;
use deepref_schema_syntax::{List, Origins, parse_list, stands_alone};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::site::Site;
use crate::{folder, report, seals};

/// Checks a list, and writes the modules and the history.
pub(crate) fn expand(tokens: TokenStream, site: &Site) -> TokenStream {
    let mut origins = Origins::new();
    let parsed = parse_list(tokens.clone(), &mut origins);
    let list = parsed.value.unwrap_or_default();
    let mut errors = report::errors(&parsed.diagnostics, &origins, Span::call_site());
    if list.files.is_empty() && (parsed.broken || !list.inline.is_empty()) {
        errors.extend(inline::expand(&list, tokens, parsed.broken, &origins));
        return errors;
    }
    errors.extend(files(&list, parsed.broken, site, &origins));
    errors
}

fn files(list: &List, broken: bool, site: &Site, origins: &Origins) -> TokenStream {
    let Some(file) = site.list() else {
        return items(&list.files, list, "", None);
    };
    let first = list.files.first().map_or(Origin::NONE, |file| file.origin);
    if let Some(misplaced) = misplaced(&file, site, first) {
        let mut tokens = report::errors(&[misplaced], origins, Span::call_site());
        tokens.extend(items(&[], list, "", None));
        return tokens;
    }
    let folder = folder_of(&file);
    if list.files.is_empty() && !file.ends_with("history.rs") && !file.ends_with("history/mod.rs") {
        return items(&[], list, "", None);
    }
    // A line that could not be read is not missing from the list.
    let mut diagnostics =
        if broken { Vec::new() } else { folder::check(&list.files, &folder, site, first) };
    diagnostics.extend(check_seals(list, site, first));
    let mut tokens = report::errors(&diagnostics, origins, Span::call_site());
    let is_there = |file: &&Ident| {
        let unique = list.files.iter().find(|other| other == file);
        let first = unique.is_some_and(|other| std::ptr::eq(other, *file));
        first
            && version_of_stem(file.as_str()).is_some()
            && folder.join(format!("{file}.rs")).is_file()
    };
    let there: Vec<Ident> = list.files.iter().filter(is_there).cloned().collect();
    let ends = list.files.last().filter(|last| there.last() == Some(*last));
    tokens.extend(items_with_spans(&there, list, &site.shown(&file), ends, origins));
    if diagnostics.is_empty() && !broken {
        tokens.extend(needed(list, origins));
    }
    tokens.extend(tracked_lock(site));
    tokens
}

fn check_seals(list: &List, site: &Site, first: Origin) -> Option<Diagnostic> {
    match seals::read(&site.lock()) {
        Ok(seals) => seals::check_list(&seals, &list.files, first),
        Err(why) => Some(Diagnostic::new("sealed", first, why)),
    }
}

/// A list of files stands alone in `history.rs` or `history/mod.rs`.
fn misplaced(file: &Path, site: &Site, first: Origin) -> Option<Diagnostic> {
    if !first.is_known() {
        // An empty list finds its place when it gets its first line.
        return None;
    }
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = file.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    let shown = site.shown(file);
    if name != "history.rs" && (name, folder) != ("mod.rs", Some("history")) {
        let message = format!("a list of files stands in `history.rs`, this is `{shown}`");
        return Some(
            Diagnostic::new("placement", first, message)
                .help("write it into `src/history.rs`, and `mod history;` here"),
        );
    }
    let text = std::fs::read_to_string(file).unwrap_or_default();
    if stands_alone(&text) {
        return None;
    }
    let message = format!("a list of files stands alone in `{shown}`");
    Some(
        Diagnostic::new("placement", first, message)
            .help("move what else is there to another file"),
    )
}

/// The folder of the files: `history/` beside `history.rs`, or around `mod.rs`.
fn folder_of(file: &Path) -> std::path::PathBuf {
    match file.file_name().is_some_and(|name| name == "mod.rs") {
        true => file.parent().unwrap_or(file).to_owned(),
        false => file.with_extension(""),
    }
}

/// Fails where no migration needs `#![allow(blocking)]`. Each tells that for
/// itself, so that the list need not check them all.
///
/// ```text
/// const _: () = assert!(m1_a::BLOCKS || m2_b::BLOCKS, "nothing in this history …");
/// ```
fn needed(list: &List, origins: &Origins) -> Option<TokenStream> {
    let allow = list.allow_blocking.as_ref().filter(|_| !list.files.is_empty())?;
    let files = list.files.iter();
    let modules = files.map(|file| proc_macro2::Ident::new(file.as_str(), Span::call_site()));
    let text = unused(allow).text();
    let span = report::span(origins, allow.origin);
    Some(quote_spanned! { span =>
        const _: () = ::core::assert!(#(#modules::BLOCKS)||*, #text);
    })
}

/// `#![allow(blocking)]` that no migration needs.
fn unused(allow: &Ident) -> Diagnostic {
    let message = "nothing in this history needs `blocking` to be allowed";
    Diagnostic::new("unused_allow", allow.origin, message).help("delete it")
}

/// Makes the compiler look again when the lock file changes.
fn tracked_lock(site: &Site) -> Option<TokenStream> {
    let lock = site.lock();
    let path = lock.to_str().filter(|_| lock.is_file())?;
    Some(quote! { const _: &[u8] = ::core::include_bytes!(#path); })
}

fn items(files: &[Ident], list: &List, list_file: &str, ends: Option<&Ident>) -> TokenStream {
    items_with_spans(files, list, list_file, ends, &Origins::new())
}

/// The modules and the history:
///
/// ```text
/// mod m1_a;
/// pub static HISTORY: ::std::sync::LazyLock<::deepref_schema::History> = … {
///     migrations: unpack(&[Packed::from(m1_a::MIGRATION)]),
///     schema: m1_a::SCHEMA,
///     …
/// };
/// ```
fn items_with_spans(
    files: &[Ident],
    list: &List,
    list_file: &str,
    ends: Option<&Ident>,
    origins: &Origins,
) -> TokenStream {
    let modules: Vec<proc_macro2::Ident> = files
        .iter()
        .map(|file| proc_macro2::Ident::new(file.as_str(), report::span(origins, file.origin)))
        .collect();
    let schema = match ends.and_then(|_| modules.last()) {
        Some(last) => quote! { #last::SCHEMA },
        None => quote! { b"" },
    };
    let migrations = quote! {
        &[#(::deepref_schema::__private::Packed::from(#modules::MIGRATION)),*]
    };
    let history = history(&list.settings, &migrations, &schema, (list_file, ""));
    quote! { #(mod #modules;)* #history }
}

/// `pub static HISTORY`. The list is a file, or the text of one that holds its
/// migrations.
fn history(
    settings: &Settings,
    migrations: &TokenStream,
    schema: &TokenStream,
    (list_file, inline): (&str, &str),
) -> TokenStream {
    let (ledger_schema, ledger_table) = (&settings.ledger.0, &settings.ledger.1);
    let oldest = settings.oldest_postgres;
    quote! {
        /// Every migration, oldest first.
        pub static HISTORY: ::std::sync::LazyLock<::deepref_schema::__private::History> =
            ::std::sync::LazyLock::new(|| ::deepref_schema::__private::History {
                migrations: ::deepref_schema::__private::unpack(#migrations),
                schema: #schema,
                ledger: ::deepref_schema::__private::Ledger {
                    schema: #ledger_schema,
                    table: #ledger_table,
                },
                oldest_postgres: #oldest,
                manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                list_file: #list_file,
                inline: #inline,
            });
    }
}
