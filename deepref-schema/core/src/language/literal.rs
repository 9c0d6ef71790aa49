//! Strings as Rust writes them.

use super::Text;

/// A string on one line.
pub(super) fn string(text: &str) -> Text {
    if text.contains('\0') {
        return Err("a string can not hold the character NUL".to_owned());
    }
    let raw = text.contains(['"', '\\']) && text.chars().all(is_plain);
    Ok(if raw { raw_string(text) } else { format!("{text:?}") })
}

/// A string that keeps its lines.
pub(super) fn lines(text: &str) -> Text {
    let several =
        text.contains('\n') && text.chars().all(|c| matches!(c, '\n' | '\t') || is_plain(c));
    if several { Ok(raw_string(text)) } else { string(text) }
}

/// Whether a character can stand in a raw string as it is.
fn is_plain(char: char) -> bool {
    matches!(char, '"' | '\\' | '\'') || char.escape_debug().count() == 1
}

fn raw_string(text: &str) -> String {
    if !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    let mut hashes = String::from(if text.contains('"') { "#" } else { "" });
    while text.contains(&format!("\"{hashes}")) && !hashes.is_empty() {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_in_their_plainest_form() {
        for (text, written) in [
            ("", "\"\""),
            ("it's", "\"it's\""),
            ("a\nb", "\"a\\nb\""),
            ("^\\d+$", "r\"^\\d+$\""),
            ("say \"x\"", "r#\"say \"x\"\"#"),
            ("\"#", "r##\"\"#\"##"),
            ("a\"b\tc", "\"a\\\"b\\tc\""),
            ("\u{202e}", "\"\\u{202e}\""),
        ] {
            assert_eq!(string(text).as_deref(), Ok(written));
        }
        assert_eq!(lines("a\n\"b\"").as_deref(), Ok("r#\"a\n\"b\"\"#"));
        assert_eq!(lines("a\n\tb").as_deref(), Ok("\"a\n\tb\""));
        assert!(string("\0").is_err());
    }
}
