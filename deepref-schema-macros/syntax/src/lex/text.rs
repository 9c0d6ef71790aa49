//! Tokens from the text of a Rust file.
//!
//! A migration is read from its file when a later one needs the schema that
//! it leaves. The lexers of the compiler can not be used for that: they would
//! report mistakes in the file a second time.

use deepref_schema_core::origin::Origin;
use proc_macro2::Delimiter;

use super::literal::classify;
use super::settle;
use crate::origins::{Origins, Place};
use crate::token::{Kind, MAX_DEPTH, Token, Tokens};

/// Reads a text without `\r`, and marks each of its tokens. `None` where the
/// text is not made of Rust's tokens, which the compiler reports.
pub(crate) fn lex(text: &str, origins: &mut Origins) -> Option<Tokens> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lexer =
        Lexer { text, at: 0, origins, open: Vec::new(), tokens: Vec::new(), word_end: 0 };
    let mut too_deep = None;
    while let Some(char) = lexer.skip_space()? {
        lexer.token(char, &mut too_deep)?;
    }
    lexer.open.is_empty().then(|| Tokens { tokens: settle(lexer.tokens), too_deep })
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    origins: &'a mut Origins,
    open: Vec<Open>,
    tokens: Vec<Token>,
    /// Where the last word ended.
    word_end: usize,
}

/// A group that is being read, with the tokens before it.
struct Open {
    delimiter: Delimiter,
    origin: Origin,
    before: Vec<Token>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Skips whitespace and comments, up to the next character.
    fn skip_space(&mut self) -> Option<Option<char>> {
        loop {
            let rest = self.rest();
            let Some(char) = rest.chars().next() else {
                return Some(None);
            };
            if is_comment(rest) {
                self.at += comment_length(rest)?;
            } else if char.is_whitespace() || matches!(char, '\u{200e}' | '\u{200f}') {
                self.at += char.len_utf8();
            } else {
                return Some(Some(char));
            }
        }
    }

    fn token(&mut self, char: char, too_deep: &mut Option<Origin>) -> Option<()> {
        let origin = self.origins.mark(Place::Offset(self.at));
        match char {
            '(' | '[' | '{' => {
                if self.open.len() == MAX_DEPTH {
                    too_deep.get_or_insert(origin);
                }
                let before = std::mem::take(&mut self.tokens);
                self.open.push(Open { delimiter: delimiter(char), origin, before });
                self.at += 1;
            }
            ')' | ']' | '}' => self.close(char, origin)?,
            '/' if self.rest().starts_with("//") || self.rest().starts_with("/*") => {
                let length = comment_length(self.rest())?;
                let text = doc_text(&self.rest()[..length]).to_owned();
                self.push(Kind::Doc, text, origin, length);
            }
            _ => self.simple(char, origin)?,
        }
        Some(())
    }

    fn close(&mut self, char: char, close: Origin) -> Option<()> {
        let Open { delimiter, origin, before } = self.open.pop()?;
        if closing(delimiter) != char {
            return None;
        }
        let mut tokens = settle(std::mem::replace(&mut self.tokens, before));
        if self.open.len() >= MAX_DEPTH {
            tokens.clear();
        }
        let kind = Kind::Group { delimiter, tokens, close };
        self.push(kind, String::new(), origin, 1);
        Some(())
    }

    fn push(&mut self, kind: Kind, text: String, origin: Origin, length: usize) {
        self.tokens.push(Token { kind, text, origin });
        self.at += length;
    }

