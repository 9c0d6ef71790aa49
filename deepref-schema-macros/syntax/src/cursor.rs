//! A place among tokens, and what can be asked there.

use deepref_schema_core::origin::Origin;
use proc_macro2::Delimiter;

use crate::error::{Parse, Stop};
use crate::keywords;
use crate::token::{Kind, Token, closing, opening};

/// A place among the tokens of one group. Copies are cheap, for looking ahead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
    /// The token that is pointed at when there are no more, and its text.
    end: (Origin, &'static str),
}

impl<'a> Cursor<'a> {
    /// The beginning of a macro's or a file's tokens.
    pub(crate) fn new(tokens: &'a [Token]) -> Self {
        let last = tokens.last().map_or(Origin::NONE, |last| match last.kind {
            Kind::Group { close, .. } => close,
            _ => last.origin,
        });
        Self { tokens, at: 0, end: (last, "the end") }
    }

    /// The inside of a group.
    pub(crate) fn inside(tokens: &'a [Token], delimiter: Delimiter, close: Origin) -> Self {
        Self { tokens, at: 0, end: (close, closing(delimiter)) }
    }

    /// The next token.
    pub(crate) fn peek(&self) -> Option<&'a Token> {
        self.peek_at(0)
    }

    /// The token after this many others.
    pub(crate) fn peek_at(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + ahead)
    }

    /// The tokens up to another place in the same group.
    pub(crate) fn tokens_until(&self, end: &Self) -> &'a [Token] {
        &self.tokens[self.at.min(end.at)..end.at]
    }

    /// The tokens that are left.
    pub(crate) fn rest(&self) -> &'a [Token] {
        &self.tokens[self.at..]
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(crate) fn is_at(&self, other: &Self) -> bool {
        self.at == other.at
    }

    /// The next token, and moves past it.
    pub(crate) fn bump(&mut self) -> Option<&'a Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    pub(crate) fn skip(&mut self, tokens: usize) {
        self.at = (self.at + tokens).min(self.tokens.len());
    }

    /// Where the next token stands; the closing brace where there is none.
    pub(crate) fn origin(&self) -> Origin {
        self.peek().map_or(self.end.0, |token| token.origin)
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    /// Whether these words come next.
    pub(crate) fn are_words(&self, words: &[&str]) -> bool {
        let is_word =
            |(at, word): (usize, &&str)| self.peek_at(at).is_some_and(|token| token.is_word(word));
        words.iter().enumerate().all(is_word)
    }

    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        self.eat_words(&[word])
    }

    pub(crate) fn eat_words(&mut self, words: &[&str]) -> bool {
        let found = self.are_words(words);
        if found {
            self.at += words.len();
        }
        found
    }

    pub(crate) fn expect_word(&mut self, word: &str) -> Parse<Origin> {
        let origin = self.origin();
        if self.eat_word(word) { Ok(origin) } else { Err(self.expected(&format!("`{word}`"))) }
    }

    pub(crate) fn expect_words(&mut self, words: &[&str]) -> Parse<Origin> {
        let origin = self.origin();
        for word in words {
            self.expect_word(word)?;
        }
        Ok(origin)
    }

    /// Whether this character stands after so many tokens, and is no half of
    /// `::`, `==` or `=>`.
    pub(crate) fn is_punct_at(&self, ahead: usize, wanted: char) -> bool {
        let Some(Token { kind: Kind::Punct { char, joint }, .. }) = self.peek_at(ahead) else {
            return false;
        };
        let next = self.peek_at(ahead + 1).and_then(Token::punct).filter(|_| *joint);
        *char == wanted
            && match wanted {
                ':' => next != Some(':'),
                '=' => !matches!(next, Some('=' | '>')),
                _ => true,
            }
    }

    pub(crate) fn is_punct(&self, wanted: char) -> bool {
        self.is_punct_at(0, wanted)
    }

    pub(crate) fn eat_punct(&mut self, wanted: char) -> bool {
        let found = self.is_punct(wanted);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect_punct(&mut self, wanted: char) -> Parse<()> {
        if self.eat_punct(wanted) { Ok(()) } else { Err(self.expected(&format!("`{wanted}`"))) }
    }

    pub(crate) fn is_group(&self, delimiter: Delimiter) -> bool {
        self.peek().is_some_and(|token| token.is_group(delimiter))
    }

    /// Moves past a group, and gives its inside.
    pub(crate) fn eat_group(&mut self, wanted: Delimiter) -> Option<Cursor<'a>> {
        match &self.peek()?.kind {
            Kind::Group { delimiter, tokens, close } if *delimiter == wanted => {
                self.at += 1;
                Some(Cursor::inside(tokens, wanted, *close))
            }
            _ => None,
        }
    }

    pub(crate) fn expect_group(&mut self, delimiter: Delimiter) -> Parse<Cursor<'a>> {
        let expected = || format!("`{}`", opening(delimiter));
        self.eat_group(delimiter).ok_or_else(|| self.expected(&expected()))
    }

    pub(crate) fn expect_end(&self) -> Parse<()> {
        if self.at_end() { Ok(()) } else { Err(self.expected(&format!("`{}`", self.end.1))) }
    }

    /// What comes next, for a message.
    pub(crate) fn found(&self) -> String {
        match self.peek() {
            Some(token) => format!("`{}`", token.display()),
            None if self.end.1 == "the end" => "the end".to_owned(),
            None => format!("`{}`", self.end.1),
        }
    }

    /// A mistake at the next token.
    pub(crate) fn mistake(&self, message: impl Into<String>) -> Stop {
        match self.peek() {
            Some(Token { kind: Kind::Reported, .. }) => Stop::Reported,
            _ => Stop::new(self.origin(), message),
        }
    }

    /// The mistake that something else was expected here, or the habit that
    /// explains what was found.
    pub(crate) fn expected(&self, expected: &str) -> Stop {
        if let Some(stop) = keywords::general_habit(self) {
            return stop;
        }
        self.mistake(format!("expected {expected}, found {}", self.found()))
    }
}

/// A list with commas between its items; a trailing one is allowed, nothing
/// at all is not.
pub(crate) fn list<'a, T>(
    mut inner: Cursor<'a>,
    mut item: impl FnMut(&mut Cursor<'a>) -> Parse<T>,
) -> Parse<Vec<T>> {
    let mut items = Vec::new();
    loop {
        items.push(item(&mut inner)?);
        if inner.at_end() {
            return Ok(items);
        }
        inner.expect_punct(',')?;
        if inner.at_end() {
            return Ok(items);
        }
    }
}
