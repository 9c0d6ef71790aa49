//! A migration: its head, `up` and `down`.

use deepref_schema_core::ident::Ident;
use deepref_schema_core::migration::{Item, Migration};
use deepref_schema_core::operation::{FunctionRevert, Operation};
use deepref_schema_core::origin::Origin;
use proc_macro2::Delimiter;

use crate::attribute::{Head, head};
use crate::checksum::{checksum, without_limits};
use crate::cursor::Cursor;
use crate::error::{Errors, Parse, Stop};
use crate::name::is_identifier;
use crate::statement::block;
use crate::token::{Kind, Token};

/// `{attr} NAME = INT ; body`
pub(crate) fn file(mut cursor: Cursor, errors: &mut Errors) -> Option<Migration> {
    let start = cursor;
    let parsed = head_of_file(&mut cursor, errors);
    let (head, title) = errors.keep(parsed)?;
    title.check_replaces(&head, errors);
    let body = cursor;
    let (up, down) = body_to_end(cursor, errors)?;
    let attributes = without_limits(title.attributes(&start));
    let checksum = checksum(attributes.chain([title.tokens, body.rest()]));
    Some(title.migration(head, up, down, checksum))
}

fn head_of_file<'a>(cursor: &mut Cursor<'a>, errors: &mut Errors) -> Parse<(Head, Title<'a>)> {
    let head = head(cursor)?;
    let title = title(cursor, errors)?;
    if !cursor.eat_punct(';') {
        return Err(cursor.expected("`;`").help("a semicolon ends the name and version"));
    }
    Ok((head, title))
}

/// `migration NAME = INT { body }`, after its attributes, which began at
/// `start`.
pub(crate) fn inline(
    cursor: &mut Cursor,
    start: &Cursor,
    head: Head,
    errors: &mut Errors,
) -> Parse<Option<Migration>> {
    let before_word = *cursor;
    cursor.expect_word("migration")?;
    let title = title(cursor, errors)?;
    title.check_replaces(&head, errors);
    let body = cursor.expect_group(Delimiter::Brace)?;
    let Some((up, down)) = body_to_end(body, errors) else {
        return Ok(None);
    };
    let attributes = without_limits(start.tokens_until(&before_word));
    let checksum = checksum(attributes.chain([title.tokens, body.rest()]));
    Ok(Some(title.migration(head, up, down, checksum)))
}

/// `NAME = INT`
struct Title<'a> {
    name: Ident,
    version: i64,
    version_origin: Origin,
    start: Cursor<'a>,
    tokens: &'a [Token],
}

impl<'a> Title<'a> {
    fn attributes(&self, start: &Cursor<'a>) -> &'a [Token] {
        start.tokens_until(&self.start)
    }

    fn migration(
        self,
        head: Head,
        up: Block,
        down: Option<Block>,
        checksum: [u8; 32],
    ) -> Migration {
        Migration {
            name: self.name,
            version: self.version,
            version_origin: self.version_origin,
            text: head.text,
            irreversible: head.irreversible,
            allows: head.allows,
            up: up.items,
            up_origin: up.origin,
            down_origin: down.as_ref().map_or(Origin::NONE, |down| down.origin),
            down: down.map(|down| down.items),
            checksum,
            replaces: head.replaces,
            limits: head.limits,
        }
    }

    /// What is squashed into a migration ends with the one of its version.
    fn check_replaces(&self, head: &Head, errors: &mut Errors) {
        if let Some(last) = head.replaces.last().filter(|last| last.version != self.version) {
            let message =
                format!("`replaces` ends with {}, and not with its version", last.version);
            let help = format!("the migration keeps the version of the last one: {}", last.version);
            errors.push(Stop::new(self.version_origin, message).help(help));
        }
    }
}

fn title<'a>(cursor: &mut Cursor<'a>, errors: &mut Errors) -> Parse<Title<'a>> {
    let start = *cursor;
    let Some(Token { kind: Kind::Word | Kind::RawWord, text, origin }) = cursor.peek() else {
        return Err(no_title(cursor));
    };
    if !cursor.is_punct_at(1, '=') {
        return Err(no_title(cursor));
    }
    if !pascal_case(text) {
        errors.push(not_pascal_case("a migration", text, *origin));
    }
    cursor.skip(2);
    let (version, version_origin) = version(cursor)?;
    let name = Ident::new(text.as_str(), *origin);
    let tokens = start.tokens_until(cursor);
    Ok(Title { name, version, version_origin, start, tokens })
}

fn no_title(cursor: &Cursor) -> Stop {
    match cursor.peek() {
        Some(Token { kind: Kind::Reported, .. }) => Stop::Reported,
        _ => cursor
            .mistake("expected the name and version of the migration")
            .help("write `CreateUsers = 1732025000001;` first"),
    }
}

