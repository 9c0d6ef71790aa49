//! Tokens that the compiler handed over.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use super::literal::classify;
use super::settle;
use crate::origins::{Origins, Place};
use crate::token::{Kind, MAX_DEPTH, Token, Tokens};

/// Reads the tokens of a macro, and marks each of them.
pub(crate) fn lex(stream: TokenStream, origins: &mut Origins) -> Tokens {
    let mut lexer = Lexer { origins, too_deep: None };
    let tokens = lexer.stream(stream, MAX_DEPTH);
    Tokens { tokens, too_deep: lexer.too_deep }
}

struct Lexer<'a> {
    origins: &'a mut Origins,
    too_deep: Option<deepref_schema_core::origin::Origin>,
}

impl Lexer<'_> {
    fn stream(&mut self, stream: TokenStream, depth: usize) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut word_before = None;
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            let word = word_before.take();
            match tree {
                TokenTree::Ident(ident) => {
                    word_before = Some(ident.span());
                    tokens.push(self.word(&ident));
                }
                TokenTree::Punct(punct) => {
                    // `data#>>`: Rust has reported the prefix. The `#` of a
                    // doc comment has the span of all of it.
                    let hash = punct.as_char() == '#' && is_short(punct.span());
                    if hash && word.is_some_and(|word| touches(word, punct.span())) {
                        report_last(&mut tokens);
                    }
                    let joint = is_joint(&punct, trees.peek());
                    let kind = Kind::Punct { char: punct.as_char(), joint };
                    tokens.push(self.token(kind, String::new(), punct.span()));
                }
                TokenTree::Literal(literal) => self.literal(&literal, word, &mut tokens),
                TokenTree::Group(group) if depth == 0 => {
                    let origin = self.mark(group.span_open());
                    self.too_deep.get_or_insert(origin);
                }
                // What a macro of the user put in; to him it is no group.
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    tokens.append(&mut self.stream(group.stream(), depth - 1));
                }
                TokenTree::Group(group) => {
                    let origin = self.mark(group.span_open());
                    let inner = self.stream(group.stream(), depth - 1);
                    let close = self.mark(group.span_close());
                    let delimiter = group.delimiter();
                    let kind = Kind::Group { delimiter, tokens: inner, close };
                    tokens.push(Token { kind, text: String::new(), origin });
                }
            }
        }
        settle(tokens)
    }

    fn mark(&mut self, span: Span) -> deepref_schema_core::origin::Origin {
        self.origins.mark(Place::Span(span))
    }

    fn token(&mut self, kind: Kind, text: String, span: Span) -> Token {
        Token { kind, text, origin: self.mark(span) }
    }

    fn word(&mut self, ident: &Ident) -> Token {
        let mut text = ident.to_string();
        let raw = text.starts_with("r#");
        if raw {
            text.drain(..2);
        }
        let kind = if raw { Kind::RawWord } else { Kind::Word };
        self.token(kind, text, ident.span())
    }

    fn literal(&mut self, literal: &Literal, word_before: Option<Span>, tokens: &mut Vec<Token>) {
        let written = literal.to_string();
        // Only a macro can make a negative literal; written are two tokens.
        let number = written.strip_prefix('-');
        if number.is_some() {
            let minus = Kind::Punct { char: '-', joint: false };
            tokens.push(self.token(minus, String::new(), literal.span()));
        }
        let (mut kind, text) = classify(number.unwrap_or(&written));
        // `E"x"`: Rust has reported the prefix.
        if matches!(kind, Kind::Str)
            && word_before.is_some_and(|word| touches(word, literal.span()))
        {
            kind = Kind::Reported;
        }
        let token = self.token(kind, text, literal.span());
        tokens.push(token);
    }
}

/// The tokens with all operators in one piece: what a `macro_rules!` of the user
/// put in has those of Rust only, and `->>` as `->` and `>`.
pub(crate) fn joined(stream: TokenStream) -> TokenStream {
    let mut trees = stream.into_iter().peekable();
    let mut joined = Vec::new();
    while let Some(tree) = trees.next() {
        joined.push(match tree {
            TokenTree::Punct(punct) if is_joint(&punct, trees.peek()) => {
                let mut whole = Punct::new(punct.as_char(), Spacing::Joint);
                whole.set_span(punct.span());
                TokenTree::Punct(whole)
            }
            TokenTree::Group(group) => {
                let mut whole = Group::new(group.delimiter(), self::joined(group.stream()));
                whole.set_span(group.span());
                TokenTree::Group(whole)
            }
            other => other,
        });
    }
    joined.into_iter().collect()
}

fn is_joint(punct: &Punct, next: Option<&TokenTree>) -> bool {
    punct.spacing() == Spacing::Joint
        || matches!(next, Some(TokenTree::Punct(next)) if touches(punct.span(), next.span()))
}

fn report_last(tokens: &mut [Token]) {
    if let Some(last) = tokens.last_mut() {
        last.kind = Kind::Reported;
    }
}

fn touches(before: Span, next: Span) -> bool {
    let (end, start) = (before.end(), next.start());
    end == start && before.start() != end
}

fn is_short(span: Span) -> bool {
    let (start, end) = (span.start(), span.end());
    start.line == end.line && end.column == start.column + 1
}
