//! Seeds, and the list of them.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, literal};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::seed::{Environment, Given, Row, Seed, Upsert, Value};
use deepref_schema_core::suggest::help;
use proc_macro2::Delimiter;

use crate::attribute::doc;
use crate::cursor::Cursor;
use crate::error::{Errors, Parse, Stop};
use crate::expr::{self, Ends};
use crate::list::listed_file;
use crate::migration::{not_pascal_case, pascal_case};
use crate::name::{name, names, path, string};
use crate::token::{Kind, Token};

/// The content of `seeds!`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeedList {
    /// The modules of the files it names.
    pub files: Vec<Ident>,
    /// The seeds that are written in it. There are none where it names files.
    pub inline: Vec<Seed>,
}

/// Reads the text of a file that is included, by the path that is written; else
/// says why it can not be read.
pub type Include<'a> = dyn FnMut(&str) -> Result<String, String> + 'a;

/// What reads seeds.
pub(crate) struct Reader<'a> {
    pub(crate) include: &'a mut Include<'a>,
}

impl Reader<'_> {
    /// `{doc} head ';' {upsert}`
    pub(crate) fn file(&mut self, mut cursor: Cursor, errors: &mut Errors) -> Option<Seed> {
        let head = head(&mut cursor, errors);
        let head = head.and_then(|head| match cursor.eat_punct(';') {
            true => Ok(head),
            false => {
                Err(cursor.expected("`after` or `;`").help("a semicolon ends the head of a seed"))
            }
        });
        let head = errors.keep(head)?;
        Some(head.seed(self.upserts(cursor, errors)))
    }

    /// Files, or seeds with their content in braces.
    pub(crate) fn list(&mut self, mut cursor: Cursor, errors: &mut Errors) -> SeedList {
        let mut list = SeedList::default();
        while !cursor.at_end() {
            if let Err(stop) = self.entry(&mut cursor, &mut list, errors) {
                errors.push(stop);
                let ends =
                    |token: &Token| token.punct() == Some(';') || token.is_group(Delimiter::Brace);
                while cursor.bump().is_some_and(|token| !ends(token)) {}
            }
        }
        list
    }

    fn entry(
        &mut self,
        cursor: &mut Cursor,
        list: &mut SeedList,
        errors: &mut Errors,
    ) -> Parse<()> {
        let mixed = |cursor: &Cursor| {
            cursor.mistake("a list either names the files of seeds or holds the seeds itself")
        };
        let is_doc = matches!(cursor.peek(), Some(Token { kind: Kind::Doc, .. }));
        if is_doc || cursor.is_word("seed") && !cursor.is_punct_at(1, ';') {
            if !list.files.is_empty() {
                return Err(mixed(cursor));
            }
            let text = doc(cursor);
            cursor.expect_word("seed")?;
            let head = Head { text, ..head(cursor, errors)? };
            let body = cursor.expect_group(Delimiter::Brace)?;
            list.inline.push(head.seed(self.upserts(body, errors)));
            return Ok(());
        }
        if !list.inline.is_empty() && cursor.peek().is_some_and(Token::is_any_word) {
            return Err(mixed(cursor));
        }
        list.files.push(listed_file(cursor, "the name of a seed's file")?);
        Ok(())
    }

    /// Upserts up to the end. After a mistake it goes on with the next one.
    fn upserts(&mut self, mut cursor: Cursor, errors: &mut Errors) -> Vec<Upsert> {
        let mut upserts = Vec::new();
        if cursor.at_end() {
            errors
                .push(cursor.expected("`upsert`").help("write `upsert table by (key) { { … } }`"));
        }
        while !cursor.at_end() {
            match self.upsert(&mut cursor, errors) {
                Ok(upsert) => upserts.push(upsert),
                Err(stop) => {
                    errors.push(stop);
                    while cursor.bump().is_some_and(|token| !token.is_group(Delimiter::Brace)) {}
                }
            }
        }
        upserts
    }

    fn upsert(&mut self, cursor: &mut Cursor, errors: &mut Errors) -> Parse<Upsert> {
        if !cursor.eat_word("upsert") {
            return Err(cursor
                .expected("`upsert`")
                .help("write `upsert table by (key) { { … } }`"));
        }
        let table = path(cursor)?;
        if !cursor.eat_word("by") {
            return Err(cursor
                .expected("`by`")
                .help("write `by (…)` with the columns by which a row is found again"));
        }
        let key = names(cursor)?;
        let rows = cursor.expect_group(Delimiter::Brace)?;
        if rows.at_end() {
            errors.push(rows.expected("a row").help("write `{ column: value }`"));
        }
        let rows = items(rows, errors, |cursor, errors| self.row(cursor, errors));
        if cursor.is_punct(';') {
            errors.push(cursor.mistake("unexpected `;`").help("an upsert ends with its brace"));
            cursor.skip(1);
        }
        Ok(Upsert { table, key, rows })
    }

    fn row(&mut self, cursor: &mut Cursor, errors: &mut Errors) -> Parse<Row> {
        let origin = cursor.origin();
        if !cursor.is_group(Delimiter::Brace) {
            return Err(cursor.expected("a row").help("write `{ column: value }`"));
        }
        let inner = cursor.expect_group(Delimiter::Brace)?;
        if inner.at_end() {
            errors.push(inner.expected("a column").help("write `column: value`"));
        }
        Ok(Row { values: items(inner, errors, |cursor, _| self.given(cursor)), origin })
    }

    fn given(&mut self, cursor: &mut Cursor) -> Parse<Given> {
        let column = name(cursor)?;
        if !cursor.eat_punct(':') {
            return Err(cursor.expected("`:`").help(format!("write `{column}: …`")));
        }
        Ok(Given { column, value: self.value(cursor)? })
    }

    fn value(&mut self, cursor: &mut Cursor) -> Parse<Value> {
        let origin = cursor.origin();
        if cursor.eat_word("encrypted") {
            let included = self.included(cursor)?;
            let text = match included {
                Some(text) => text,
                None => string(cursor, "a string, or `include \"…\"`")?.0,
            };
            return Ok(Value::Encrypted { text, origin });
        }
        Ok(Value::Plain(match self.included(cursor)? {
            Some(text) => Expr::new(literal(&text), vec![(0, origin)]),
            None => expr::open(cursor, Ends::Item)?,
        }))
    }

    /// The text of `include "path"`, where that stands here.
    fn included(&mut self, cursor: &mut Cursor) -> Parse<Option<String>> {
        let is_path = matches!(cursor.peek_at(1), Some(Token { kind: Kind::Str, .. }));
        if !is_path || !cursor.eat_word("include") {
            return Ok(None);
        }
        let (path, origin) = string(cursor, "the path of a file")?;
        let stop = |why: String| Stop::of("missing_file", origin, why);
        let text = (self.include)(&path).map_err(|why| {
            stop(why).help("write the path of a text, from the folder of this file")
        })?;
        if text.contains('\0') {
            return Err(Stop::new(
                origin,
                format!("`{path}` holds the character NUL, which no text of SQL can"),
            ));
        }
        Ok(Some(text.replace("\r\n", "\n")))
    }
}

