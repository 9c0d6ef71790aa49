//! Tokens from the compiler, and the same tokens from the text of a file.

pub(crate) mod compiler;
mod literal;
pub(crate) mod text;

use proc_macro2::Delimiter;

use crate::token::{Kind, Token};

/// Puts what both sources of tokens see differently into one form: doc
/// comments become one token, lifetimes one literal, and a character is joint
/// only when another one really follows.
fn settle(mut tokens: Vec<Token>) -> Vec<Token> {
    let mut settled: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let (token, length) = match &tokens[at..] {
            [hash, rest @ ..] if hash.punct() == Some('#') => match doc(rest) {
                Some((text, length)) => {
                    (Token { kind: Kind::Doc, text, origin: hash.origin }, 1 + length)
                }
                None => (std::mem::take(&mut tokens[at]), 1),
            },
            [quote, word, ..] if quote.punct() == Some('\'') && word.is_any_word() => {
                let text = format!("'{}", word.text);
                (Token { kind: Kind::OtherLiteral, text, origin: quote.origin }, 2)
            }
            _ => (std::mem::take(&mut tokens[at]), 1),
        };
        settled.push(token);
        at += length;
    }
    settle_spacing(&mut settled);
    settled
}

fn settle_spacing(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        let followed = tokens.get(at + 1).is_some_and(|next| next.punct().is_some());
        if let Kind::Punct { joint, .. } = &mut tokens[at].kind {
            *joint &= followed;
        }
    }
}

/// The text of a doc comment, `[doc = "…"]` or `![doc = "…"]` after its `#`,
/// and the number of these tokens.
fn doc(rest: &[Token]) -> Option<(String, usize)> {
    let (group, length) = match rest {
        [bang, group, ..] if bang.punct() == Some('!') => (group, 2),
        [group, ..] => (group, 1),
        [] => return None,
    };
    let Kind::Group { delimiter: Delimiter::Bracket, tokens, .. } = &group.kind else {
        return None;
    };
    match tokens.as_slice() {
        [name, equals, value] if name.is_word("doc") && equals.punct() == Some('=') => {
            matches!(value.kind, Kind::Str).then(|| (value.text.clone(), length))
        }
        _ => None,
    }
}
