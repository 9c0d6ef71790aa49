//! Writes tokens as SQL, with the spaces of readable SQL.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{literal, quoted};
use deepref_schema_core::origin::Origin;
use proc_macro2::Delimiter;

use super::ends::{Ends, continues, ends_at_word};
use super::operators::{operator_run, split};
use super::{number, other_literal, string_for_name, words};
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::keywords;
use crate::name::{check_string_name, is_identifier};
use crate::token::{Kind, Token, closing, opening};

/// Runs of `not`, `case` or a sign that are longer than this are refused:
/// what reads the SQL later reads them by recursion.
const MAX_PREFIXES: usize = 32;

/// The longest expression, in tokens.
const MAX_TOKENS: usize = 20_000;

pub(super) struct Writer {
    sql: String,
    spots: Vec<(usize, Origin)>,
    last: Last,
    /// Where the expression stands in the open: what ends it.
    ends: Option<Ends>,
    prefixes: usize,
    cases: usize,
}

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing, or an opening parenthesis or bracket.
    Nothing,
    /// A name, which makes a parenthesis after it a call.
    Name,
    /// A literal, or a closing parenthesis or bracket.
    Value,
    Number,
    /// A keyword that can stand beside other words.
    Joining(Joining),
    Collate,
    /// An operator between operands.
    Infix,
    /// A sign before its operand.
    Prefix,
    Comma,
    /// `.`, or the `:` of a slice: nothing is spaced after it.
    Dot,
    /// `::`
    Cast,
}

/// What is known of a keyword that can stand beside other words.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Joining {
    open: bool,
    is_final: bool,
    callable: bool,
}

impl Joining {
    fn new(word: &str) -> Self {
        Self {
            open: words::is_open(word),
            is_final: words::is_final(word),
            callable: words::is_callable(word),
        }
    }
}

impl Last {
    /// Whether an operand may be complete, so that an operator can follow.
    fn is_complete(self) -> bool {
        match self {
            Self::Joining(joining) => !joining.open,
            last => last.takes_no_word(),
        }
    }

    /// Whether only a joining word can follow.
    fn takes_no_word(self) -> bool {
        match self {
            Self::Joining(joining) => joining.is_final,
            last => matches!(last, Self::Name | Self::Value | Self::Number),
        }
    }

    fn glues(self) -> bool {
        matches!(self, Self::Nothing | Self::Dot | Self::Cast | Self::Prefix)
    }
}

impl Writer {
    pub(super) fn new(ends: Option<Ends>) -> Self {
        let last = Last::Nothing;
        Self { sql: String::new(), spots: Vec::new(), last, ends, prefixes: 0, cases: 0 }
    }

    pub(super) fn finish(self) -> Expr {
        Expr::new(self.sql, self.spots)
    }

    /// Writes up to the end of the expression.
    pub(super) fn write(&mut self, cursor: &mut Cursor) -> Parse<()> {
        while !cursor.at_end() && !self.ends_at(cursor) {
            self.token(cursor)?;
        }
        Ok(())
    }

    /// Writes the tokens between two places.
    pub(super) fn write_until(&mut self, mut cursor: Cursor, end: &Cursor) -> Parse<()> {
        while !cursor.is_at(end) {
            self.token(&mut cursor)?;
        }
        Ok(())
    }

    /// Whether the expression in the open ends before the next token.
    fn ends_at(&self, cursor: &Cursor) -> bool {
        let Some(ends) = self.ends else {
            return false;
        };
        let Some(token) = cursor.peek() else {
            return true;
        };
        match &token.kind {
            Kind::Punct { char: ',' | ';', .. } => true,
            _ if !self.last.is_complete() => false,
            Kind::Word => {
                ends_at_word(cursor, ends) || self.last.takes_no_word() && !continues(&token.text)
            }
            Kind::RawWord => self.last.takes_no_word(),
            Kind::Punct { char: '#', .. } => {
                cursor.peek_at(1).is_some_and(|next| next.is_group(Delimiter::Bracket))
            }
            Kind::Group { delimiter, .. } => *delimiter == Delimiter::Brace,
            _ => false,
        }
    }

    fn token(&mut self, cursor: &mut Cursor) -> Parse<()> {
        let Some(token) = cursor.peek() else {
            return Ok(());
        };
        if self.spots.len() >= MAX_TOKENS {
            return Err(cursor.mistake("the expression is too long"));
        }
        match &token.kind {
            Kind::Word => self.word(cursor, &token.text)?,
            Kind::RawWord => {
                self.operand(token.origin, &quoted(&token.text), Last::Name);
            }
            Kind::Str => self.string(cursor, token)?,
            Kind::Number => {
                let text = number(cursor, &token.text)?;
                self.operand(token.origin, &text, Last::Number);
            }
            Kind::OtherLiteral => return Err(other_literal(cursor, &token.text)),
            Kind::Reported => return Err(Stop::Reported),
            Kind::Doc => return Err(keywords::doc(cursor)),
            Kind::Punct { char, .. } => return self.punct(cursor, *char),
            Kind::Group { delimiter: Delimiter::Brace | Delimiter::None, .. } => {
                return Err(cursor.mistake("braces have no meaning in an expression"));
            }
            Kind::Group { .. } => return self.group(cursor),
        }
        cursor.bump();
        Ok(())
    }

