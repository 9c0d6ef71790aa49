//! `#[derive(Entity)]` and `#[derive(PgEnum)]`: nothing is emitted but what
//! there is to say.

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::entity::Compared;
use deepref_schema_core::history::Fold;
use deepref_schema_core::origin::Origin;
use deepref_schema_syntax::entity::{Derived, parse_entity, parse_enum};
use deepref_schema_syntax::{Origins, Parsed};
use proc_macro2::{Span, TokenStream};

use crate::site::Site;
use crate::{ending, home, report};

/// Compares a struct with the table that it stands for.
pub(crate) fn expand_struct(tokens: TokenStream, site: &Site) -> TokenStream {
    let mut origins = Origins::new();
    let parsed = parse_entity(tokens, &mut origins);
    expand(
        parsed,
        site,
        &origins,
        |entity, history| entity.compare(history),
        |entity| (entity.origin, entity.rust_name.as_str(), "entity"),
    )
}

/// Compares a Rust enum with the type that it stands for.
pub(crate) fn expand_enum(tokens: TokenStream, site: &Site) -> TokenStream {
    let mut origins = Origins::new();
    let parsed = parse_enum(tokens, &mut origins);
    let compare = |of: &deepref_schema_core::entity::Enumeration, history: &Fold| Compared {
        drift: of.compare(history),
        ..Compared::default()
    };
    expand(parsed, site, &origins, compare, |of| (of.origin, of.rust_name.as_str(), "pg_enum"))
}

fn expand<T>(
    parsed: Parsed<Derived<T>>,
    site: &Site,
    origins: &Origins,
    compare: impl FnOnce(&T, &Fold) -> Compared,
    described: impl FnOnce(&T) -> (Origin, &str, &str),
) -> TokenStream {
    let Some(derived) = parsed.value else {
        return report::errors(&parsed.diagnostics, origins, Span::call_site());
    };
    let (origin, name, attribute) = described(&derived.of);
    let instead = report::span(origins, origin);
    let list = match home::list(site, derived.history.as_ref()) {
        Ok(Some(list)) => list,
        // An editor that does not tell the file can not be told more.
        Ok(None) if site.file.is_none() => return TokenStream::new(),
        Ok(None) => {
            let missing = homeless(origin, name, attribute);
            return report::errors(&[missing], origins, instead);
        }
        Err(missing) => return report::errors(&[missing], origins, instead),
    };
    let ending = ending::of(&list);
    let mut tokens = home::tracked(&list, &ending, site);
    // What can not be read is reported where it is.
    let Some(history) = &ending.fold else { return tokens };
    let compared = compare(&derived.of, history);
    tokens.extend(report::errors(&compared.mistakes, origins, instead));
    tokens.extend(match derived.deny_drift {
        true => report::errors(&compared.drift, origins, instead),
        false => report::warnings(&compared.drift, origins, instead),
    });
    tokens
}

fn homeless(origin: Origin, name: &str, attribute: &str) -> Diagnostic {
    let message = format!("there is no history to compare `{name}` with");
    Diagnostic::new("placement", origin, message).help(format!(
        "name its list in the workspace's Cargo.toml, `[workspace.metadata.deepref]` with \
         `history = \"migrations/src/history.rs\"`, or here: `#[{attribute}(history = \"…\")]`"
    ))
}
