//! The first words of a statement: enough to know what it makes or drops,
//! without a parser in every application that embeds the runner.

use deepref_schema_core::ident::quoted;

/// The words, names and signs of a statement, without comments.
#[derive(Clone)]
pub(super) struct Words<'a> {
    rest: &'a str,
}

/// A word, a quoted name or a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a>(&'a str);

impl<'a> Words<'a> {
    pub(super) fn of(sql: &'a str) -> Words<'a> {
        Words { rest: sql }
    }

    /// The next word in lower case, where it is one.
    pub(super) fn keyword(&mut self) -> Option<String> {
        self.next().map(|word| word.0.to_ascii_lowercase())
    }

    /// Takes the next word, where it is this keyword.
    pub(super) fn accept(&mut self, keyword: &str) -> bool {
        let mut ahead = self.clone();
        let matches = ahead.next().is_some_and(|word| word.0.eq_ignore_ascii_case(keyword));
        if matches {
            *self = ahead;
        }
        matches
    }

    /// All that was not taken yet, as it is written.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let end = match self.rest {
                text if text.starts_with("--") => text.find('\n'),
                text if text.starts_with("/*") => text.find("*/").map(|end| end + 2),
                _ => return,
            };
            self.rest = &self.rest[end.unwrap_or(self.rest.len())..];
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        self.skip_blanks();
        let first = self.rest.chars().next()?;
        let length = match first {
            '"' | '\'' => quoted_length(self.rest, first),
            letter if is_name(letter) => {
                self.rest.find(|other: char| !is_name(other)).unwrap_or(self.rest.len())
            }
            sign => sign.len_utf8(),
        };
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(Word(word))
    }
}

impl Word<'_> {
    /// The name that this word stands for: unquoted, or in lower case.
    pub(super) fn name(&self) -> String {
        match self.0.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => self.0.to_lowercase(),
        }
    }

    /// Whether it is this word, without quotes.
    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        self.0.eq_ignore_ascii_case(keyword)
    }

    fn is_name(&self) -> bool {
        self.0.starts_with(|first| first == '"' || is_name(first))
    }
}

/// Reads `name` or `schema.name`, as SQL again.
pub(super) fn qualified(words: &mut Words<'_>) -> Option<String> {
    let first = words.next().filter(Word::is_name)?;
    if !words.accept(".") {
        return Some(quoted(&first.name()));
    }
    let second = words.next().filter(Word::is_name)?;
    Some(format!("{}.{}", quoted(&first.name()), quoted(&second.name())))
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// The length of a quoted text, in which a doubled quote is a quote.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((index, character)) = characters.next() {
        if character != quote {
            continue;
        }
        match characters.peek() {
            Some((_, next)) if *next == quote => _ = characters.next(),
            _ => return index + 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        let words: Vec<_> = Words::of("a /* x */ \"B \"\"c\" -- y\n.'d''e'(é)")
            .map(|word| word.0.to_string())
            .collect();
        assert_eq!(words, ["a", "\"B \"\"c\"", ".", "'d''e'", "(", "é", ")"]);
        assert!(Words::of("\"open").eq([Word("\"open")]));
    }

    #[test]
    fn reads_names() {
        assert_eq!(qualified(&mut Words::of("App.\"T\" x")).as_deref(), Some("app.\"T\""));
        assert_eq!(qualified(&mut Words::of("( x")), None);
    }
}
