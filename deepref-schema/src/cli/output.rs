//! Writing to the terminal: safe against closed pipes and control characters.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use crate::Error;

/// Writes a line. A reader that went away is no error: the work goes on.
pub(super) fn line(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Writes a line to standard error.
pub(super) fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes an error. Its text can hold what the server said.
pub(super) fn error(error: &Error) {
    let label = if use_colour(&io::stderr()) { "\x1b[1;31merror\x1b[0m" } else { "error" };
    note(format_args!("{label}: {}", escape(&error.to_string())));
}

/// Text in green, on a terminal.
pub(super) fn green(text: &str) -> String {
    paint(text, "32")
}

/// Text in yellow, on a terminal.
pub(super) fn yellow(text: &str) -> String {
    paint(text, "33")
}

/// Faint text, on a terminal.
pub(super) fn faint(text: &str) -> String {
    paint(text, "2")
}

fn paint(text: &str, code: &str) -> String {
    if use_colour(&io::stdout()) { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
}

fn use_colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Shows control characters instead of sending them to the terminal.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        // the marks that reverse the direction of text can hide text, too
        let hides = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if hides || (character.is_control() && character != '\n' && character != '\t') {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// A duration as people say it.
pub(super) fn duration(duration: Duration) -> String {
    match duration.as_millis() {
        milliseconds @ 0..=999 => format!("{milliseconds} ms"),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

/// Asks, and gives the answer; `None` where nobody can answer.
pub(super) fn ask(question: &str) -> Option<String> {
    if !io::stdin().is_terminal() {
        return None;
    }
    let _ = write!(io::stderr(), "{question} ");
    let _ = io::stderr().flush();
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).ok()?;
    Some(answer.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_moves_the_cursor() {
        assert_eq!(escape("a\x1b[2J\n\tb\r\u{202e}é"), "a\\u{1b}[2J\n\tb\\u{d}\\u{202e}é");
    }

    #[test]
    fn says_durations() {
        assert_eq!(duration(Duration::from_millis(12)), "12 ms");
        assert_eq!(duration(Duration::from_millis(1234)), "1.2 s");
    }
}