    fn word(&mut self, cursor: &Cursor, text: &str) -> Parse<()> {
        let after_dot = self.last == Last::Dot;
        let next_is_dot =
            is_dot(cursor.peek_at(1)) && !(words::is_joining(text) && is_string(cursor.peek_at(2)));
        let is_call = cursor.peek_at(1).is_some_and(|next| next.is_group(Delimiter::Parenthesis));
        if text.contains(char::is_uppercase) {
            if !after_dot && !next_is_dot {
                check_capitals(cursor, text, is_call)?;
            }
            self.operand(cursor.origin(), &quoted(text), Last::Name);
            return Ok(());
        }
        if after_dot || next_is_dot || !words::is_joining(text) {
            self.count_prefix(cursor, false)?;
            self.operand(cursor.origin(), text, Last::Name);
            return Ok(());
        }
        self.count_prefix(cursor, matches!(text, "not" | "case"))?;
        self.count_cases(cursor, text)?;
        let last =
            if text == "collate" { Last::Collate } else { Last::Joining(Joining::new(text)) };
        self.operand(cursor.origin(), text, last);
        Ok(())
    }

    fn count_prefix(&mut self, cursor: &Cursor, is_prefix: bool) -> Parse<()> {
        self.prefixes = if is_prefix { self.prefixes + 1 } else { 0 };
        if self.prefixes > MAX_PREFIXES {
            return Err(too_deep(cursor));
        }
        Ok(())
    }

    fn count_cases(&mut self, cursor: &Cursor, word: &str) -> Parse<()> {
        match word {
            "case" => self.cases += 1,
            "end" => self.cases = self.cases.saturating_sub(1),
            _ => {}
        }
        if self.cases > MAX_PREFIXES { Err(too_deep(cursor)) } else { Ok(()) }
    }

    fn string(&mut self, cursor: &Cursor, token: &Token) -> Parse<()> {
        if token.text.contains('\0') {
            return Err(cursor.mistake("a string of SQL can not hold the character NUL"));
        }
        if self.last == Last::Collate {
            check_string_name(token)?;
            self.operand(token.origin, &quoted(&token.text), Last::Name);
            return Ok(());
        }
        let next = cursor.peek_at(1);
        // After an operator it is a value; alone it was meant as a column.
        let alone = self.last != Last::Infix;
        let before_is = alone && next.is_some_and(|next| next.is_word("is"));
        if matches!(self.last, Last::Dot | Last::Cast) || is_dot(next) || before_is {
            return Err(string_for_name(cursor, &token.text));
        }
        self.operand(token.origin, &literal(&token.text), Last::Value);
        Ok(())
    }

    /// Writes a word or a literal.
    fn operand(&mut self, origin: Origin, text: &str, last: Last) {
        if !matches!(last, Last::Joining(_)) {
            self.prefixes = 0;
        }
        self.put(origin, text, !self.last.glues(), last);
    }

    fn put(&mut self, origin: Origin, text: &str, space: bool, last: Last) {
        if space {
            self.sql.push(' ');
        }
        self.spots.push((self.sql.len(), origin));
        self.sql.push_str(text);
        self.last = last;
    }

    fn punct(&mut self, cursor: &mut Cursor, char: char) -> Parse<()> {
        let origin = cursor.origin();
        match char {
            ',' => self.put(origin, ",", false, Last::Comma),
            '.' if is_string(cursor.peek_at(1)) => return self.string_name(cursor),
            '.' => {
                // After a number, or at the beginning of one, it is no path.
                let path = self.last == Last::Name || self.last.glues();
                let space = !path && self.last != Last::Value;
                self.put(origin, ".", space, Last::Dot);
            }
            ':' if cursor.is_punct(':') => {
                let assigns = cursor.peek_at(1).and_then(Token::punct) == Some('=');
                if assigns
                    && matches!(
                        cursor.peek(),
                        Some(Token { kind: Kind::Punct { joint: true, .. }, .. })
                    )
                {
                    self.put(origin, ":=", true, Last::Infix);
                    cursor.skip(2);
                    return Ok(());
                }
                self.put(origin, ":", false, Last::Dot);
            }
            ':' => {
                self.put(origin, "::", false, Last::Cast);
                cursor.skip(2);
                return Ok(());
            }
            '$' => return Err(keywords::dollar(cursor)),
            ';' => return Err(cursor.mistake("`;` has no meaning in an expression")),
            '\'' => return Err(other_literal(cursor, "'")),
            '#' if cursor.peek_at(1).is_some_and(|next| next.is_group(Delimiter::Bracket)) => {
                return Err(cursor.mistake("an attribute has no meaning in an expression"));
            }
            _ => return self.operators(cursor),
        }
        cursor.bump();
        Ok(())
    }

