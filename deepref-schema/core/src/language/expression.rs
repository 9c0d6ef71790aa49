//! Expressions: from SQL text back to the tokens that are read as it.
//!
//! The text is the author's own, or PostgreSQL's normal form of it; each of its
//! tokens has one form in the language, or none.

use std::iter::Peekable;
use std::vec::IntoIter;

use squawk_lexer::{LiteralKind, TokenKind, tokenize};

use super::name::is_identifier;
use super::sql_literal::{bits, dollar_quoted, inner, number, unescaped};
use super::{Text, literal};
use crate::catalogue::keywords;
use crate::expr::Expr;
use crate::ident::quoted;

/// The deepest nesting that is written; the reader takes 64 levels, and some of
/// them are around the expression.
const DEEPEST: usize = 50;

/// The most tokens that are written; the reader takes 20,000.
const MOST_TOKENS: usize = 19_000;

/// An expression.
pub(super) fn expression(expr: &Expr) -> Text {
    if let Some(error) = expr.facts().errors.first() {
        return Err(format!("`{}` is no expression of SQL: {}", expr.sql(), error.message));
    }
    let tokens = tokens(expr.sql());
    if tokens.len() > MOST_TOKENS {
        return Err("an expression is too long".to_owned());
    }
    let mut writer = Writer { text: String::new(), before: Before::Nothing, depth: 0 };
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        writer.token(&token, &mut tokens)?;
    }
    Ok(writer.text)
}

/// Whether an expression is one call by a plain name, which needs no
/// parentheses in an index.
pub(super) fn is_call(expr: &Expr) -> bool {
    let tokens = tokens(expr.sql());
    let is_word = |at: usize| {
        tokens.get(at).is_some_and(|t: &Token| {
            matches!(t.kind, TokenKind::Ident | TokenKind::QuotedIdent { .. })
        })
    };
    let is = |at: usize, kind| tokens.get(at).is_some_and(|token| token.kind == kind);
    let open = if is_word(0) && is(1, TokenKind::Dot) && is_word(2) { 3 } else { 1 };
    if !is_word(0) || !is(open, TokenKind::OpenParen) {
        return false;
    }
    let mut depth = 0usize;
    let end = tokens[open..].iter().position(|token| {
        match token.kind {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.is_some_and(|end| open + end + 1 == tokens.len())
}

/// A token of SQL.
struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
    /// Whether something that does not count stands before it.
    spaced: bool,
}

impl Token<'_> {
    fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Ident && self.text.eq_ignore_ascii_case(word)
    }
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut at, mut spaced) = (Vec::new(), 0, false);
    for token in tokenize(sql) {
        let text = &sql[at..at + token.len as usize];
        at += text.len();
        match token.kind {
            TokenKind::Eof => break,
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => {
                spaced = true;
            }
            kind => tokens.push(Token { kind, text, spaced: std::mem::take(&mut spaced) }),
        }
    }
    tokens
}

type Rest<'a> = Peekable<IntoIter<Token<'a>>>;

struct Writer {
    text: String,
    before: Before,
    depth: usize,
}

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing, or an opening parenthesis or bracket.
    Nothing,
    Collate,
    /// A word, a number or a string, which Rust would join with what follows.
    Wordlike,
    Dot,
    Operator,
    Other,
}

