//! Rust's literals, from their text.

use crate::token::Kind;

/// What a literal is, and its text: the value of a string, else as written.
pub(crate) fn classify(written: &str) -> (Kind, String) {
    match written.as_bytes().first() {
        Some(b'"' | b'r') => string(written),
        Some(b'0'..=b'9') => (Kind::Number, written.to_owned()),
        Some(b'\'') if !is_one_character(written) => (Kind::Reported, written.to_owned()),
        _ => (Kind::OtherLiteral, written.to_owned()),
    }
}

fn string(written: &str) -> (Kind, String) {
    let raw = written.strip_prefix('r');
    let hashes = raw.map_or(0, |rest| rest.bytes().take_while(|&byte| byte == b'#').count());
    let body = &written[raw.map_or(0, |_| 1) + hashes..];
    let end = format!("\"{}", "#".repeat(hashes));
    let closed = body.strip_prefix('"').and_then(|body| body.rsplit_once(end.as_str()));
    match closed {
        Some((body, "")) if raw.is_some() => (Kind::Str, body.to_owned()),
        Some((body, "")) => match unescape(body) {
            Some(value) => (Kind::Str, value),
            None => (Kind::Reported, written.to_owned()),
        },
        Some(_) => (Kind::OtherLiteral, written.to_owned()),
        None => (Kind::Reported, written.to_owned()),
    }
}

/// Whether a literal in single quotes holds one character: Rust's lexer has
/// reported all others.
fn is_one_character(written: &str) -> bool {
    let body = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let value = body.and_then(unescape);
    value.is_some_and(|value| value.chars().count() == 1)
}

/// The value of a string's body. `None` where an escape is not one of Rust's.
fn unescape(body: &str) -> Option<String> {
    if !body.contains('\\') {
        return Some(body.to_owned());
    }
    let mut value = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        let (char, after) = escape(&rest[at + 1..])?;
        value.extend(char);
        rest = after;
    }
    value.push_str(rest);
    Some(value)
}

/// The character of an escape, none for the end of a line, and what follows.
fn escape(rest: &str) -> Option<(Option<char>, &str)> {
    let first = rest.chars().next()?;
    let after = &rest[first.len_utf8()..];
    let char = match first {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        '\\' | '\'' | '"' => first,
        'x' => return Some((Some(code(after.get(..2)?)?), &after[2..])),
        'u' => {
            let (digits, after) = after.strip_prefix('{')?.split_once('}')?;
            return Some((Some(code(&digits.replace('_', ""))?), after));
        }
        '\n' => return Some((None, after.trim_start_matches([' ', '\t', '\n', '\r']))),
        _ => return None,
    };
    Some((Some(char), after))
}

fn code(digits: &str) -> Option<char> {
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, value: &str) {
        let (kind, text) = classify(written);
        assert!(matches!(kind, Kind::Str), "{written}");
        assert_eq!(text, value, "{written}");
    }

    #[test]
    fn the_value_of_a_string() {
        check(r#""a\n\t\\\"\x41\u{e9}\u{1_F600}\0""#, "a\n\t\\\"A\u{e9}\u{1F600}\0");
        check("\"a\\\n   b\"", "ab");
        check(r####"r##"a"#\n"##"####, "a\"#\\n");
        check("r\"\"", "");
    }

    #[test]
    fn what_rust_reports_and_what_it_does_not() {
        for reported in [r"'pending'", r#""\q""#, r#""\u{110000}""#, r#""open"#, "''"] {
            assert!(matches!(classify(reported).0, Kind::Reported), "{reported}");
        }
        for other in ["'x'", r"'\n'", "'\u{e9}'", "b\"x\"", "br#\"x\"#", "c\"x\"", "\"x\"km"] {
            assert!(matches!(classify(other).0, Kind::OtherLiteral), "{other}");
        }
    }
}
