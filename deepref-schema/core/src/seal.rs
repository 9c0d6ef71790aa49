//! `history.lock`: the seal on released migrations.
//!
//! The file holds one line per sealed migration, in order. Each line's hash
//! covers the line before it, so that a migration can not be edited, removed
//! or moved without breaking the chain from there on.

use crate::checksum::{hex, sha256};

/// The version of the way hashes are made; part of each line.
const FORMAT: &str = "v1";

/// The text above the lines of a new lock file.
pub const HEADER: &str = "\
# Released migrations. Each line seals a migration and all before it: an edit
# of a sealed migration does not compile. Lines are appended by `cargo migrate
# seal`; only `cargo migrate squash` changes them.
";

/// One line of the lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The stem of the migration's file.
    pub file: String,
    /// The chained hash.
    pub hash: [u8; 32],
}

/// The chained hash of a migration after the one with the hash `before`
/// (zeros for the first).
pub fn chain(before: &[u8; 32], checksum: &[u8; 32], version: i64, name: &str) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(72 + name.len());
    bytes.extend_from_slice(before);
    bytes.extend_from_slice(checksum);
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes.extend_from_slice(name.as_bytes());
    sha256(&bytes)
}

impl Seal {
    /// The line in the lock file, without its newline.
    pub fn line(&self) -> String {
        format!("{} {FORMAT}:{}", self.file, hex(&self.hash))
    }
}

/// Reads a lock file.
///
/// # Errors
///
/// The number of the first line, from 1, that is no seal, and why.
pub fn parse(text: &str) -> Result<Vec<Seal>, (usize, String)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| parse_line(line).map_err(|why| (number, why)))
        .collect()
}

fn parse_line(line: &str) -> Result<Seal, String> {
    let (file, sealed) =
        line.split_once(' ').ok_or_else(|| "expected `<file> v1:<hash>`".to_owned())?;
    let (format, digits) =
        sealed.trim().split_once(':').ok_or_else(|| "expected `v1:<hash>`".to_owned())?;
    if format != FORMAT {
        return Err(format!("`{format}` is a format that this version does not know"));
    }
    let hash = unhex(digits).ok_or_else(|| "the hash is not 64 hexadecimal digits".to_owned())?;
    Ok(Seal { file: file.to_owned(), hash })
}

/// The bytes of 64 hexadecimal digits.
pub fn unhex(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let seal = Seal { file: "m1_a".into(), hash: chain(&[0; 32], &[7; 32], 1, "A") };
        let text = format!("{HEADER}{}\n", seal.line());
        assert_eq!(parse(&text), Ok(vec![seal]));
    }

    #[test]
    fn every_part_is_sealed() {
        let sealed = chain(&[0; 32], &[7; 32], 1, "A");
        assert_ne!(sealed, chain(&[1; 32], &[7; 32], 1, "A"));
        assert_ne!(sealed, chain(&[0; 32], &[8; 32], 1, "A"));
        assert_ne!(sealed, chain(&[0; 32], &[7; 32], 2, "A"));
        assert_ne!(sealed, chain(&[0; 32], &[7; 32], 1, "B"));
    }

    #[test]
    fn damage_is_an_error_with_its_line() {
        for (text, line) in [
            ("# x\nm1_a", 2),
            ("m1_a v2:00", 1),
            ("m1_a v1:00", 1),
            ("\nm1_a v1:zz3a4985d9c1a53cb7e9ba6b6fcb6ef0f8d1b0a6f3bd0b7dbb6a9ba7f0b5a4c1", 2),
        ] {
            assert_eq!(parse(text).expect_err(text).0, line);
        }
    }
}