impl Writer {
    fn token(&mut self, token: &Token<'_>, rest: &mut Rest<'_>) -> Result<(), String> {
        match token.kind {
            TokenKind::Ident => self.word(token),
            TokenKind::QuotedIdent { uescape: false, terminated: true } => {
                self.quoted_name(token, rest)
            }
            TokenKind::Literal { kind } => self.literal(token, kind, rest),
            TokenKind::OpenParen | TokenKind::OpenBracket => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err("an expression is nested too deeply".to_owned());
                }
                self.put(token, token.text, Before::Nothing);
                Ok(())
            }
            TokenKind::CloseParen | TokenKind::CloseBracket => {
                self.depth = self.depth.saturating_sub(1);
                self.text.push_str(token.text);
                self.before = Before::Other;
                Ok(())
            }
            TokenKind::Comma => {
                self.text.push(',');
                self.before = Before::Other;
                Ok(())
            }
            TokenKind::Dot => {
                self.put(token, ".", Before::Dot);
                Ok(())
            }
            _ => self.operator(token),
        }
    }

    /// Writes a token, after a space where there was one or has to be one.
    fn put(&mut self, token: &Token<'_>, written: &str, now: Before) {
        let joins = self.before == Before::Wordlike
            && (now == Before::Wordlike || written.starts_with(['#', '"']));
        let glued = matches!(self.before, Before::Nothing | Before::Dot);
        if !self.text.is_empty() && !glued && (token.spaced || joins) {
            self.text.push(' ');
        }
        self.text.push_str(written);
        self.before = now;
    }

    fn word(&mut self, token: &Token<'_>) -> Result<(), String> {
        if !is_identifier(token.text) {
            return self.spelled(token, &token.text.to_lowercase(), false);
        }
        let word = token.text.to_ascii_lowercase();
        self.put(token, &word, Before::Wordlike);
        if word == "collate" {
            self.before = Before::Collate;
        }
        Ok(())
    }

    fn quoted_name(&mut self, token: &Token<'_>, rest: &mut Rest<'_>) -> Result<(), String> {
        let name = token.text[1..token.text.len() - 1].replace("\"\"", "\"");
        let next = rest.peek().map(|next| next.kind);
        if self.before == Before::Collate && !is_identifier(&name) && next != Some(TokenKind::Dot) {
            self.put(token, &literal::string(&name)?, Before::Wordlike);
            return Ok(());
        }
        self.spelled(token, &name, next == Some(TokenKind::OpenParen))
    }

    /// Writes a name as a word that keeps its case.
    fn spelled(&mut self, token: &Token<'_>, name: &str, is_call: bool) -> Result<(), String> {
        if !is_rust_word(name) {
            return self.odd_name(token, name);
        }
        let raw = if name.contains(char::is_uppercase) {
            shouts(name, is_call)
        } else {
            quoted(name) != *name
        };
        let written = if raw { format!("r#{name}") } else { name.to_owned() };
        self.put(token, &written, Before::Wordlike);
        Ok(())
    }

    /// Writes a name that is no word as a string after a dot. A word before the
    /// dot could be read as a keyword there.
    fn odd_name(&mut self, token: &Token<'_>, name: &str) -> Result<(), String> {
        let name = literal::string(name)?;
        if self.before != Before::Dot {
            self.put(token, &format!(".{name}"), Before::Wordlike);
            return Ok(());
        }
        let path = self.text.trim_end_matches('.');
        let is_letter = |char: char| char == '_' || char == '#' || char.is_alphanumeric();
        let start = path.trim_end_matches(is_letter).len();
        if start < path.len() && !path[start..].starts_with("r#") {
            self.text.insert_str(start, "r#");
        }
        self.put(token, &name, Before::Wordlike);
        Ok(())
    }

    fn literal(
        &mut self,
        token: &Token<'_>,
        kind: LiteralKind,
        rest: &mut Rest<'_>,
    ) -> Result<(), String> {
        let value = match kind {
            LiteralKind::Int { .. } | LiteralKind::Numeric { .. } => {
                self.put(token, &number(token.text, kind)?, Before::Wordlike);
                return Ok(());
            }
            LiteralKind::Str { terminated: true } => inner(token.text, 1).replace("''", "'"),
            LiteralKind::EscStr { terminated: true } => unescaped(inner(token.text, 2))?,
            LiteralKind::DollarQuotedString { terminated: true } => dollar_quoted(token.text),
            LiteralKind::BitStr { terminated: true } => inner(token.text, 2).to_owned(),
            LiteralKind::ByteStr { terminated: true } => bits(inner(token.text, 2))?,
            _ => return Err(format!("`{}` is written in SQL only", token.text)),
        };
        let next = rest.peek();
        if next.is_some_and(|next| next.is_word("is")) {
            return Err("a string before `is` would be read as a name".to_owned());
        }
        if next.is_some_and(|next| matches!(next.kind, TokenKind::Literal { .. })) {
            return Err("a string in several parts is written in SQL only".to_owned());
        }
        let cast = next.is_some_and(|next| next.kind == TokenKind::Colon);
        self.put(token, &literal::string(&value)?, Before::Wordlike);
        if matches!(kind, LiteralKind::BitStr { .. } | LiteralKind::ByteStr { .. }) && !cast {
            self.text.push_str("::r#bit");
        }
        Ok(())
    }

    fn operator(&mut self, token: &Token<'_>) -> Result<(), String> {
        let known = matches!(
            token.kind,
            TokenKind::Slash
                | TokenKind::Minus
                | TokenKind::Colon
                | TokenKind::Eq
                | TokenKind::Gt
                | TokenKind::And
                | TokenKind::Lt
                | TokenKind::Bang
                | TokenKind::Plus
                | TokenKind::Tilde
                | TokenKind::Pound
                | TokenKind::Question
                | TokenKind::Or
                | TokenKind::Percent
                | TokenKind::Caret
                | TokenKind::Star
                | TokenKind::At
        );
        if !known {
            return Err(format!("`{}` is written in SQL only", token.text));
        }
        let joint = self.before == Before::Operator && !token.spaced;
        if joint && token.kind == TokenKind::Slash && self.text.ends_with('/') {
            return Err("an operator with `//` would be read as a comment".to_owned());
        }
        self.put(token, token.text, Before::Operator);
        Ok(())
    }
}

