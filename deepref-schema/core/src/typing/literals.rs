//! Whether a string can be read as a value of a type.
//!
//! Only what every server refuses, and what hangs on its settings, is
//! reported; the tests ask servers of every version.

mod dates;
mod json;

use crate::catalogue::text_search;
use crate::ident::{Ident, ObjectName};
use crate::known;
use crate::schema::Schema;
use crate::types::Type;

/// Why a string can not be read as a value of a type; `None` where it can, or
/// where the model does not know.
pub fn why_no_value(text: &str, ty: &Type, schema: &Schema) -> Option<String> {
    if ty.array {
        let sound = text.trim_start().starts_with(['{', '[']) && text.trim_end().ends_with('}');
        if !sound {
            return Some("an array is written as `{…}` inside of the string".to_owned());
        }
        let elements = crate::schema::array_elements(text).unwrap_or_default();
        let ty = Type { modifiers: Vec::new(), ..ty.element() };
        return elements.iter().find_map(|element| why_no_value(element, &ty, schema));
    }
    match &ty.schema {
        Some(home) => {
            let name = ObjectName::qualified(home.clone(), ty.name.clone());
            no_enum_value(text, &schema.enums.get(&name)?.values)
        }
        None => no_builtin_value(text, ty),
    }
}

/// Whether [`why_no_value`] can tell of every string.
pub(crate) fn judges(ty: &Type, schema: &Schema) -> bool {
    let known = [
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "boolean",
        "uuid",
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ];
    let named = ty.schema.is_none() && known.contains(&ty.name.as_str());
    named || known::is_string(&ty.element()) || schema.is_enum(ty)
}

fn no_enum_value(text: &str, values: &[Ident]) -> Option<String> {
    if values.iter().any(|value| *value == *text) {
        return None;
    }
    let help = crate::suggest::help(text, values.iter().map(Ident::as_str)).unwrap_or_default();
    Some(format!("the enum has no such value; {help}"))
}

fn no_builtin_value(text: &str, ty: &Type) -> Option<String> {
    let trimmed = text.trim();
    let sound = match ty.name.as_str() {
        "smallint" => trimmed.parse::<i16>().is_ok(),
        "integer" => trimmed.parse::<i32>().is_ok(),
        "bigint" => trimmed.parse::<i64>().is_ok(),
        "oid" => trimmed.parse::<i64>().is_ok(),
        "numeric" | "real" | "double precision" => is_number(trimmed),
        "money" => trimmed.is_empty() || trimmed.bytes().any(|byte| byte.is_ascii_digit()),
        "boolean" => is_boolean(trimmed),
        "uuid" => is_uuid(trimmed),
        "json" => return json::why_no_json(text, false),
        "jsonb" => return json::why_no_json(text, true),
        "bytea" => is_bytea(text),
        "bit" | "bit varying" => return no_bits(text, ty),
        "inet" => is_inet(trimmed),
        "macaddr" => hex_digits(trimmed) == Some(12),
        "macaddr8" => matches!(hex_digits(trimmed), Some(12 | 16)),
        "point" => numbers(trimmed) == Some(2),
        "lseg" | "box" => numbers(trimmed) == Some(4),
        "circle" => numbers(trimmed) == Some(3),
        "path" | "polygon" => numbers(trimmed).is_some_and(|count| count > 0 && count % 2 == 0),
        "xml" => {
            !text.rsplit('<').next().is_some_and(|end| text.contains('<') && !end.contains('>'))
        }
        "character varying" | "character" => return too_long(text, ty),
        "date" | "timestamp without time zone" | "timestamp with time zone" => {
            return dates::why_no_date(trimmed);
        }
        "time without time zone" | "time with time zone" => return dates::why_no_time(trimmed),
        "interval" => dates::is_interval(trimmed),
        "regconfig" => return no_configuration(text),
        name => match range_element(name) {
            Some(element) => return no_range(trimmed, element),
            None => true,
        },
    };
    (!sound).then(|| format!("it is no value of {}", ty.language()))
}

fn no_configuration(text: &str) -> Option<String> {
    let name = text.strip_prefix("pg_catalog.").unwrap_or(text).to_lowercase();
    if name.contains(['.', '"']) || text_search::configuration_exists(&name) {
        return None;
    }
    let help = crate::suggest::help(&name, text_search::configurations()).unwrap_or_default();
    Some(format!("there is no such configuration of the text search; {help}"))
}

fn is_number(text: &str) -> bool {
    let word = text.trim_start_matches(['-', '+']).to_lowercase();
    text.parse::<f64>().is_ok() || matches!(word.as_str(), "nan" | "infinity" | "inf")
}

fn is_boolean(text: &str) -> bool {
    let word = text.to_lowercase();
    let prefix = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    prefix("true", 1)
        || prefix("false", 1)
        || prefix("yes", 1)
        || prefix("no", 1)
        || prefix("on", 2)
        || prefix("off", 2)
        || word == "1"
        || word == "0"
}

