//! Values as one text: what the macros emit for a migration and the runner
//! reads again.
//!
//! A thousand migrations as Rust values would be a few hundred thousand tokens
//! for the compiler to read, type and keep; as one string each they cost
//! nothing. A number is its digits and a newline; a text is its length in
//! bytes, a colon, itself, and a newline; a list is its length and its items.

/// Writes values one after the other.
#[derive(Clone, Debug, Default)]
pub struct Packer {
    text: String,
}

impl Packer {
    /// A number.
    pub fn number(&mut self, number: i64) {
        self.text.push_str(&number.to_string());
        self.text.push('\n');
    }

    /// A text, whatever is in it.
    pub fn text(&mut self, text: &str) {
        self.text.push_str(&text.len().to_string());
        self.text.push(':');
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A list, each item written by `write`.
    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.text.push_str(&items.len().to_string());
        self.text.push('\n');
        for item in items {
            write(self, item);
        }
    }

    /// A value that may be missing: a list of one or none.
    pub fn option<T>(&mut self, value: Option<T>, mut write: impl FnMut(&mut Self, &T)) {
        self.list(value.as_slice(), |packer, value| write(packer, value));
    }

    /// All that was written.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Reads what a [`Packer`] wrote. Each method is `None` where something else
/// stands.
#[derive(Clone, Debug)]
pub struct Unpacker<'a> {
    rest: &'a str,
}

impl<'a> Unpacker<'a> {
    /// Reads from the start of a text.
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// A number.
    pub fn number(&mut self) -> Option<i64> {
        let (digits, rest) = self.rest.split_once('\n')?;
        self.rest = rest;
        digits.parse().ok()
    }

    /// A text.
    pub fn text(&mut self) -> Option<&'a str> {
        let (length, rest) = self.rest.split_once(':')?;
        let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
        self.rest = rest.strip_prefix('\n')?;
        Some(text)
    }

    /// A list, each item read by `read`.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.number()?).map(|_| read(self)).collect()
    }

    /// A value that may be missing.
    pub fn option<T>(&mut self, read: impl FnMut(&mut Self) -> Option<T>) -> Option<Option<T>> {
        Some(self.list(read)?.pop())
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked() {
        let texts = ["", "a", "1:2\n3", "é\n\n:"];
        let mut packer = Packer::default();
        packer.number(-5);
        packer.list(&texts, |packer, text| packer.text(text));
        packer.option(None::<&str>, |packer, text| packer.text(text));
        packer.option(Some("x"), |packer, text| packer.text(text));
        let packed = packer.finish();
        let mut unpacker = Unpacker::new(&packed);
        assert_eq!(unpacker.number(), Some(-5));
        assert_eq!(unpacker.list(Unpacker::text), Some(texts.to_vec()));
        assert_eq!(unpacker.option(Unpacker::text), Some(None));
        assert_eq!(unpacker.option(Unpacker::text), Some(Some("x")));
        assert!(unpacker.is_at_end());
    }

    #[test]
    fn what_is_cut_off_is_not_read() {
        let mut packer = Packer::default();
        packer.list(&["one", "two"], |packer, text| packer.text(text));
        let packed = packer.finish();
        for end in 0..packed.len() {
            assert_eq!(Unpacker::new(&packed[..end]).list(Unpacker::text), None, "{end}");
        }
    }
}