/// Whether Rust, whatever its version, reads a text as one word and leaves it
/// as it is.
fn is_rust_word(text: &str) -> bool {
    let is_letter = |char: char| {
        char == '_'
            || char.is_ascii_alphabetic()
            || matches!(char, 'À'..='ɏ' | 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | '一'..='龥')
                && char.is_alphabetic()
    };
    text.starts_with(is_letter) && text.chars().all(|char| is_letter(char) || char.is_ascii_digit())
}

/// Whether a name in capitals would be taken for a keyword or a function that
/// should be lower case.
fn shouts(name: &str, is_call: bool) -> bool {
    let lower = name.to_ascii_lowercase();
    let keyword =
        || keywords::category(&lower).is_some() || matches!(lower.as_str(), "batches" | "revert");
    name.len() > 1 && !name.contains(char::is_lowercase) && (is_call || keyword())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(sql: &str) -> Text {
        expression(&Expr::computed(sql))
    }

    #[test]
    fn what_postgresql_prints_is_written_in_tokens() {
        for (sql, text) in [
            ("((status)::text = 'open'::text)", r#"((status)::text = "open"::text)"#),
            ("'{}'::text[]", r#""{}"::text[]"#),
            ("nextval('t_id_seq'::regclass)", r#"nextval("t_id_seq"::regclass)"#),
            ("nextval('\"T_id_seq\"'::regclass)", r##"nextval(r#""T_id_seq""#::regclass)"##),
            ("(name ~~ 'x%'::text)", r#"(name ~~ "x%"::text)"#),
            ("ARRAY['a'::text, 'b'::text]", r#"array["a"::text, "b"::text]"#),
            ("CASE\n    WHEN a THEN 1\n    ELSE 2\nEND", "case when a then 1 else 2 end"),
            ("CURRENT_TIMESTAMP", "current_timestamp"),
            ("EXTRACT(year FROM d)", "extract(year from d)"),
            ("(name COLLATE \"C\")", "(name collate C)"),
            ("name COLLATE \"en-x-icu\"", "name collate \"en-x-icu\""),
            ("name COLLATE \"default\"", "name collate r#default"),
            ("\"order\" > 0 AND \"user\" IS NOT NULL", "r#order > 0 and r#user is not null"),
            ("\"createdAt\" + '1 day'::interval", r#"createdAt + "1 day"::interval"#),
            ("\"NULL\" OR \"URL\" OR \"URL\"(1)", "r#NULL or URL or r#URL(1)"),
            ("'x'::character varying(3)", r#""x"::character varying(3)"#),
            ("d OPERATOR(public.#>>) 'x'", r##"d operator(public.#>>) "x""##),
            ("a#b", "a #b"),
            ("B'101'::\"bit\"", r#""101"::r#bit"#),
            ("X'a'", r#""1010"::r#bit"#),
            ("E'a\\nb\\\\'", r#""a\nb\\""#),
            ("0x1F + 1_000 + .5 + 1e10", "31 + 1000 + .5 + 1e10"),
            ("a[1:2]", "a[1:2]"),
            ("größe > 1", "r#größe > 1"),
            ("interval'1 day'", "interval \"1 day\""),
            ("-1", "-1"),
            ("(- a)", "(- a)"),
            ("@ a", "@ a"),
            ("it.\"Order\"", "it.Order"),
            ("\"a b\" > 1", r#"."a b" > 1"#),
            ("a AND(\"a b\")", r#"a and(."a b")"#),
            ("NOT\"a b\"", r#"not ."a b""#),
            ("year.\"a b\"", r##"r#year."a b""##),
            ("\"Year\".\"a b\" + \"a b\".\"Year\"", r##"r#Year."a b" + ."a b".Year"##),
            ("(home).\"a b\"", r#"(home)."a b""#),
            ("a$b", r#"."a$b""#),
            ("NORMALIZE(a, NFC) IS NFC NORMALIZED", "normalize(a, nfc) is nfc normalized"),
        ] {
            assert_eq!(written(sql).as_deref(), Ok(text), "{sql}");
        }
    }

    #[test]
    fn what_has_no_form_is_said() {
        for sql in ["$1", "N'x'", "U&'x'", "'a' IS NULL", "a // b", "a b c"] {
            assert!(written(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn calls_are_told_from_other_expressions() {
        for (sql, is) in [
            ("lower(a)", true),
            ("s.f(a, (b))", true),
            ("coalesce(a, 'x')", true),
            ("lower(a) || b", false),
            ("(a)", false),
            ("a", false),
            ("f(a)::text", false),
        ] {
            assert_eq!(is_call(&Expr::computed(sql)), is, "{sql}");
        }
    }
}