fn is_uuid(text: &str) -> bool {
    let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
    let digits: Vec<_> = inner.chars().filter(|c| *c != '-').collect();
    digits.len() == 32 && digits.iter().all(char::is_ascii_hexdigit)
}

fn too_long(text: &str, ty: &Type) -> Option<String> {
    let most: usize = ty.modifiers.first()?.parse().ok()?;
    let length = text.trim_end_matches(' ').chars().count();
    (length > most).then(|| format!("it has {length} characters, the column holds {most}"))
}

/// Hexadecimal digits after `\x`, or text with `\\` and octal `\000` (manual
/// chapter "Binary Data Types").
fn is_bytea(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("\\x") {
        let digits: Vec<_> = digits.chars().filter(|c| !c.is_whitespace()).collect();
        return digits.len() % 2 == 0 && digits.iter().all(char::is_ascii_hexdigit);
    }
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('\\') {
        let octal = |digits: &[u8]| {
            digits[0] <= b'3' && digits.iter().all(|digit| (b'0'..=b'7').contains(digit))
        };
        rest = match after.as_bytes() {
            [b'\\', ..] => &after[1..],
            [a, b, c, ..] if octal(&[*a, *b, *c]) => &after[3..],
            _ => return false,
        };
    }
    true
}

/// Bits, or hexadecimal digits after `x` (manual chapter "Bit String Types").
fn no_bits(text: &str, ty: &Type) -> Option<String> {
    let (length, sound) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (4 * digits.len(), digits.bytes().all(|byte| byte.is_ascii_hexdigit())),
        None => {
            let bits = text.strip_prefix(['b', 'B']).unwrap_or(text);
            (bits.len(), bits.bytes().all(|byte| matches!(byte, b'0' | b'1')))
        }
    };
    if !sound {
        return Some(format!("it is no value of {}", ty.language()));
    }
    let most: usize = ty.modifiers.first()?.parse().ok()?;
    let fits = if ty.is("bit") { length == most } else { length <= most };
    (!fits).then(|| format!("it has {length} bits, the column holds {most}"))
}

/// An address of version 4 or 6, and how many of its bits are of the network.
fn is_inet(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
    let is_v6 = address.parse::<std::net::Ipv6Addr>().is_ok();
    let octets: Vec<_> = address.split('.').collect();
    let is_v4 = octets.len() == 4 && octets.iter().all(|octet| octet.parse::<u8>().is_ok());
    let most = if is_v6 { 128 } else { 32 };
    (is_v4 || is_v6) && bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// How many hexadecimal digits a hardware address has; `None` where it has
/// anything else.
fn hex_digits(text: &str) -> Option<usize> {
    let mut count = 0;
    for char in text.chars() {
        match char {
            ':' | '-' | '.' => {}
            _ if char.is_ascii_hexdigit() => count += 1,
            _ => return None,
        }
    }
    Some(count)
}

/// How many numbers a geometric value has; `None` where it has anything else.
fn numbers(text: &str) -> Option<usize> {
    let parts = text
        .split(|c: char| matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | ',') || c.is_whitespace());
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.iter().all(|part| is_number(part)).then_some(parts.len())
}

/// The element type of a range, as this module names it.
fn range_element(name: &str) -> Option<&'static str> {
    Some(match name {
        "int4range" => "integer",
        "int8range" => "bigint",
        "numrange" => "numeric",
        "tsrange" => "timestamp without time zone",
        "tstzrange" => "timestamp with time zone",
        "daterange" => "date",
        _ => return None,
    })
}

/// `empty`, or two bounds in brackets (manual chapter "Range Types").
fn no_range(text: &str, element: &str) -> Option<String> {
    let form = || Some("a range is written as `[1,5)` inside of the string, or `empty`".to_owned());
    if text.eq_ignore_ascii_case("empty") {
        return None;
    }
    let inner = text.strip_prefix(['[', '(']).and_then(|rest| rest.strip_suffix([']', ')']));
    let Some((low, high)) = inner.and_then(|inner| inner.split_once(',')) else { return form() };
    [low, high].into_iter().find_map(|bound| {
        let bound = bound.trim().trim_matches('"');
        let unbounded = bound.is_empty();
        let why = || no_builtin_value(bound, &Type::builtin(element));
        if unbounded { None } else { why() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_types() {
        let why = |text: &str, ty: &str| why_no_value(text, &Type::builtin(ty), &Schema::empty());
        for (text, ty) in [
            ("5", "integer"),
            ("t", "boolean"),
            ("2026-01-31 10:00", "timestamp without time zone"),
            ("7c9e6679-7425-40de-944b-e07fc1f90ae7", "uuid"),
            ("1e5", "numeric"),
            ("anything", "jsonpath"),
        ] {
            assert_eq!(why(text, ty), None, "{text} {ty}");
        }
        for (text, ty) in [
            ("x", "integer"),
            ("70000", "smallint"),
            ("maybe", "boolean"),
            ("now", "timestamp with time zone"),
            ("31/01/2026", "date"),
            ("7c9e6679", "uuid"),
        ] {
            assert!(why(text, ty).is_some(), "{text} {ty}");
        }
    }
}
