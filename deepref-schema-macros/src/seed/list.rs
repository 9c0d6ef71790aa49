//! `seeds!`

use std::path::Path;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::origin::Origin;
use deepref_schema_core::seed::{Seed, check_order};
use deepref_schema_syntax::{Origins, SeedList, parse_seeds};
use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::files::{Includes, holds_seed};
use super::{history, packed};
use crate::site::Site;
use crate::{home, report};

/// Checks a list, and writes the modules and the seeds.
pub(crate) fn expand(tokens: TokenStream, site: &Site) -> TokenStream {
    let mut origins = Origins::new();
    let mut includes = Includes::of(site);
    let parsed = parse_seeds(tokens, &mut origins, &mut |path| includes.read(path));
    let list = parsed.value.unwrap_or_default();
    let mut tokens = report::errors(&parsed.diagnostics, &origins, Span::call_site());
    tokens.extend(match list.inline.is_empty() {
        true => files(&list, parsed.broken, site, &origins),
        false => inline(&list, parsed.broken, site, &origins),
    });
    tokens.extend(includes.tracked());
    tokens
}

/// The seeds of files.
fn files(list: &SeedList, broken: bool, site: &Site, origins: &Origins) -> TokenStream {
    let Some(file) = site.list_of_seeds().filter(|_| !list.files.is_empty()) else {
        return seeds(&list.files, &[], origins);
    };
    let first = list.files.first().map_or(Origin::NONE, |file| file.origin);
    if let Some(misplaced) = misplaced(&file, site, first) {
        let mut tokens = report::errors(&[misplaced], origins, Span::call_site());
        tokens.extend(seeds(&[], &[], origins));
        return tokens;
    }
    let folder = match file.file_name().is_some_and(|name| name == "mod.rs") {
        true => file.parent().unwrap_or(&file).to_owned(),
        false => file.with_extension(""),
    };
    let mut diagnostics = Vec::new();
    let mut there: Vec<Ident> = Vec::new();
    for named in &list.files {
        match wrong_line(named, &there, &folder, site) {
            Some(finding) => diagnostics.push(finding),
            None => there.push(named.clone()),
        }
    }
    if !broken {
        diagnostics.extend(unlisted(list, &folder, first));
    }
    let mut tokens = report::errors(&diagnostics, origins, Span::call_site());
    tokens.extend(seeds(&there, &[], origins));
    tokens
}

/// What is wrong with a line of the list.
fn wrong_line(named: &Ident, before: &[Ident], folder: &Path, site: &Site) -> Option<Diagnostic> {
    if before.contains(named) {
        let message = format!("`{named}` is in the list twice");
        let finding = Diagnostic::new("already_exists", named.origin, message);
        return Some(finding.help("delete the line"));
    }
    let file = folder.join(format!("{named}.rs"));
    if !file.is_file() {
        let message = format!("there is no file `{}`", site.shown(&file));
        let finding = Diagnostic::new("missing_file", named.origin, message);
        return Some(finding.help("create it, or delete the line"));
    }
    (!holds_seed(&file)).then(|| {
        let message = format!("the file of `{named}` holds no `seed!`");
        Diagnostic::new("missing_file", named.origin, message)
            .help("write `seed! { … }` into it, or delete it and the line")
    })
}

/// Files that hold a seed, and that nobody would run.
fn unlisted(list: &SeedList, folder: &Path, first: Origin) -> Vec<Diagnostic> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut stems: Vec<String> = entries
        .filter(|entry| holds_seed(&entry.path()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .filter(|stem| stem != "mod" && !list.files.iter().any(|file| *file == **stem))
        .collect();
    stems.sort();
    let origin = list.files.last().map_or(first, |last| last.origin);
    let finding = |stem: &String| {
        Diagnostic::new("unlisted_file", origin, format!("`{stem}.rs` is not in the list"))
            .help(format!("write `{stem};` after this line, or delete the file"))
    };
    stems.iter().map(finding).collect()
}

/// A list of files stands in `seeds.rs` or `seeds/mod.rs`.
fn misplaced(file: &Path, site: &Site, first: Origin) -> Option<Diagnostic> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = file.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    if name == "seeds.rs" || (name, folder) == ("mod.rs", Some("seeds")) {
        return None;
    }
    let message = format!("a list of seeds stands in `seeds.rs`, this is `{}`", site.shown(file));
    Some(
        Diagnostic::new("placement", first, message)
            .help("write it into `src/seeds.rs`, and `mod seeds;` here"),
    )
}

/// Seeds that are written in the list itself.
fn inline(list: &SeedList, broken: bool, site: &Site, origins: &Origins) -> TokenStream {
    let mut diagnostics = Vec::new();
    let (mut texts, mut tracked) = (Vec::new(), TokenStream::new());
    let heads: Vec<_> = list.inline.iter().map(Seed::head).collect();
    for (at, seed) in list.inline.iter().enumerate().filter(|_| !broken) {
        diagnostics.extend(twice(seed, &list.inline[..at]));
        diagnostics.extend(check_order(seed, &heads));
        let Some(history) = history(site, seed, &mut diagnostics) else { break };
        tracked.extend(home::tracked(&history.list, &history.ending, site));
        let Some(fold) = &history.ending.fold else { break };
        let checked = seed.check(fold);
        diagnostics.extend(checked.diagnostics);
        texts.push(packed(seed, &checked.rows));
    }
    if !diagnostics.is_empty() {
        texts.clear();
    }
    let mut tokens = report::errors(&diagnostics, origins, Span::call_site());
    tokens.extend(tracked);
    tokens.extend(seeds(&[], &texts, origins));
    tokens
}

fn twice(seed: &Seed, before: &[Seed]) -> Option<Diagnostic> {
    let name = &seed.name;
    before.iter().any(|other| other.name == *name).then(|| {
        let message = format!("seed `{name}` exists already");
        Diagnostic::new("already_exists", name.origin, message).help("choose another name")
    })
}

/// The modules and the seeds:
///
/// ```text
/// mod plans;
/// pub static SEEDS: ::std::sync::LazyLock<::deepref_schema::Seeds> = … unpack_seeds(&[plans::SEED]);
/// ```
fn seeds(files: &[Ident], texts: &[String], origins: &Origins) -> TokenStream {
    let modules: Vec<proc_macro2::Ident> = files
        .iter()
        .map(|file| proc_macro2::Ident::new(file.as_str(), report::span(origins, file.origin)))
        .collect();
    quote! {
        #(mod #modules;)*
        /// Every seed, each after those that it needs.
        pub static SEEDS: ::std::sync::LazyLock<::deepref_schema::__private::Seeds> =
            ::std::sync::LazyLock::new(|| {
                ::deepref_schema::__private::unpack_seeds(&[#(#modules::SEED,)* #(#texts),*])
            });
    }
}
