//! The migration language of `deepref-schema`: from Rust's tokens to
//! operations on the model.
//!
//! [`parse_migration`] and [`parse_list`] read what stands in `migration!` and
//! `migrations!`; [`migration_in_file`] and [`list_in_file`] read the same from
//! the text of a file. Each name and each token of an expression gets a mark,
//! and [`Origins`] leads from the mark back to the token.
//!
//! No input makes this crate panic. After a mistake it goes on with the next
//! statement, or the next item in braces, so that several mistakes give
//! several errors and one mistake gives one.

mod attribute;
mod checksum;
mod cursor;
pub mod entity;
mod error;
mod expr;
pub mod history;
mod keywords;
mod lex;
mod list;
mod migration;
mod name;
mod origins;
mod seed;
mod statement;
#[cfg(test)]
mod tests;
mod token;
mod types;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::expr::Expr;
use deepref_schema_core::migration::Migration;
use deepref_schema_core::origin::Origin;
use deepref_schema_core::seed::Seed;
use proc_macro2::TokenStream;

pub use list::List;
pub use origins::{Origins, Place, line_and_column};
pub use seed::{Include, SeedList};

use cursor::Cursor;
use error::{Errors, Stop};
use token::{Kind, Token, Tokens};

/// What was read, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// What was read; `None` where it can not be used.
    pub value: Option<T>,
    /// The mistakes, in the order of their tokens.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether something could not be read. Rust's own lexer may have reported
    /// it, so that there is no diagnostic.
    pub broken: bool,
}

/// Reads the content of `migration!`.
pub fn parse_migration(tokens: TokenStream, origins: &mut Origins) -> Parsed<Migration> {
    migration_of(&lex::compiler::lex(tokens, origins))
}

/// Reads the content of `migrations!`. The value is there even when it is
/// broken; it then lacks what could not be read.
pub fn parse_list(tokens: TokenStream, origins: &mut Origins) -> Parsed<List> {
    list_of(&lex::compiler::lex(tokens, origins))
}

/// Reads the `migration!` in the text of a file. `None` where there is none,
/// or where the text is not made of Rust's tokens.
pub fn migration_in_file(text: &str, origins: &mut Origins) -> Option<Parsed<Migration>> {
    macro_in_file(text, "migration", origins).map(|tokens| migration_of(&tokens))
}

/// The text of a file with this content in `migrations!`, which [`list_in_file`]
/// reads as the same.
pub fn file_of_list(content: TokenStream) -> String {
    format!("migrations! {{ {} }}", lex::compiler::joined(content))
}

/// Reads the `migrations!` in the text of a file. `None` where there is none,
/// or where the text is not made of Rust's tokens.
pub fn list_in_file(text: &str, origins: &mut Origins) -> Option<Parsed<List>> {
    macro_in_file(text, "migrations", origins).map(|tokens| list_of(&tokens))
}

/// Reads the content of `seed!`.
pub fn parse_seed<'a>(
    tokens: TokenStream,
    origins: &mut Origins,
    include: &'a mut Include<'a>,
) -> Parsed<Seed> {
    seed_of(&lex::compiler::lex(tokens, origins), include)
}

/// Reads the content of `seeds!`. The value is there even when it is broken; it
/// then lacks what could not be read.
pub fn parse_seeds<'a>(
    tokens: TokenStream,
    origins: &mut Origins,
    include: &'a mut Include<'a>,
) -> Parsed<SeedList> {
    seeds_of(&lex::compiler::lex(tokens, origins), include)
}

/// Reads the `seed!` in the text of a file, as [`migration_in_file`] does.
pub fn seed_in_file<'a>(
    text: &str,
    origins: &mut Origins,
    include: &'a mut Include<'a>,
) -> Option<Parsed<Seed>> {
    macro_in_file(text, "seed", origins).map(|tokens| seed_of(&tokens, include))
}

/// Reads the `seeds!` in the text of a file, as [`list_in_file`] does.
pub fn seeds_in_file<'a>(
    text: &str,
    origins: &mut Origins,
    include: &'a mut Include<'a>,
) -> Option<Parsed<SeedList>> {
    macro_in_file(text, "seeds", origins).map(|tokens| seeds_of(&tokens, include))
}

