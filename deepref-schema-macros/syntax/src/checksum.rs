//! What of a migration counts for its checksum.

use deepref_schema_core::checksum::sha256;

use crate::attribute::LIMITS;
use crate::token::{Kind, Token, closing, opening};

/// The checksum of some tokens. Comments, layout, trailing commas and the
/// spelling of strings do not count.
pub(crate) fn checksum<'a>(tokens: impl IntoIterator<Item = &'a [Token]>) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(1024);
    for tokens in tokens {
        write(tokens, &mut bytes);
    }
    sha256(&bytes)
}

/// The attributes of a migration but for its limits, which say how it runs and
/// not what it does: they may change when it is applied somewhere already.
pub(crate) fn without_limits(attributes: &[Token]) -> impl Iterator<Item = &[Token]> {
    attributes.chunk_by(|token, _| token.punct() == Some('#')).filter(|tokens| !is_limit(tokens))
}

fn is_limit(attribute: &[Token]) -> bool {
    let [_, Token { kind: Kind::Group { tokens, .. }, .. }] = attribute else { return false };
    tokens.first().is_some_and(|name| LIMITS.iter().any(|limit| name.is_word(limit)))
}

/// The bytes that the checksum is made of.
#[cfg(test)]
pub(crate) fn normal_form(tokens: &[Token]) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(tokens, &mut bytes);
    bytes
}

/// Each token as a letter for its kind, its text, and a byte that can not be
/// part of either; a string by its length, since it can hold any byte.
fn write(tokens: &[Token], bytes: &mut Vec<u8>) {
    for (index, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Word | Kind::OtherLiteral | Kind::Reported => text(b'w', &token.text, bytes),
            Kind::RawWord => text(b'r', &token.text, bytes),
            Kind::Number => text(b'n', &token.text.replace('_', ""), bytes),
            Kind::Str => {
                bytes.push(b's');
                bytes.extend_from_slice(&(token.text.len() as u64).to_be_bytes());
                bytes.extend_from_slice(token.text.as_bytes());
            }
            Kind::Doc => {}
            Kind::Punct { char: ',', .. } if is_last(&tokens[index + 1..]) => {}
            Kind::Punct { char, joint } => {
                let next = tokens.get(index + 1).and_then(Token::punct);
                let joint = *joint && is_operator(*char) && next.is_some_and(is_operator);
                bytes.push(if joint { b'j' } else { b'p' });
                bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Kind::Group { delimiter, tokens, .. } => {
                bytes.extend_from_slice(opening(*delimiter).as_bytes());
                write(tokens, bytes);
                bytes.extend_from_slice(closing(*delimiter).as_bytes());
            }
        }
    }
}

fn text(kind: u8, text: &str, bytes: &mut Vec<u8>) {
    bytes.push(kind);
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
}

fn is_last(rest: &[Token]) -> bool {
    rest.iter().all(|token| matches!(token.kind, Kind::Doc))
}

/// The characters whose neighbourhood has a meaning: two of them side by side
/// are one operator.
fn is_operator(char: char) -> bool {
    "+-*/<>=~!@#%^&|?:".contains(char)
}
