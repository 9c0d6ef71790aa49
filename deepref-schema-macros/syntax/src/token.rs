use deepref_schema_core::origin::Origin;
use proc_macro2::Delimiter;

/// One token, whether the compiler handed it over or a file was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// The word without `r#`, the value of a string, a number or another
    /// literal as written, the text of a doc comment; else empty.
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Kind {
    Word,
    /// `r#word`
    RawWord,
    Str,
    Number,
    /// A literal that SQL has no use for: `'x'`, `b"x"`, `"x"suffix`.
    OtherLiteral,
    /// What Rust's own lexer has complained about already.
    #[default]
    Reported,
    /// `/// text`
    Doc,
    /// `joint`: another of these follows without a space.
    Punct {
        char: char,
        joint: bool,
    },
    Group {
        delimiter: Delimiter,
        tokens: Vec<Token>,
        close: Origin,
    },
}

/// The deepest nesting of groups that is read.
pub(crate) const MAX_DEPTH: usize = 64;

/// The tokens of a macro or of a file.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) tokens: Vec<Token>,
    /// A group that is nested deeper than [`MAX_DEPTH`].
    pub(crate) too_deep: Option<Origin>,
}

impl Token {
    pub(crate) fn punct(&self) -> Option<char> {
        match self.kind {
            Kind::Punct { char, .. } => Some(char),
            _ => None,
        }
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Word) && self.text == word
    }

    pub(crate) fn is_any_word(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::RawWord)
    }

    pub(crate) fn is_group(&self, wanted: Delimiter) -> bool {
        matches!(self.kind, Kind::Group { delimiter, .. } if delimiter == wanted)
    }

    /// The token as it is written, for a message; groups by their first
    /// character.
    pub(crate) fn display(&self) -> String {
        match &self.kind {
            Kind::Word | Kind::Number | Kind::OtherLiteral | Kind::Reported => self.text.clone(),
            Kind::RawWord => format!("r#{}", self.text),
            Kind::Str => format!("{:?}", self.text),
            Kind::Doc => "///".to_owned(),
            Kind::Punct { char, .. } => char.to_string(),
            Kind::Group { delimiter, .. } => opening(*delimiter).to_owned(),
        }
    }
}

pub(crate) fn opening(delimiter: Delimiter) -> &'static str {
    match delimiter {
        Delimiter::Parenthesis => "(",
        Delimiter::Bracket => "[",
        Delimiter::Brace | Delimiter::None => "{",
    }
}

pub(crate) fn closing(delimiter: Delimiter) -> &'static str {
    match delimiter {
        Delimiter::Parenthesis => ")",
        Delimiter::Bracket => "]",
        Delimiter::Brace | Delimiter::None => "}",
    }
}