/// Reads an expression of the language from a text, such as an argument of a
/// command.
pub fn expression(text: &str) -> Parsed<Expr> {
    let Some(tokens) = lex::text::lex(text, &mut Origins::new()) else {
        let why = Stop::new(Origin::NONE, format!("`{text}` is not made of Rust's tokens"));
        let mut errors = Errors::default();
        errors.push(why);
        return Parsed { value: None, diagnostics: errors.diagnostics, broken: true };
    };
    let (value, errors) = read(&tokens, |mut cursor, errors| {
        let expression = expr::open(&mut cursor, expr::Ends::Item)
            .and_then(|expression| cursor.expect_end().map(|()| expression));
        errors.keep(expression)
    });
    Parsed { value: value.flatten(), diagnostics: errors.diagnostics, broken: errors.broken }
}

fn migration_of(tokens: &Tokens) -> Parsed<Migration> {
    let (value, errors) = read(tokens, migration::file);
    let value = value.flatten().filter(|_| !errors.broken);
    Parsed { value, diagnostics: errors.diagnostics, broken: errors.broken }
}

fn list_of(tokens: &Tokens) -> Parsed<List> {
    let (value, errors) = read(tokens, list::list);
    Parsed { value, diagnostics: errors.diagnostics, broken: errors.broken }
}

fn seed_of<'a>(tokens: &Tokens, include: &'a mut Include<'a>) -> Parsed<Seed> {
    let mut reader = seed::Reader { include };
    let (value, errors) = read(tokens, |cursor, errors| reader.file(cursor, errors));
    let value = value.flatten().filter(|_| !errors.broken);
    Parsed { value, diagnostics: errors.diagnostics, broken: errors.broken }
}

fn seeds_of<'a>(tokens: &Tokens, include: &'a mut Include<'a>) -> Parsed<SeedList> {
    let mut reader = seed::Reader { include };
    let (value, errors) = read(tokens, |cursor, errors| reader.list(cursor, errors));
    Parsed { value, diagnostics: errors.diagnostics, broken: errors.broken }
}

fn read<T>(tokens: &Tokens, parse: impl FnOnce(Cursor, &mut Errors) -> T) -> (Option<T>, Errors) {
    let mut errors = Errors::default();
    if let Some(origin) = tokens.too_deep {
        errors.push(Stop::new(origin, "nested too deeply"));
        return (None, errors);
    }
    let value = parse(Cursor::new(&tokens.tokens), &mut errors);
    (Some(value), errors)
}

/// The content of the first call of a macro among the tokens of a file.
fn macro_in_file(text: &str, name: &str, origins: &mut Origins) -> Option<Tokens> {
    let text = text.replace("\r\n", "\n");
    let mut file = lex::text::lex(&text, origins)?;
    let is_call = |tokens: &[Token]| {
        matches!(tokens, [word, bang, group]
            if word.is_word(name)
                && bang.punct() == Some('!')
                && matches!(group.kind, Kind::Group { .. }))
    };
    let at = file.tokens.windows(3).position(is_call)?;
    match file.tokens.swap_remove(at + 2).kind {
        Kind::Group { tokens, .. } => Some(Tokens { tokens, too_deep: file.too_deep }),
        _ => None,
    }
}

/// Whether a file holds one call of `migrations!` and nothing else but
/// comments, attributes and `use`.
pub fn stands_alone(text: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    let Some(file) = lex::text::lex(&text, &mut Origins::new()) else {
        // The compiler says what is wrong with it.
        return true;
    };
    let mut cursor = Cursor::new(&file.tokens);
    let mut calls = 0;
    while let Some(token) = cursor.bump() {
        match &token.kind {
            Kind::Doc => {}
            Kind::Punct { char: '#', .. } => {
                cursor.eat_punct('!');
                cursor.skip(1);
            }
            Kind::Word if token.text == "use" => {
                while cursor.bump().is_some_and(|token| token.punct() != Some(';')) {}
            }
            // The path of the macro.
            Kind::Word if cursor.peek().and_then(Token::punct) == Some(':') => cursor.skip(2),
            Kind::Word if token.text == "migrations" && cursor.is_punct('!') => {
                cursor.skip(2);
                cursor.eat_punct(';');
                calls += 1;
            }
            _ => return false,
        }
    }
    calls == 1
}
