//! The key that seeds are encrypted with.

use std::fmt;

use crate::Error;
use crate::config::{invalid, variable};

/// The variable that holds the key.
const VARIABLE: &str = "DEEPREF_SEED_KEY";

/// A key of 32 bytes. Neither `Debug` nor any error shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct SeedKey(
    #[cfg_attr(not(feature = "encryption"), allow(dead_code, reason = "nothing is encrypted"))]
    pub(super) [u8; 32],
);

impl SeedKey {
    /// Takes the bytes of a key.
    pub fn new(bytes: [u8; 32]) -> SeedKey {
        SeedKey(bytes)
    }

    /// Reads the key from `DEEPREF_SEED_KEY`, in the environment or in `.env`:
    /// 64 hexadecimal digits, as `openssl rand -hex 32` gives them.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] where it is not set, or anything else.
    pub fn from_env() -> Result<SeedKey, Error> {
        SeedKey::from_env_if_set()?.ok_or_else(SeedKey::missing)
    }

    /// The same; `None` where the variable is not set.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] where it is anything else than a key.
    pub fn from_env_if_set() -> Result<Option<SeedKey>, Error> {
        variable(VARIABLE)?.map(|text| SeedKey::from_hex(&text)).transpose()
    }

    /// Reads a key of 64 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] where the text is anything else.
    pub fn from_hex(text: &str) -> Result<SeedKey, Error> {
        let text = text.trim();
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(invalid(
                VARIABLE,
                "holds something else than hexadecimal digits; `openssl rand -hex 32` makes a key",
            ));
        }
        let bytes = from_hex(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(SeedKey).ok_or_else(|| {
            let problem = format!(
                "has {} hexadecimal digits, a key has 64: 32 bytes; `openssl rand -hex 32` makes one",
                text.len()
            );
            invalid(VARIABLE, &problem)
        })
    }

    pub(crate) fn missing() -> Error {
        invalid(
            VARIABLE,
            "is not set, and seeds hold texts that are stored encrypted: set it to 64 hexadecimal digits, as `openssl rand -hex 32` gives them",
        )
    }
}

impl fmt::Debug for SeedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(key)")
    }
}

/// Bytes from an even number of hexadecimal digits.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| {
            let pair = <[u8; 2]>::try_from(pair).ok()?;
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_digits_and_shows_itself_nowhere() {
        let text = "00112233445566778899aabbccddeeffFFEEDDCCBBAA99887766554433221100";
        let key = SeedKey::from_hex(text).expect("a key");
        assert_eq!((key.0[1], key.0[16], key.0[31]), (0x11, 0xff, 0x00));
        assert_eq!(format!("{key:?} {key:#?}"), "(key) (key)");
        for (wrong, why) in [
            ("", "has 0 hexadecimal digits"),
            ("canary", "something else than hexadecimal digits"),
            (&text[..62], "has 62 hexadecimal digits"),
            (&text[..63], "has 63 hexadecimal digits"),
            (&text.repeat(2), "has 128 hexadecimal digits"),
            (&text.replace('0', "é"), "something else than hexadecimal digits"),
        ] {
            let error = SeedKey::from_hex(wrong).expect_err(wrong).to_string();
            assert!(error.contains(why), "{error}");
            assert!(error.starts_with("DEEPREF_SEED_KEY ") && !error.contains("canary"), "{error}");
            assert!(!error.contains("00112233"), "{error}");
        }
    }
}