fn version(cursor: &mut Cursor) -> Parse<(i64, Origin)> {
    let origin = cursor.origin();
    let version = match cursor.peek() {
        Some(Token { kind: Kind::Number, text, .. }) => text.replace('_', "").parse().ok(),
        _ => None,
    };
    let Some(version) = version else {
        return Err(cursor
            .mistake("the version is a whole number")
            .help("milliseconds since 1970, as `create` writes it: `1732025000001`"));
    };
    cursor.skip(1);
    Ok((version, origin))
}

pub(crate) fn pascal_case(name: &str) -> bool {
    is_identifier(name)
        && name.starts_with(|char: char| char.is_ascii_uppercase())
        && !name.contains('_')
}

/// The mistake of a name; `what` has it.
pub(crate) fn not_pascal_case(what: &str, name: &str, origin: Origin) -> Stop {
    let pascal: String = name.split('_').map(capitalised).collect();
    let stop = Stop::of(
        "migration_name",
        origin,
        format!("the name of {what} is PascalCase, `{name}` is not"),
    );
    match pascal_case(&pascal) {
        true => stop.help(format!("write `{pascal}`")),
        false => stop.help("write a name such as `CreateUsers`"),
    }
}

fn capitalised(word: &str) -> String {
    let Some(first) = word.chars().next() else {
        return String::new();
    };
    let rest = &word[first.len_utf8()..];
    let shouted = rest.len() > 1 && !rest.contains(|char: char| char.is_ascii_lowercase());
    let rest = if shouted { rest.to_ascii_lowercase() } else { rest.to_owned() };
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// What `up` or `down` holds.
struct Block {
    origin: Origin,
    items: Vec<Item>,
}

/// `up { … } [down { … }]`, up to the end.
fn body_to_end(mut cursor: Cursor, errors: &mut Errors) -> Option<(Block, Option<Block>)> {
    let (mut up, mut down) = (None, None);
    loop {
        let is_block = cursor.peek_at(1).is_some_and(|next| next.is_group(Delimiter::Brace));
        let slot = match cursor.peek() {
            Some(token) if is_block && token.is_word("up") => &mut up,
            Some(token) if is_block && token.is_word("down") => &mut down,
            _ => break,
        };
        let (origin, twice) = (cursor.origin(), slot.is_some());
        let word = if cursor.is_word("up") { "up" } else { "down" };
        if twice {
            errors.push(cursor.mistake(format!("`{word}` is given twice")));
        }
        cursor.skip(1);
        let inner = cursor.eat_group(Delimiter::Brace)?;
        let is_empty = inner.at_end();
        let items = block(inner, errors);
        if word == "down" {
            refuse_reverts(&items, errors);
        }
        *slot = Some(Block { origin, items });
        if word == "up" && is_empty && !twice {
            errors.push(empty_up(origin));
        }
        if word == "down" && up.is_none() {
            errors.push(Stop::new(origin, "`down` stands after `up`"));
            // Its message says all that is to be said about a missing `up`.
            up = up.or_else(|| read_late_up(&mut cursor, errors));
        }
    }
    finish_body(&cursor, up, down, errors)
}

/// What reverts a function has no place where the way back itself is written.
fn refuse_reverts(items: &[Item], errors: &mut Errors) {
    for item in items {
        let Operation::RunFunction(run) = &item.operation else { continue };
        let origin = match &run.revert {
            None => continue,
            Some(FunctionRevert::Nothing) => run.origin,
            Some(FunctionRevert::Function(path)) => path.words[0].origin,
        };
        let message = "nothing reverts what stands in `down`";
        errors.push(Stop::new(origin, message).help(format!("write `run {};`", run.function)));
    }
}

/// The `up` behind a `down`.
fn read_late_up(cursor: &mut Cursor, errors: &mut Errors) -> Option<Block> {
    let origin = cursor.origin();
    let mut after = *cursor;
    let inner = after.eat_word("up").then(|| after.eat_group(Delimiter::Brace)).flatten();
    if inner.is_some() {
        *cursor = after;
    }
    let items = inner.map(|inner| block(inner, errors)).unwrap_or_default();
    Some(Block { origin, items })
}

fn empty_up(origin: Origin) -> Stop {
    Stop::of("empty_up", origin, "the migration does nothing: `up` is empty")
        .help("delete the file and its line in the list")
}

fn finish_body(
    cursor: &Cursor,
    up: Option<Block>,
    down: Option<Block>,
    errors: &mut Errors,
) -> Option<(Block, Option<Block>)> {
    match up {
        None => {
            errors.push(cursor.expected("`up { … }`"));
            None
        }
        Some(_) if !cursor.at_end() => {
            let found = cursor.found();
            errors.push(cursor.mistake(format!("nothing can follow the migration, found {found}")));
            None
        }
        Some(up) => Some((up, down)),
    }
}