/// What stands before the rows.
struct Head {
    name: Ident,
    text: String,
    environments: Vec<Environment>,
    after: Vec<Ident>,
}

impl Head {
    fn seed(self, upserts: Vec<Upsert>) -> Seed {
        let Self { name, text, environments, after } = self;
        Seed { name, text, environments, after, upserts }
    }
}

/// `{doc} NAME 'for' environments ['after' names]`
fn head(cursor: &mut Cursor, errors: &mut Errors) -> Parse<Head> {
    let text = doc(cursor);
    let Some(Token { kind: Kind::Word | Kind::RawWord, text: word, origin }) = cursor.peek() else {
        return Err(cursor
            .expected("the name of the seed")
            .help("write `Plans for dev, staging, prod;` first"));
    };
    if !pascal_case(word) {
        errors.push(not_pascal_case("a seed", word, *origin));
    }
    let name = name(cursor)?;
    if !cursor.eat_word("for") {
        return Err(cursor
            .expected("`for`")
            .help("write where it is run: `for dev, staging, prod`"));
    }
    let mut environments = Vec::new();
    separated(cursor, |cursor| {
        environments.extend(environment(cursor, &environments, errors)?);
        Ok(())
    })?;
    let mut after = Vec::new();
    if cursor.eat_word("after") {
        separated(cursor, |cursor| {
            after.push(crate::name::name(cursor)?);
            Ok(())
        })?;
    }
    Ok(Head { name, text, environments, after })
}

/// An environment, unless it is none or was named before.
fn environment(
    cursor: &mut Cursor,
    before: &[Environment],
    errors: &mut Errors,
) -> Parse<Option<Environment>> {
    let Some(token) = cursor.peek().filter(|token| token.is_any_word()) else {
        return Err(cursor.expected("`dev`, `staging` or `prod`"));
    };
    let found = Environment::of_word(&token.text);
    match found {
        Some(environment) if before.contains(&environment) => {
            errors
                .push(cursor.mistake(format!("`{environment}` is named twice")).help("delete it"));
        }
        Some(_) => {}
        None => errors.push(unknown_environment(&token.text, token.origin)),
    }
    cursor.skip(1);
    Ok(found.filter(|environment| !before.contains(environment)))
}

fn unknown_environment(word: &str, origin: Origin) -> Stop {
    let stop = Stop::of("unknown_environment", origin, format!("no environment `{word}` exists"));
    let lower = word.to_lowercase();
    let meant = match lower.as_str() {
        "production" | "live" => Some("prod"),
        "development" | "local" | "test" => Some("dev"),
        _ => None,
    };
    match meant {
        Some(meant) => stop.help(format!("did you mean `{meant}`?")),
        None => {
            let words = Environment::ALL.map(Environment::word);
            stop.help(help(&lower, words).unwrap_or_default())
        }
    }
}

/// Items with commas between them, at least one.
fn separated<'a>(
    cursor: &mut Cursor<'a>,
    mut item: impl FnMut(&mut Cursor<'a>) -> Parse<()>,
) -> Parse<()> {
    item(cursor)?;
    while cursor.eat_punct(',') {
        item(cursor)?;
    }
    Ok(())
}

/// Items in braces, with commas between them. After a mistake it goes on with
/// the next one.
fn items<'a, T>(
    mut inner: Cursor<'a>,
    errors: &mut Errors,
    mut item: impl FnMut(&mut Cursor<'a>, &mut Errors) -> Parse<T>,
) -> Vec<T> {
    let mut items = Vec::new();
    while !inner.at_end() {
        match item(&mut inner, errors) {
            Ok(item) => {
                items.push(item);
                if !inner.at_end() && !inner.is_punct(',') {
                    errors.push(inner.expected("`,`").help("a comma ends each item"));
                }
            }
            Err(stop) => errors.push(stop),
        }
        while inner.bump().is_some_and(|token| token.punct() != Some(',')) {}
    }
    items
}