    /// A word, a literal or a character.
    fn simple(&mut self, char: char, origin: Origin) -> Option<()> {
        let rest = self.rest();
        if let Some(length) = literal_length(rest)? {
            let (mut kind, text) = classify(&rest[..length]);
            // `E"x"`: Rust reports the prefix.
            if matches!(kind, Kind::Str) && self.at == self.word_end && self.at > 0 {
                kind = Kind::Reported;
            }
            self.push(kind, text, origin, length);
        } else if let Some(word) = rest.strip_prefix("r#").filter(|word| starts_word(word)) {
            let (text, length) = (word[..word_length(word)].to_owned(), word_length(word) + 2);
            self.push(Kind::RawWord, text, origin, length);
            self.word_end = self.at;
        } else if starts_word(rest) {
            let length = word_length(rest);
            self.push(Kind::Word, rest[..length].to_owned(), origin, length);
            self.word_end = self.at;
        } else if OPERATORS.contains(char) || char == '\'' {
            // `data#>>`: Rust reports the prefix.
            if char == '#' && self.at == self.word_end && self.at > 0 {
                self.tokens.last_mut().into_iter().for_each(|word| word.kind = Kind::Reported);
            }
            let after = &self.text[self.at + 1..];
            let joint = char == '\'' || after.starts_with(is_operator) && !is_any_comment(after);
            self.push(Kind::Punct { char, joint }, String::new(), origin, 1);
        } else {
            return None;
        }
        Some(())
    }
}

const OPERATORS: &str = "~!@#$%^&*-=+|;:,<.>/?";

fn is_operator(char: char) -> bool {
    OPERATORS.contains(char)
}

fn is_any_comment(rest: &str) -> bool {
    rest.starts_with("//") || rest.starts_with("/*")
}

/// Whether a comment begins here that is no doc comment.
fn is_comment(rest: &str) -> bool {
    let doc = |begin: &str, not: &str| rest.starts_with(begin) && !rest.starts_with(not);
    is_any_comment(rest)
        && !(doc("///", "////") || doc("//!", "////"))
        && !(doc("/**", "/***") && !rest.starts_with("/**/") || doc("/*!", "/***"))
}

