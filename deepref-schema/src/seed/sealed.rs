//! The statements of rows whose texts are encrypted.

use super::{Seed, SeedKey, SeedRow, Seeding};
use crate::Error;

/// What encrypts the texts of seeds.
#[cfg_attr(not(feature = "encryption"), allow(dead_code, reason = "nothing is encrypted"))]
pub(crate) struct Sealer<'a> {
    key: Option<&'a SeedKey>,
    reencrypt: bool,
}

impl<'a> Sealer<'a> {
    /// What these seeds need.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] where one of them holds a text to encrypt, and
    /// there is no key.
    pub(crate) fn of(seeds: &[&Seed], seeding: &'a Seeding) -> Result<Sealer<'a>, Error> {
        let key = seeding.key.as_ref();
        let encrypts = seeds.iter().any(|seed| seed.encrypts());
        if encrypts && cfg!(not(feature = "encryption")) {
            return Err(without_feature());
        }
        if encrypts && key.is_none() {
            return Err(SeedKey::missing());
        }
        Ok(Sealer { key, reencrypt: seeding.reencrypt })
    }

    /// The statement of a row. `found` is the answer to its `look`: the texts
    /// of the key, then what is stored in each encrypted column.
    #[cfg(feature = "encryption")]
    pub(crate) fn statement(
        &self,
        row: &SeedRow,
        found: &[Option<String>],
    ) -> Result<String, Error> {
        use super::encryption::Place;

        let secret = self.key.ok_or_else(SeedKey::missing)?;
        let (key, stored) = found.split_at(found.len().saturating_sub(row.encrypted.len()));
        let key: Vec<&str> = key.iter().map(|text| text.as_deref().unwrap_or_default()).collect();
        let mut sql = String::new();
        for (number, part) in row.sql.iter().enumerate() {
            sql.push_str(part);
            let Some(plain) = row.encrypted.get(number) else { continue };
            let place = Place { table: row.table, column: plain.column, key: &key };
            let stored = stored.get(number).and_then(Option::as_deref);
            let text = self.text(secret, &place, plain.text, stored)?;
            sql.push_str(&deepref_schema_core::ident::literal(&text));
        }
        Ok(sql)
    }

    /// The stored text where it says the same, so that nothing changes: each
    /// encryption would give another one.
    #[cfg(feature = "encryption")]
    fn text(
        &self,
        key: &SeedKey,
        place: &super::encryption::Place<'_>,
        text: &str,
        stored: Option<&str>,
    ) -> Result<String, Error> {
        let Some(stored) = stored else { return key.encrypt(place, text) };
        match key.open(place, stored) {
            Ok(before) if before == text => Ok(stored.to_string()),
            Err(why) if !self.reencrypt => Err(why.at(place)),
            Ok(_) | Err(_) => key.encrypt(place, text),
        }
    }

    /// Without the feature there is nothing to encrypt with.
    #[cfg(not(feature = "encryption"))]
    pub(crate) fn statement(&self, _: &SeedRow, _: &[Option<String>]) -> Result<String, Error> {
        Err(without_feature())
    }
}

fn without_feature() -> Error {
    Error::Usage {
        problem: "seeds hold texts that are stored encrypted, and this program was built without the feature `encryption`".into(),
        help: "nothing was seeded; add the feature to `deepref-schema` in Cargo.toml".into(),
    }
}
