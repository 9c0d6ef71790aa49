//! `#[entity(…)]` and its like: items with commas between them.

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::origin::Origin;
use proc_macro2::Delimiter;
use syn::{Attribute, Meta};

use super::Reader;
use super::case::{CASES, Case};
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::lex;
use crate::name::{name, string};
use crate::origins::Place;
use crate::token::{Kind, Token, Tokens};

/// The tokens of one attribute, and its closing parenthesis.
pub(super) struct Content {
    tokens: Tokens,
    close: Origin,
}

impl Reader<'_> {
    /// The attributes of this name.
    pub(super) fn attributes(&mut self, attributes: &[Attribute], name: &str) -> Vec<Content> {
        let mut contents = Vec::new();
        for attribute in attributes.iter().filter(|one| one.path().is_ident(name)) {
            match &attribute.meta {
                Meta::List(list) => {
                    let tokens = lex::compiler::lex(list.tokens.clone(), self.origins);
                    let close = self.mark(list.delimiter.span().close());
                    if let Some(origin) = tokens.too_deep {
                        self.errors.push(Stop::new(origin, "nested too deeply"));
                        continue;
                    }
                    contents.push(Content { tokens, close });
                }
                other => {
                    let span = other.path().get_ident().map(syn::Ident::span);
                    let origin =
                        span.map_or(Origin::NONE, |span| self.origins.mark(Place::Span(span)));
                    let stop = Stop::new(origin, format!("`{name}` stands alone"));
                    self.errors.push(stop.help(format!("write `#[{name}(…)]`")));
                }
            }
        }
        contents
    }

    /// Reads the items of an attribute. After a mistake it goes on with the
    /// next item.
    pub(super) fn items<'c>(
        &mut self,
        content: &'c Content,
        mut item: impl FnMut(&mut Self, &mut Cursor<'c>) -> Parse<()>,
    ) {
        let tokens = &content.tokens.tokens;
        let mut cursor = Cursor::inside(tokens, Delimiter::Parenthesis, content.close);
        while !cursor.at_end() {
            let read = item(self, &mut cursor).and_then(|()| match cursor.at_end() {
                true => Ok(()),
                false if cursor.is_punct(',') => Ok(()),
                false => Err(cursor.expected("`,`").help("a comma ends each item")),
            });
            if let Err(stop) = read {
                self.errors.push(stop);
            }
            while cursor.bump().is_some_and(|token| token.punct() != Some(',')) {}
        }
    }
}

/// Whether a word of an attribute comes next, alone or with a value.
pub(super) fn is_item(cursor: &Cursor, word: &str) -> bool {
    let ends = match cursor.peek_at(1) {
        None => true,
        Some(token) => {
            matches!(token.punct(), Some(',' | '=')) || token.is_group(Delimiter::Parenthesis)
        }
    };
    cursor.is_word(word) && ends
}

/// `= …`, after a word.
pub(super) fn equals(cursor: &mut Cursor, example: &str) -> Parse<()> {
    if cursor.eat_punct('=') {
        return Ok(());
    }
    Err(cursor.expected("`=`").help(format!("write `{example}`")))
}

/// A name, in quotes or without.
pub(super) fn any_name(cursor: &mut Cursor) -> Parse<Ident> {
    match cursor.peek() {
        Some(Token { kind: Kind::Str, text, origin }) if crate::name::is_identifier(text) => {
            cursor.bump();
            Ok(Ident::new(text.as_str(), *origin))
        }
        Some(Token { kind: Kind::Str, text, .. })
            if text.split('.').count() == 2 && text.split('.').all(crate::name::is_identifier) =>
        {
            Err(cursor
                .mistake("a schema and a name are two words")
                .help(format!("write `{text}`, without quotes")))
        }
        _ => name(cursor),
    }
}

/// A name that may have a schema before it.
pub(super) fn any_path(cursor: &mut Cursor) -> Parse<ObjectName> {
    let first = any_name(cursor)?;
    if !cursor.eat_punct('.') {
        return Ok(ObjectName::unqualified(first));
    }
    Ok(ObjectName::qualified(first, any_name(cursor)?))
}

/// `= "camelCase"`
pub(super) fn case(cursor: &mut Cursor) -> Parse<Case> {
    equals(cursor, "rename_all = \"camelCase\"")?;
    let names: Vec<_> = CASES.iter().map(|(name, _)| format!("{name:?}")).collect();
    let start = *cursor;
    let expected = format!("one of {}", names.join(", "));
    let (text, _) = string(cursor, &expected)?;
    Case::named(&text).ok_or_else(|| start.mistake(format!("expected {expected}, found {text:?}")))
}

/// What every derive can say about its comparison.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) deny_drift: bool,
    pub(super) history: Option<(String, Origin)>,
}

impl Settings {
    /// `deny(drift)` or `history = "…"`, if one of them comes next.
    pub(super) fn read(&mut self, cursor: &mut Cursor) -> Parse<bool> {
        let origin = cursor.origin();
        if is_item(cursor, "deny") {
            cursor.skip(1);
            let mut inner = cursor.expect_group(Delimiter::Parenthesis)?;
            inner.expect_word("drift")?;
            inner.expect_end()?;
            once(!std::mem::replace(&mut self.deny_drift, true), origin, "deny")?;
            return Ok(true);
        }
        if is_item(cursor, "history") {
            cursor.skip(1);
            equals(cursor, "history = \"../migrations/src/history.rs\"")?;
            let path = string(cursor, "the path of the list of migrations, in quotes")?;
            once(self.history.replace(path).is_none(), origin, "history")?;
            return Ok(true);
        }
        Ok(false)
    }
}

/// Refuses a second item of the same kind.
pub(super) fn once(first: bool, origin: Origin, word: &str) -> Parse<()> {
    crate::statement::column::once(first, origin, word)
}
