//! `migration!`

use std::path::PathBuf;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::migration::{Migration, file_stem};
use deepref_schema_core::schema::Schema;
use deepref_schema_syntax::{Origins, Parsed, parse_migration};
use proc_macro2::{Span, TokenStream};

use crate::history::{self, Before, Step};
use crate::site::Site;
use crate::{expand, fallback, functions, report, seals};

/// Checks a migration against the history before it, and writes its item.
pub(crate) fn expand(tokens: TokenStream, site: &Site) -> TokenStream {
    let written = tokens.to_string();
    if let Some(expansion) = recall(site, &written) {
        let mut items = expand::tokens(&expansion);
        if expand::has_functions(&expansion) {
            let mut origins = Origins::new();
            let parsed = parse_migration(tokens, &mut origins);
            items.extend(parsed.value.and_then(|migration| functions_of(&migration, &origins)));
        }
        return items;
    }
    let mut origins = Origins::new();
    let parsed = parse_migration(tokens, &mut origins);
    let home = Home::find(site, parsed.value.as_ref());
    match &parsed.value {
        Some(migration) => checked(migration, &written, home.as_ref(), site, &origins),
        None => unreadable(&parsed, home.as_ref(), &origins),
    }
}

fn functions_of(migration: &Migration, origins: &Origins) -> Option<TokenStream> {
    functions::table(migration, origins).map(|table| expand::functions_item(&table))
}

/// The expansion of the same migration by an earlier compilation.
fn recall(site: &Site, written: &str) -> Option<String> {
    let stem = site.file.as_ref()?.file_stem()?.to_str()?;
    let (folder, list) = site.folder_of_migration()?;
    history::recall(&folder, &list, &site.lock(), stem, written)
}

/// The file that a migration stands in, and what is before it.
struct Home {
    folder: PathBuf,
    list: PathBuf,
    lock: PathBuf,
    stem: String,
    before: Option<Before>,
}

impl Home {
    /// Where the file is not known, it is the one of the migration's name.
    fn find(site: &Site, migration: Option<&Migration>) -> Option<Self> {
        let (folder, list) = site.folder_of_migration()?;
        let of_name = || migration.map(|one| file_stem(one.version, one.name.as_str()));
        let stem = match &site.file {
            Some(file) => file.file_stem()?.to_str()?.to_owned(),
            None => of_name()?,
        };
        let lock = site.lock();
        let before = history::before(&folder, &list, &lock, &stem);
        Some(Self { folder, list, lock, stem, before })
    }

    fn is_last(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before.is_last)
    }

    fn keep(&self, step: Step) {
        if let Some(before) = &self.before {
            history::keep(&self.folder, &self.list, &self.lock, before.position, step);
        }
    }
}

fn unreadable(parsed: &Parsed<Migration>, home: Option<&Home>, origins: &Origins) -> TokenStream {
    if let Some(home) = home {
        home.keep(Step::unreadable(None));
    }
    failed(&parsed.diagnostics, home, origins, Span::call_site())
}

fn failed(
    diagnostics: &[Diagnostic],
    home: Option<&Home>,
    origins: &Origins,
    instead: Span,
) -> TokenStream {
    let mut tokens = report::errors(diagnostics, origins, instead);
    tokens.extend(expand::tokens(fallback::MIGRATION));
    if home.is_some_and(Home::is_last) {
        tokens.extend(expand::tokens(fallback::SCHEMA));
    }
    tokens
}

fn checked(
    migration: &Migration,
    written: &str,
    home: Option<&Home>,
    site: &Site,
    origins: &Origins,
) -> TokenStream {
    let instead = report::span(origins, migration.name.origin);
    let Some(home) = home else {
        // Nobody refers to it: no item is needed in its place.
        let diagnostics = site.file.as_ref().map(|_| homeless(migration));
        return report::errors(diagnostics.as_slice(), origins, instead);
    };
    let mut diagnostics: Vec<Diagnostic> = file_name(migration, &home.stem).into_iter().collect();
    let Some(before) = &home.before else {
        let unlisted = diagnostics.is_empty().then(|| not_listed(migration, home, site));
        diagnostics.extend(unlisted);
        return failed(&diagnostics, Some(home), origins, instead);
    };
    let sealed = seals::check_migration(&before.seals, before.position, &home.stem, migration);
    diagnostics.extend(sealed);
    let Some(mut fold) = before.fold.clone() else {
        // What is before this can not be read; nothing can be said here.
        home.keep(Step::unreadable(Some(migration.checksum)));
        return failed(&diagnostics, Some(home), origins, instead);
    };
    let mut verified = fold.step(&home.stem, migration);
    diagnostics.append(&mut verified.diagnostics);
    let allow_blocking = fold.settings().allow_blocking;
    if !allow_blocking && !seals::is_sealed(&before.seals, before.position, &home.stem) {
        diagnostics.extend(verified.blocking.iter().cloned());
    }
    let schema = before.is_last.then(|| fold.schema().clone());
    if before.is_last {
        verified.trace.depend_on_all();
    }
    let is_right = diagnostics.is_empty();
    let functions = functions_of(migration, origins);
    let text = is_right.then(|| {
        let packed = expand::packed(&home.stem, migration, &verified);
        let mut text = items(&packed, functions.is_some(), schema.as_ref());
        if allow_blocking {
            text.push_str(&expand::blocks_item(&verified));
        }
        text
    });
    let kept = text.as_ref().filter(|_| site.file.is_some());
    home.keep(Step {
        checksum: Some(migration.checksum),
        fold: Some(fold),
        trace: Some(verified.trace),
        right: kept.map(|text| (written.to_owned(), text.clone())),
    });
    match text {
        Some(text) => {
            expand::tokens(&text).into_iter().chain(functions.into_iter().flatten()).collect()
        }
        None => failed(&diagnostics, Some(home), origins, instead),
    }
}

fn items(packed: &str, has_functions: bool, schema: Option<&Schema>) -> String {
    let mut text = expand::migration_item(packed, has_functions);
    if let Some(schema) = schema {
        text.push_str(&expand::schema_item(schema));
    }
    text
}

fn homeless(migration: &Migration) -> Diagnostic {
    let message = "a migration stands in a file that a list names, and there is no list here";
    Diagnostic::new("placement", migration.name.origin, message).help(
        "write `migrations! { … }` into `src/history.rs`, and the migrations into files in `src/history/`",
    )
}

fn not_listed(migration: &Migration, home: &Home, site: &Site) -> Diagnostic {
    let list = site.shown(&home.list);
    let message = format!("`{}` is not in the list `{list}`", home.stem);
    Diagnostic::new("unlisted_file", migration.name.origin, message)
        .help(format!("write `{};` there", home.stem))
}

/// The file is named after version and name.
fn file_name(migration: &Migration, stem: &str) -> Option<Diagnostic> {
    let (name, version) = (migration.name.as_str(), migration.version);
    let wanted = file_stem(version, name);
    if wanted == stem {
        return None;
    }
    let other_version = !stem.starts_with(&format!("m{version}_"));
    let origin = if other_version { migration.version_origin } else { migration.name.origin };
    let message = format!("the file of `{name} = {version}` is `{wanted}.rs`, this is `{stem}.rs`");
    Some(
        Diagnostic::new("file_name", origin, message)
            .help("rename the file and its line in the list, or the migration"),
    )
}
