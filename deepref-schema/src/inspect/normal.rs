//! Parentheses that PostgreSQL writes around whole expressions.

/// An expression without the parentheses around all of it.
pub(super) fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = inside(text) {
        text = inner.trim();
    }
    text
}

/// What is inside of the parentheses, where the first one is closed by the
/// last character.
pub(super) fn inside(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let (mut depth, mut quote) = (0usize, None);
    let mut before = ' ';
    for char in inner.chars() {
        match (quote, char) {
            // In `E'…'` a backslash takes the meaning of the next character.
            (Some('E'), _) if before == '\\' => {
                before = ' ';
                continue;
            }
            (Some('E'), '\'') => quote = None,
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '\'') => quote = Some(if before == 'E' { 'E' } else { '\'' }),
            (None, '"') => quote = Some('"'),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1)?,
            (None, _) => {}
        }
        before = char;
    }
    Some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_surrounds_everything_goes() {
        for (text, wanted) in [
            ("(a > 0)", "a > 0"),
            ("((a > 0))", "a > 0"),
            ("((a) > (b))", "(a) > (b)"),
            ("(a) > (b)", "(a) > (b)"),
            ("(a = ')(')", "a = ')('"),
            ("(a = ')') AND (b = '(')", "(a = ')') AND (b = '(')"),
            (r"(a = E'\')')", r"a = E'\')'"),
            (r#"("x)" = 1)"#, r#""x)" = 1"#),
            ("(a = 'it''s (')", "a = 'it''s ('"),
            ("now()", "now()"),
        ] {
            assert_eq!(unwrapped(text), wanted);
        }
    }
}
