//! Types of columns.

use deepref_schema_core::ident::Ident;
use deepref_schema_core::types::Type;
use proc_macro2::Delimiter;

use crate::cursor::{Cursor, list};
use crate::error::{Parse, Stop};
use crate::name::{check_string_name, is_identifier, is_name, name, whole_number};
use crate::token::{Kind, Token};

/// PostgreSQL's names of built-in types that are written as one word.
#[rustfmt::skip]
const BUILTIN: &[&str] = &[
    "bigint", "bigserial", "bit", "bool", "boolean", "box", "bytea", "char", "character", "cidr",
    "circle", "date", "decimal", "double", "float", "float4", "float8", "inet", "int", "int2",
    "int4", "int8", "integer", "interval", "json", "jsonb", "line", "lseg", "macaddr", "money",
    "numeric", "path", "point", "polygon", "real", "serial", "smallint", "smallserial", "text",
    "time", "timestamp", "timestamptz", "timetz", "tsquery", "tsvector", "uuid", "varbit",
    "varchar", "xml",
];

/// A type that makes a sequence for its column.
pub(crate) fn is_serial(ty: &Type) -> bool {
    let name = ty.name.as_str();
    let serial = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];
    ty.schema.is_none() && serial.contains(&name)
}

/// Whether a column of this type can be an identity column.
pub(crate) fn is_whole_number(ty: &Type) -> bool {
    let whole = ["smallint", "int", "bigint", "integer", "int2", "int4", "int8"];
    ty.schema.is_none() && !ty.array && whole.contains(&ty.name.as_str())
}

/// A type, without the `?` of a column.
pub(crate) fn ty(cursor: &mut Cursor) -> Parse<Type> {
    let (schema, name) = type_name(cursor)?;
    let modifiers = match cursor.eat_group(Delimiter::Parenthesis) {
        Some(inner) => list(inner, modifier)?,
        None => Vec::new(),
    };
    let mut ty = Type { schema, name, modifiers, array: false };
    long_name(cursor, &ty)?;
    while let Some(mut size) = cursor.eat_group(Delimiter::Bracket) {
        if !size.at_end() {
            whole_number(&mut size)?;
            size.expect_end()?;
        }
        if is_serial(&ty) {
            return Err(Stop::of(
                "invalid_type",
                ty.origin(),
                "a column that counts up can not be an array",
            )
            .help("delete `[]`"));
        }
        ty.array = true;
    }
    Ok(ty)
}

fn type_name(cursor: &mut Cursor) -> Parse<(Option<Ident>, Ident)> {
    let token = cursor.peek();
    if !is_name(cursor) {
        return Err(cursor.expected("a type"));
    }
    if let Some(Token { kind: Kind::Word, text, .. }) = token {
        refuse_capitals(cursor, text)?;
    }
    if cursor.are_words(&["double", "precision"]) {
        let origin = cursor.origin();
        cursor.skip(2);
        return Ok((None, Ident::new("double precision", origin)));
    }
    let first = simple_type_name(cursor)?;
    if !cursor.eat_punct('.') {
        return Ok((None, first));
    }
    Ok((Some(first), simple_type_name(cursor)?))
}

/// A string names a type exactly; `"char"` keeps its quotes, which tell it
/// from `char`.
fn simple_type_name(cursor: &mut Cursor) -> Parse<Ident> {
    match cursor.peek() {
        Some(token @ Token { kind: Kind::Str, .. }) => {
            if !is_identifier(&token.text) {
                check_string_name(token)?;
            }
            cursor.bump();
            let text =
                if token.text == "char" { "\"char\"".to_owned() } else { token.text.clone() };
            Ok(Ident::new(text, token.origin))
        }
        _ => name(cursor),
    }
}

fn refuse_capitals(cursor: &Cursor, text: &str) -> Parse<()> {
    let lower = text.to_ascii_lowercase();
    if text.contains(char::is_lowercase) || !BUILTIN.contains(&lower.as_str()) {
        return Ok(());
    }
    Err(cursor
        .mistake(format!("no type `{text}`: types are lower case"))
        .help(format!("write `{lower}`")))
}

/// Refuses the names of more than one word, which all have a shorter one.
fn long_name(cursor: &Cursor, ty: &Type) -> Parse<()> {
    let zone = |with: &str| cursor.are_words(&[with, "time", "zone"]);
    let (long, short) = match ty.name.as_str() {
        "timestamp" if zone("with") => ("timestamp with time zone", "timestamptz"),
        "timestamp" if zone("without") => ("timestamp without time zone", "timestamp"),
        "time" if zone("with") => ("time with time zone", "timetz"),
        "time" if zone("without") => ("time without time zone", "time"),
        "character" | "char" if cursor.is_word("varying") => ("character varying", "varchar"),
        "bit" if cursor.is_word("varying") => ("bit varying", "varbit"),
        "interval" if is_interval_field(cursor) => {
            return Err(cursor
                .mistake("an interval with fields is written in SQL")
                .help("write `interval`, or the statement as `sql \"…\"`"));
        }
        _ => return Ok(()),
    };
    let mut modifiers = ty.modifiers.clone();
    let mut after = *cursor;
    after.skip(1);
    if let Some(inner) = after.eat_group(Delimiter::Parenthesis) {
        modifiers = list(inner, modifier)?;
    }
    let short = match modifiers.is_empty() {
        true => short.to_owned(),
        false => format!("{short}({})", modifiers.join(", ")),
    };
    Err(cursor.mistake(format!("`{long}` has a shorter name")).help(format!("write `{short}`")))
}

fn is_interval_field(cursor: &Cursor) -> bool {
    ["year", "month", "day", "hour", "minute", "second"].iter().any(|field| cursor.is_word(field))
}

fn modifier(cursor: &mut Cursor) -> Parse<String> {
    if is_name(cursor) {
        let name = name(cursor)?;
        let plain = is_identifier(name.as_str());
        return Ok(if plain { name.to_string() } else { name.sql() });
    }
    whole_number(cursor).map(|(number, _)| number.to_string())
}
