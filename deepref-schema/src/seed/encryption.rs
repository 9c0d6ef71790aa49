//! Texts that are stored encrypted.
//!
//! A stored text is `v1:` and hexadecimal digits: a nonce of 12 bytes, the
//! text under AES-256-GCM (NIST SP 800-38D), and its tag of 16 bytes. The table,
//! the column and the key of the row are authenticated with it, so that a text
//! that is moved to another place is not read there.

use deepref_schema_core::checksum::hex;
use deepref_schema_core::packed::Packer;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use super::SeedKey;
use super::key::from_hex;
use crate::Error;

/// What every stored text begins with.
const FORMAT: &str = "v1:";

/// Where a text is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table, as the seed writes it: `ai_prompts`, `app.orders`.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The values of the columns in `by (…)`, in that order, as PostgreSQL
    /// writes them.
    pub key: &'a [&'a str],
}

/// Why a stored text can not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is not of the format.
    Format,
    /// It was encrypted with another key, moved or damaged.
    Key,
}

impl SeedKey {
    /// The text that a seed declared, from what is stored.
    ///
    /// # Errors
    ///
    /// [`Error::Encryption`] where it is not encrypted, was encrypted with
    /// another key, or belongs to another place.
    pub fn decrypt(&self, place: &Place<'_>, stored: &str) -> Result<String, Error> {
        self.open(place, stored).map_err(|why| why.at(place))
    }

    pub(super) fn open(&self, place: &Place<'_>, stored: &str) -> Result<String, Unreadable> {
        let bytes = stored.strip_prefix(FORMAT).and_then(from_hex).ok_or(Unreadable::Format)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or(Unreadable::Format)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unreadable::Format)?;
        let mut sealed = sealed.to_vec();
        let opened = self.cipher()?.open_in_place(nonce, place.bound(), &mut sealed);
        let text = opened.map_err(|_| Unreadable::Key)?;
        String::from_utf8(text.to_vec()).map_err(|_| Unreadable::Key)
    }

    /// A text as it is stored; another one each time.
    ///
    /// # Errors
    ///
    /// [`Error::Encryption`] where the system gives no random bytes.
    pub fn encrypt(&self, place: &Place<'_>, text: &str) -> Result<String, Error> {
        let mut nonce = [0; NONCE_LEN];
        let no_random = |_| place.error("the system gives no random bytes", "");
        SystemRandom::new().fill(&mut nonce).map_err(no_random)?;
        let mut sealed = text.as_bytes().to_vec();
        let cipher = self.cipher().map_err(|why| why.at(place))?;
        let unique = Nonce::assume_unique_for_key(nonce);
        cipher
            .seal_in_place_append_tag(unique, place.bound(), &mut sealed)
            .map_err(|_| place.error("the text is too long to be encrypted", ""))?;
        Ok(format!("{FORMAT}{}{}", hex(&nonce), hex(&sealed)))
    }

    fn cipher(&self) -> Result<LessSafeKey, Unreadable> {
        let key = UnboundKey::new(&AES_256_GCM, &self.0).map_err(|_| Unreadable::Key)?;
        Ok(LessSafeKey::new(key))
    }
}

impl Place<'_> {
    /// What is authenticated with the text: each part with its length, so that
    /// no two places give the same.
    fn bound(&self) -> Aad<String> {
        let mut packer = Packer::default();
        packer.text(self.table);
        packer.text(self.column);
        packer.list(self.key, |packer, value| packer.text(value));
        Aad::from(packer.finish())
    }

    fn error(&self, problem: &str, help: &str) -> Error {
        Error::Encryption {
            place: format!("{}.{} of `{}`", self.table, self.column, self.key.join("`, `")),
            problem: problem.into(),
            help: help.into(),
        }
    }
}

impl Unreadable {
    pub(super) fn at(self, place: &Place<'_>) -> Error {
        let problem = match self {
            Unreadable::Format => "what is stored is not encrypted by a seed",
            Unreadable::Key => {
                "what is stored was encrypted with another key, moved from another row, or damaged"
            }
        };
        place.error(problem, "set DEEPREF_SEED_KEY to the key of this database; `cargo migrate seed --reencrypt` writes the declared text over it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place { table: "prompts", column: "text", key: &["coach", "1"] };

    fn key() -> SeedKey {
        SeedKey::new(std::array::from_fn(|at| at as u8))
    }

    #[test]
    fn what_was_encrypted_is_read_again_at_its_place_alone() {
        for text in ["", "Be kind.", "é\n\u{1f600}", &"long ".repeat(10_000)] {
            let stored = key().encrypt(&PLACE, text).expect("encrypted");
            assert_eq!(key().decrypt(&PLACE, &stored).expect("decrypted"), text);
            assert_eq!(stored.len(), 3 + 2 * (12 + text.len() + 16));
            assert!(text.is_empty() || !stored.contains(text));
            assert_ne!(key().encrypt(&PLACE, text).expect("encrypted"), stored);
            for place in [
                Place { table: "other", ..PLACE },
                Place { column: "other", ..PLACE },
                Place { key: &["coach", "2"], ..PLACE },
                Place { key: &["coach"], ..PLACE },
                Place { key: &["coach1", ""], ..PLACE },
            ] {
                assert_eq!(key().open(&place, &stored), Err(Unreadable::Key), "{place:?}");
            }
            assert_eq!(SeedKey::new([7; 32]).open(&PLACE, &stored), Err(Unreadable::Key));
        }
    }

    #[test]
    fn what_is_damaged_is_not_read() {
        let stored = key().encrypt(&PLACE, "Be kind.").expect("encrypted");
        for at in 3..stored.len() {
            let mut damaged = stored.clone().into_bytes();
            damaged[at] = if damaged[at] == b'0' { b'1' } else { b'0' };
            let damaged = String::from_utf8(damaged).expect("text");
            assert_eq!(key().open(&PLACE, &damaged), Err(Unreadable::Key), "{at}");
        }
        for other in ["", "Be kind.", "v1:", "v1:0", "v1:xyz", "v1:00", "v2:00"] {
            assert_eq!(key().open(&PLACE, other), Err(Unreadable::Format), "{other}");
        }
        assert_eq!(key().open(&PLACE, &stored[..33]), Err(Unreadable::Key));
    }

    /// Made by another implementation (OpenSSL's, by Python's `cryptography`).
    #[test]
    fn the_format_never_changes() {
        let stored = "v1:000102030405060708090a0b0567f670ac8ba63574dc1bcf43af5a267179eaa585f43cf1";
        assert_eq!(key().decrypt(&PLACE, stored).expect("decrypted"), "Be kind.");
    }

    #[test]
    fn an_error_names_the_place_and_shows_no_text() {
        let error = key().decrypt(&PLACE, "canary").expect_err("no format").to_string();
        assert!(error.starts_with("prompts.text of `coach`, `1`: "), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
}