fn comment_length(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let (mut depth, mut at) = (0usize, 0);
    loop {
        let here = rest.get(at..)?;
        let length = if here.starts_with("/*") {
            depth += 1;
            2
        } else if here.starts_with("*/") {
            depth -= 1;
            2
        } else {
            here.chars().next()?.len_utf8()
        };
        at += length;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The text of a doc comment, as the compiler gives it.
fn doc_text(comment: &str) -> &str {
    match comment.strip_prefix("/*") {
        Some(block) => block[1..].strip_suffix("*/").unwrap_or_default(),
        None => &comment[3..],
    }
}

fn delimiter(char: char) -> Delimiter {
    match char {
        '(' => Delimiter::Parenthesis,
        '[' => Delimiter::Bracket,
        _ => Delimiter::Brace,
    }
}

fn closing(delimiter: Delimiter) -> char {
    match delimiter {
        Delimiter::Parenthesis => ')',
        Delimiter::Bracket => ']',
        Delimiter::Brace | Delimiter::None => '}',
    }
}

fn starts_word(rest: &str) -> bool {
    rest.starts_with(|char: char| char == '_' || char.is_alphabetic())
}

/// The length of a word. Marks that belong to a letter are part of it; what
/// else is outside of ASCII, the compiler has refused.
fn word_length(rest: &str) -> usize {
    let is_part = |char: char| match char.is_ascii() {
        true => char == '_' || char.is_ascii_alphanumeric(),
        false => !char.is_whitespace() && !matches!(char, '\u{200e}' | '\u{200f}'),
    };
    rest.find(|char| !is_part(char)).unwrap_or(rest.len())
}

/// The length of the literal that begins here, if one does. `None` where it
/// does not end.
fn literal_length(rest: &str) -> Option<Option<usize>> {
    let prefix = ["br", "cr", "b", "c", "r", ""]
        .into_iter()
        .find(|prefix| rest.strip_prefix(*prefix).is_some_and(|after| quotes(prefix, after)));
    let body = match prefix {
        Some(prefix) if prefix.ends_with('r') => prefix.len() + raw_length(&rest[prefix.len()..])?,
        Some(prefix) => prefix.len() + quoted_length(&rest[prefix.len()..])?,
        None if rest.starts_with(|char: char| char.is_ascii_digit()) => number_length(rest),
        None => return Some(None),
    };
    let suffix = if starts_word(&rest[body..]) { word_length(&rest[body..]) } else { 0 };
    Some(Some(body + suffix))
}

/// Whether a literal with this prefix begins.
fn quotes(prefix: &str, after: &str) -> bool {
    match prefix {
        "br" | "cr" | "r" => after.trim_start_matches('#').starts_with('"'),
        "c" => after.starts_with('"'),
        _ => after.starts_with('"') || after.starts_with('\'') && !is_lifetime(after),
    }
}

/// Whether a word follows the quote, and no other quote the word.
fn is_lifetime(after: &str) -> bool {
    let word = &after[1..];
    starts_word(word) && !word[word_length(word)..].starts_with('\'')
}

fn raw_length(rest: &str) -> Option<usize> {
    let hashes = rest.bytes().take_while(|&byte| byte == b'#').count();
    let end = format!("\"{}", "#".repeat(hashes));
    let body = hashes + 1;
    rest.get(body..)?.find(&end).map(|at| body + at + end.len())
}

fn quoted_length(rest: &str) -> Option<usize> {
    let quote = rest.chars().next()?;
    let mut escaped = false;
    for (at, char) in rest.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of a number without its suffix.
fn number_length(rest: &str) -> usize {
    let digits = |from: usize| {
        let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'_';
        from + rest.as_bytes()[from..].iter().take_while(|byte| is_digit(byte)).count()
    };
    if rest.starts_with("0x") || rest.starts_with("0o") || rest.starts_with("0b") {
        return word_length(rest);
    }
    let mut end = digits(0);
    let fraction = rest[end..].strip_prefix('.');
    if fraction.is_some_and(|after| !after.starts_with('.') && !starts_word(after)) {
        end = digits(end + 1);
    }
    let exponent = rest[end..].strip_prefix(['e', 'E']);
    let sign = exponent.map_or(0, |after| usize::from(after.starts_with(['+', '-'])));
    if exponent.is_some_and(|after| {
        after[sign..].trim_start_matches('_').starts_with(|c: char| c.is_ascii_digit())
    }) {
        end = digits(end + 1 + sign);
    }
    end
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::*;
    use crate::checksum::normal_form;
    use crate::lex::compiler;

    fn check(text: &str) {
        let mut origins = Origins::new();
        let ours = lex(text, &mut origins).map(|tokens| normal_form(&tokens.tokens));
        let stream: TokenStream = text.parse().expect(text);
        let theirs = normal_form(&compiler::lex(stream, &mut origins).tokens);
        assert_eq!(
            ours.map(|ours| String::from_utf8_lossy(&ours).into_owned()),
            Some(String::from_utf8_lossy(&theirs).into_owned()),
            "{text}"
        );
    }

    #[test]
    fn a_file_gives_the_tokens_of_the_compiler() {
        for text in [
            "a b.c \"x\\n\" r#\"y\"# r#type 'x' 'a b\"z\" br#\"q\"# c\"s\"",
            "1 1_000 1.5 1. 1..2 1.foo 1e10 1e-3 2E+4 1_f32 0x1F 0b1_0 0o7 10u8 .5 1.5e3f",
            "a >= b && c -> d ->> e #>> f :: g : : h - -1 a- /*x*/ - b -/*x*/- c,-1 ~*!",
            "/// doc\na //// no\n/** block */ b /*** no */ /**/ c /* n /* e */ s */ d",
            "(a [b] {c, d,}) {}",
            "\u{e4}\u{f6} _ __ _a x\u{301}",
        ] {
            check(text);
        }
    }

    #[test]
    fn what_is_no_rust_is_left_to_the_compiler() {
        for text in ["(", ")", "(]", "\"open", "r#\"open\"", "/* open", "\u{1}", "`"] {
            assert!(lex(text, &mut Origins::new()).is_none(), "{text}");
        }
    }
}
