//! Seeds from the strings that the macros emit.

use deepref_schema_core::packed::Unpacker;
use deepref_schema_core::seed::{Environment, Head, in_order};

use super::{PlainText, Seed, SeedRow, Seeds};

/// The seeds that the macros packed; called once for a program.
///
/// # Panics
///
/// Where a text is not what the macros of this version emit. Their version is
/// pinned by this crate, and what does not compile never gets here.
pub fn unpack(packed: &[&'static str]) -> Seeds {
    let seeds = packed
        .iter()
        .map(|text| seed(&mut Unpacker::new(text)).expect("the macros of this version packed it"));
    let seeds: Vec<Seed> = seeds.collect();
    let heads: Vec<Head> = seeds.iter().map(head).collect();
    let ordered = in_order(&heads).into_iter().map(|at| seeds[at]);
    Seeds { seeds: ordered.collect::<Vec<_>>().leak() }
}

fn head(seed: &Seed) -> Head {
    Head {
        name: seed.name.to_owned(),
        environments: seed.environments.to_vec(),
        after: seed.after.iter().map(ToString::to_string).collect(),
    }
}

type Read = Unpacker<'static>;

/// In the order in which `deepref-schema-macros/src/seed.rs` writes.
fn seed(from: &mut Read) -> Option<Seed> {
    Some(Seed {
        name: from.text()?,
        text: from.text()?,
        environments: from.list(|from| Environment::of_word(from.text()?))?.leak(),
        after: from.list(Read::text)?.leak(),
        rows: from.list(row)?.leak(),
    })
}

fn row(from: &mut Read) -> Option<SeedRow> {
    Some(SeedRow {
        description: from.text()?,
        table: from.text()?,
        sql: from.list(Read::text)?.leak(),
        encrypted: from.list(plain_text)?.leak(),
        look: from.text()?,
    })
}

fn plain_text(from: &mut Read) -> Option<PlainText> {
    Some(PlainText { column: from.text()?, text: from.text()? })
}