    /// Writes the name in `."the price"`; the dot too where it is in a path.
    fn string_name(&mut self, cursor: &mut Cursor) -> Parse<()> {
        let is_path = matches!(self.last, Last::Name | Last::Value);
        let dot = *cursor;
        cursor.bump();
        if let Some(name) = cursor.bump() {
            if is_path {
                self.put(dot.origin(), ".", false, Last::Dot);
            } else if is_identifier(&name.text) {
                let what = format!("`{}` needs neither a dot nor quotes", name.text);
                return Err(dot.mistake(what).help(format!("write `{}`", name.text)));
            }
            check_string_name(name)?;
            self.operand(name.origin, &quoted(&name.text), Last::Name);
        }
        Ok(())
    }

    /// Writes characters side by side as PostgreSQL reads them.
    fn operators(&mut self, cursor: &mut Cursor) -> Parse<()> {
        let start = *cursor;
        let run = operator_run(cursor)?;
        if run.contains("/*") || run.contains("*/") {
            return Err(start.mistake("`/*` and `*/` have no meaning in an operator"));
        }
        let mut ahead = 0;
        for operator in split(&run) {
            let origin = start.peek_at(ahead).map_or(Origin::NONE, |token| token.origin);
            self.operator(&start, origin, operator)?;
            ahead += operator.chars().count();
        }
        Ok(())
    }

    fn operator(&mut self, cursor: &Cursor, origin: Origin, operator: &str) -> Parse<()> {
        let complete = self.last.is_complete();
        let last = match operator {
            // `count(*)`, `t.*`, `select *`
            "*" if !complete => Last::Value,
            _ if complete => Last::Infix,
            _ => Last::Prefix,
        };
        self.count_prefix(cursor, last == Last::Prefix)?;
        let glued = matches!(self.last, Last::Nothing | Last::Dot);
        self.put(origin, operator, !glued, last);
        Ok(())
    }

    fn group(&mut self, cursor: &mut Cursor) -> Parse<()> {
        let origin = cursor.origin();
        let delimiter = if cursor.is_group(Delimiter::Bracket) {
            Delimiter::Bracket
        } else {
            Delimiter::Parenthesis
        };
        let space = !self.glues_group(delimiter);
        let mut inner = cursor.expect_group(delimiter)?;
        let is_operator = matches!(self.last, Last::Joining(_)) && self.sql.ends_with("operator");
        self.put(origin, opening(delimiter), space, Last::Nothing);
        let (ends, cases) = (self.ends.take(), std::mem::take(&mut self.cases));
        self.prefixes = 0;
        self.write(&mut inner)?;
        (self.ends, self.cases) = (ends, cases);
        let last = if is_operator { Last::Infix } else { Last::Value };
        self.put(inner.origin(), closing(delimiter), false, last);
        Ok(())
    }

    /// Whether a group stands at what is before it: a call, a subscript.
    fn glues_group(&self, delimiter: Delimiter) -> bool {
        match self.last {
            Last::Name => true,
            Last::Joining(joining) => {
                joining.callable || !joining.open && delimiter == Delimiter::Bracket
            }
            Last::Value => delimiter == Delimiter::Bracket,
            last => last.glues(),
        }
    }
}

fn is_dot(token: Option<&Token>) -> bool {
    token.and_then(Token::punct) == Some('.')
}

fn is_string(token: Option<&Token>) -> bool {
    token.is_some_and(|token| matches!(token.kind, Kind::Str))
}

fn too_deep(cursor: &Cursor) -> Stop {
    cursor.mistake("the expression is nested too deeply")
}

fn check_capitals(cursor: &Cursor, text: &str, is_call: bool) -> Parse<()> {
    let lower = text.to_lowercase();
    if keywords::is_shouted_keyword(text) {
        return Err(cursor
            .mistake(format!("keywords are lower case, `{text}` is not"))
            .help(format!("write `{lower}`, or `r#{text}` for a column of that name")));
    }
    if is_call && text.len() > 1 && !text.contains(char::is_lowercase) {
        return Err(cursor
            .mistake(format!("functions are lower case, `{text}` is not"))
            .help(format!("write `{lower}`, or `r#{text}` for a function of that name")));
    }
    Ok(())
}
