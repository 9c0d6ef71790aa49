//! Entities in the text of a source file, for tools that run without a
//! compiler.

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::entity::{Entity, Enumeration};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{Derived, parse_entity, parse_enum};
use crate::Parsed;
use crate::origins::Origins;

/// What a source file holds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The structs with `#[derive(Entity)]`.
    pub entities: Vec<Derived<Entity>>,
    /// The enums with `#[derive(PgEnum)]`.
    pub enums: Vec<Derived<Enumeration>>,
    /// The mistakes in them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the derived types in the text of a file, in modules inside of it as
/// well. `None` where the text is not made of Rust's tokens.
///
/// Attributes under `cfg_attr` are taken to be there; modules for tests are
/// left out.
pub fn scan(text: &str, origins: &mut Origins) -> Option<Found> {
    let tokens: TokenStream = text.parse().ok()?;
    let mut found = Found::default();
    Scan { origins, found: &mut found }.items(tokens);
    Some(found)
}

struct Scan<'a> {
    origins: &'a mut Origins,
    found: &'a mut Found,
}

impl Scan<'_> {
    fn items(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut attributes: Vec<Group> = Vec::new();
        let mut item: Vec<TokenTree> = Vec::new();
        while let Some(token) = tokens.next() {
            let begins = item.is_empty();
            match &token {
                TokenTree::Punct(hash) if begins && hash.as_char() == '#' => match tokens.peek() {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
                        attributes.extend(attributes_in(group));
                        tokens.next();
                    }
                    _ => {}
                },
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    item.push(token.clone());
                    self.item(std::mem::take(&mut attributes), std::mem::take(&mut item));
                }
                TokenTree::Punct(end) if end.as_char() == ';' => {
                    item.push(token.clone());
                    self.item(std::mem::take(&mut attributes), std::mem::take(&mut item));
                }
                _ => item.push(token.clone()),
            }
        }
    }

    fn item(&mut self, attributes: Vec<Group>, item: Vec<TokenTree>) {
        let is_module =
            item.iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "mod"));
        if let (true, Some(TokenTree::Group(body))) = (is_module, item.last()) {
            if !attributes.iter().any(is_for_tests) {
                self.items(body.stream());
            }
            return;
        }
        let derives = |name: &str| attributes.iter().any(|attribute| derives(attribute, name));
        if derives("Entity") {
            let parsed = parse_entity(whole(&attributes, &item), self.origins);
            self.found.entities.extend(self.found.diagnostics.taken(parsed));
        }
        if derives("PgEnum") {
            let parsed = parse_enum(whole(&attributes, &item), self.origins);
            self.found.enums.extend(self.found.diagnostics.taken(parsed));
        }
    }
}

trait Taken {
    fn taken<T>(&mut self, parsed: Parsed<T>) -> Option<T>;
}

impl Taken for Vec<Diagnostic> {
    /// The value, its mistakes kept.
    fn taken<T>(&mut self, parsed: Parsed<T>) -> Option<T> {
        self.extend(parsed.diagnostics);
        parsed.value
    }
}

/// The attribute in these brackets; those under a `cfg_attr`, each in brackets
/// of its own.
fn attributes_in(group: &Group) -> Vec<Group> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let [TokenTree::Ident(word), TokenTree::Group(inner)] = tokens.as_slice() else {
        return vec![group.clone()];
    };
    if word != "cfg_attr" {
        return vec![group.clone()];
    }
    let tokens: Vec<TokenTree> = inner.stream().into_iter().collect();
    let parts = tokens.split(is_comma).skip(1).filter(|part| !part.is_empty());
    parts
        .map(|part| Group::new(Delimiter::Bracket, part.iter().cloned().collect()))
        .flat_map(|group| attributes_in(&group))
        .collect()
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// `derive(…)` with this name, which may have a path before it.
fn derives(attribute: &Group, name: &str) -> bool {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(word), TokenTree::Group(inner)] = tokens.as_slice() else {
        return false;
    };
    let tokens: Vec<TokenTree> = inner.stream().into_iter().collect();
    let mut derived = tokens.split(is_comma);
    word == "derive"
        && derived.any(|path| matches!(path.last(), Some(TokenTree::Ident(last)) if last == name))
}

fn is_for_tests(attribute: &Group) -> bool {
    attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

fn whole(attributes: &[Group], item: &[TokenTree]) -> TokenStream {
    let hash = || TokenTree::Punct(proc_macro2::Punct::new('#', proc_macro2::Spacing::Alone));
    let attributes = attributes.iter().flat_map(|group| [hash(), TokenTree::Group(group.clone())]);
    attributes.chain(item.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_items_are_found_where_they_stand() {
        let text = "
            //! Users.
            use deepref_schema::Entity;
            fn f() -> i32 { 1 }
            /// A user.
            #[derive(Clone, Debug)]
            #[cfg_attr(feature = \"db\", derive(deepref_schema::Entity), entity(table = users))]
            pub(crate) struct User { id: i64 }
            #[derive(Clone)]
            struct Other { id: i64 }
            mod inner {
                #[derive(PgEnum)]
                enum Kind { A, B }
            }
            #[cfg(test)]
            mod tests {
                #[derive(Entity)]
                struct Hidden { id: i64 }
            }
        ";
        let found = scan(text, &mut Origins::new()).expect("tokens");
        let names = |found: &Found| {
            let entities = found.entities.iter().map(|one| one.of.name.to_string());
            let enums = found.enums.iter().map(|one| one.of.name.to_string());
            entities.chain(enums).collect::<Vec<_>>()
        };
        assert_eq!(found.diagnostics, []);
        assert_eq!(names(&found), ["users", "kind"]);
    }
}
