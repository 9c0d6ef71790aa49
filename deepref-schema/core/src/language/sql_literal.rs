//! What literals of SQL stand for.

use squawk_lexer::{Base, LiteralKind};

use super::Text;

/// What stands between the quotes.
pub(super) fn inner(text: &str, prefix: usize) -> &str {
    &text[prefix..text.len() - 1]
}

/// A number in decimal.
pub(super) fn number(text: &str, kind: LiteralKind) -> Text {
    let digits = text.replace('_', "");
    let base = match kind {
        LiteralKind::Int { base, .. } => base,
        _ => Base::Decimal,
    };
    if base == Base::Decimal {
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
        let whole = digits.chars().all(plain) && !digits.ends_with(['e', 'E', '+', '-']);
        return if whole { Ok(digits) } else { Err(format!("`{text}` is no number")) };
    }
    let number = i128::from_str_radix(&digits[2..], base as u32);
    number.map(|number| number.to_string()).map_err(|_| format!("`{text}` is no number"))
}

/// The text of `E'…'` (manual chapter "Lexical Structure", section "String
/// Constants with C-Style Escapes").
pub(super) fn unescaped(text: &str) -> Text {
    let unknown = || format!("`E'{text}'` is written in SQL only");
    let mut value = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' => {
                chars.next();
                value.push('\'');
            }
            '\\' => match chars.next().ok_or_else(unknown)? {
                'b' => value.push('\u{8}'),
                'f' => value.push('\u{c}'),
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                'x' | 'u' | 'U' | '0'..='7' => return Err(unknown()),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    Ok(value)
}

/// The text of `$tag$…$tag$`.
pub(super) fn dollar_quoted(text: &str) -> String {
    let tag = text[1..].find('$').map_or(1, |at| at + 2);
    text[tag..text.len() - tag].to_owned()
}

/// The bits of `X'…'`.
pub(super) fn bits(hex: &str) -> Text {
    let digit = |c: char| c.to_digit(16).map(|digit| format!("{digit:04b}"));
    hex.chars()
        .map(digit)
        .collect::<Option<String>>()
        .ok_or_else(|| format!("`X'{hex}'` is no bits"))
}
