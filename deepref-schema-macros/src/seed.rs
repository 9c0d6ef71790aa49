//! `seed!`

pub(crate) mod files;
pub(crate) mod list;

use std::path::{Path, PathBuf};

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::origin::Origin;
use deepref_schema_core::packed::Packer;
use deepref_schema_core::seed::{Checked, Encrypted, Head, Seed, Upserted, check_order};
use deepref_schema_syntax::{Origins, parse_seed};
use proc_macro2::{Span, TokenStream};

use crate::site::Site;
use crate::{ending, expand, fallback, home, report};
use files::{Includes, heads};

/// Checks a seed, and writes its item.
pub(crate) fn expand(tokens: TokenStream, site: &Site) -> TokenStream {
    let mut origins = Origins::new();
    let mut includes = Includes::of(site);
    let parsed = parse_seed(tokens, &mut origins, &mut |path| includes.read(path));
    let mut tokens = match &parsed.value {
        Some(seed) => checked(seed, site, &origins),
        None => failed(&parsed.diagnostics, &origins, Span::call_site()),
    };
    tokens.extend(includes.tracked());
    tokens
}

fn failed(diagnostics: &[Diagnostic], origins: &Origins, instead: Span) -> TokenStream {
    let mut tokens = report::errors(diagnostics, origins, instead);
    tokens.extend(expand::tokens(fallback::SEED));
    tokens
}

fn checked(seed: &Seed, site: &Site, origins: &Origins) -> TokenStream {
    let instead = report::span(origins, seed.name.origin);
    let Some((folder, list)) = site.folder_of_seed() else {
        // Nobody refers to it: no item is needed in its place.
        let diagnostics = site.file.as_ref().map(|_| homeless(seed));
        return report::errors(diagnostics.as_slice(), origins, instead);
    };
    let mut diagnostics = place(seed, site, &list);
    if diagnostics.is_empty() {
        diagnostics.extend(check_order(seed, &heads(seed, &folder, &list)));
    }
    let Some(History { list, ending }) = history(site, seed, &mut diagnostics) else {
        return failed(&diagnostics, origins, instead);
    };
    let checked = ending.fold.as_ref().map(|fold| seed.check(fold));
    let tracked = home::tracked(&list, &ending, site);
    diagnostics.extend(checked.iter().flat_map(|checked| checked.diagnostics.clone()));
    let mut tokens = match checked {
        Some(Checked { rows, .. }) if diagnostics.is_empty() => {
            expand::tokens(&expand::seed_item(&packed(seed, &rows)))
        }
        // A history that can not be read is reported where it is.
        _ => failed(&diagnostics, origins, instead),
    };
    tokens.extend(tracked);
    tokens
}

/// The file of a seed is named after it, and is in the list.
fn place(seed: &Seed, site: &Site, list: &Path) -> Vec<Diagnostic> {
    let wanted = Seed::file_stem(seed.name.as_str());
    let stem = site.file.as_deref().and_then(Path::file_stem).and_then(|stem| stem.to_str());
    let (name, stem) = (&seed.name, stem.unwrap_or(&wanted));
    if stem != wanted {
        let message = format!("the file of `{name}` is `{wanted}.rs`, this is `{stem}.rs`");
        let finding = Diagnostic::new("file_name", name.origin, message);
        return vec![finding.help("rename the file and its line in the list, or the seed")];
    }
    if files::listed(list).iter().any(|file| *file == *stem) {
        return Vec::new();
    }
    let message = format!("`{stem}` is not in the list `{}`", site.shown(list));
    let finding = Diagnostic::new("unlisted_file", name.origin, message);
    vec![finding.help(format!("write `{stem};` there"))]
}

fn homeless(seed: &Seed) -> Diagnostic {
    let message = "a seed stands in a file that a list names, and there is no list here";
    Diagnostic::new("placement", seed.name.origin, message)
        .help("write `seeds! { … }` into `src/seeds.rs`, and the seeds into files in `src/seeds/`")
}

/// The history that seeds are checked against.
pub(crate) struct History {
    list: PathBuf,
    ending: std::sync::Arc<ending::Ending>,
}

/// The history of the crate, or the one that its `Cargo.toml` names. Where
/// there is none, that is reported.
pub(crate) fn history(
    site: &Site,
    seed: &Seed,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<History> {
    let Some(list) = home::list(site, None).ok().flatten() else {
        // An editor that does not tell the file can not be told more.
        if site.file.is_some() {
            diagnostics.push(without_history(seed.name.origin, seed.name.as_str()));
        }
        return None;
    };
    let ending = ending::of(&list);
    Some(History { list, ending })
}

fn without_history(origin: Origin, name: &str) -> Diagnostic {
    let message = format!("there is no history to check `{name}` against");
    Diagnostic::new("placement", origin, message).help(
        "name its list in the workspace's Cargo.toml: `[workspace.metadata.deepref]` with \
         `history = \"migrations/src/history.rs\"`",
    )
}

/// A seed as one text, in the order in which the library's `seed/unpack.rs`
/// reads it.
pub(crate) fn packed(seed: &Seed, rows: &[Upserted]) -> String {
    let Head { name, environments, after } = seed.head();
    let mut packer = Packer::default();
    packer.text(&name);
    packer.text(&seed.text);
    packer.list(&environments, |packer, environment| packer.text(environment.word()));
    packer.list(&after, |packer, name| packer.text(name));
    packer.list(rows, |packer, row| {
        packer.text(&row.description);
        packer.text(&row.table);
        packer.list(&row.sql, |packer, part| packer.text(part));
        packer.list(&row.encrypted, encrypted);
        packer.text(&row.look);
    });
    packer.finish()
}

fn encrypted(packer: &mut Packer, encrypted: &Encrypted) {
    packer.text(&encrypted.column);
    packer.text(&encrypted.text);
}
