//! JSON (RFC 8259; manual chapter "JSON Types").

/// Why a text is no JSON. `jsonb` can not hold the character zero.
pub(super) fn why_no_json(text: &str, binary: bool) -> Option<String> {
    let mut reader = Reader { rest: text, binary, depth: 0, too_deep: false };
    let sound = reader.value() && reader.skip_space().is_empty() || reader.too_deep;
    (!sound).then(|| {
        let at = text[..text.len() - reader.rest.len()].chars().count() + 1;
        match reader.rest.chars().next() {
            Some(char) => {
                format!("it is no JSON: `{char}` at character {at} does not belong there")
            }
            None => "it is no JSON: it ends too early".to_owned(),
        }
    })
}

/// Deeper values are left to the server.
const DEEPEST: usize = 200;

/// Each method goes on over what it reads, and is false where something else
/// stands.
struct Reader<'a> {
    rest: &'a str,
    binary: bool,
    depth: usize,
    too_deep: bool,
}

impl<'a> Reader<'a> {
    fn skip_space(&mut self) -> &'a str {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.rest
    }

    fn eat(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> bool {
        if self.depth > DEEPEST {
            self.too_deep = true;
            return false;
        }
        self.depth += 1;
        let sound = match self.skip_space().bytes().next() {
            Some(b'{') => self.list('}', |reader| {
                reader.skip_space();
                reader.string() && {
                    reader.skip_space();
                    reader.eat(":") && reader.value()
                }
            }),
            Some(b'[') => self.list(']', Self::value),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.eat("true") || self.eat("false") || self.eat("null"),
        };
        self.depth -= 1;
        sound
    }

    /// A list in brackets; the opening one is next.
    fn list(&mut self, end: char, mut item: impl FnMut(&mut Self) -> bool) -> bool {
        self.rest = &self.rest[1..];
        let end = end.to_string();
        self.skip_space();
        if self.eat(&end) {
            return true;
        }
        loop {
            if !item(self) {
                return false;
            }
            self.skip_space();
            if self.eat(&end) {
                return true;
            }
            if !self.eat(",") {
                return false;
            }
        }
    }

    fn string(&mut self) -> bool {
        if !self.eat("\"") {
            return false;
        }
        loop {
            let Some(at) = self.rest.find(|c: char| c == '"' || c == '\\' || c < ' ') else {
                self.rest = "";
                return false;
            };
            self.rest = &self.rest[at..];
            if self.eat("\"") {
                return true;
            }
            if !self.eat("\\") || !self.escape() {
                return false;
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> bool {
        if self.eat("u") {
            let Some((digits, rest)) = self.rest.split_at_checked(4) else { return false };
            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !is_hex || (self.binary && digits == "0000") {
                return false;
            }
            self.rest = rest;
            return true;
        }
        let known = self.rest.starts_with(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']);
        if known {
            self.rest = &self.rest[1..];
        }
        known
    }

    fn digits(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let some = rest.len() < self.rest.len();
        self.rest = rest;
        some
    }

    fn number(&mut self) -> bool {
        self.eat("-");
        if !self.eat("0") && !self.digits() {
            return false;
        }
        if self.eat(".") && !self.digits() {
            return false;
        }
        if self.eat("e") || self.eat("E") {
            let _ = self.eat("+") || self.eat("-");
            return self.digits();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json() {
        for text in
            ["{}", " [1, -2.5e+3, \"a\\u00e9\\n\", null] ", "\"\"", "{\"a\": {\"b\": []}}", "0"]
        {
            assert_eq!(why_no_json(text, true), None, "{text}");
        }
        assert_eq!(why_no_json("\"\\u0000\"", false), None);
        for text in [
            "",
            "{",
            "[1,]",
            "{a: 1}",
            "{'a': 1}",
            "01",
            "1.",
            "\"\\x\"",
            "[1] 2",
            "nul",
            "\"\\u0000\"",
        ] {
            assert!(why_no_json(text, true).is_some(), "{text}");
        }
        assert_eq!(
            why_no_json("{a: 1}", false).as_deref(),
            Some("it is no JSON: `a` at character 2 does not belong there")
        );
        let deep = "[".repeat(10_000);
        assert_eq!(why_no_json(&deep, true), None);
    }
}
