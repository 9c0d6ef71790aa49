//! Migrations from the strings that the macros emit.

use std::time::Duration;

use deepref_schema_core::packed::Unpacker;

use super::{
    Batches, Limits, Lock, LockMode, Loss, Migration, Replaced, Risk, RiskKind, Segment,
    SegmentKind, Step, Work,
};
use crate::Function;

/// A migration as the macros leave it: one text, and the functions that it
/// names.
#[derive(Debug, Clone, Copy)]
pub struct Packed {
    /// All but the functions.
    pub text: &'static str,
    /// The functions, by their paths.
    pub functions: &'static [Function],
}

impl From<&'static str> for Packed {
    fn from(text: &'static str) -> Self {
        Self { text, functions: &[] }
    }
}

/// The migrations that the macros packed; called once for a program's history.
///
/// # Panics
///
/// Where a text is not what the macros of this version emit. Their version is
/// pinned by this crate, and what does not compile never gets here.
pub fn unpack(packed: &[Packed]) -> &'static [&'static Migration] {
    let migrations = packed.iter().map(|packed| {
        let migration = migration(&mut Unpacker::new(packed.text), packed.functions);
        &*Box::leak(Box::new(migration.expect("the macros of this version packed it")))
    });
    migrations.collect::<Vec<_>>().leak()
}

type Read = Unpacker<'static>;

/// In the order in which `deepref-schema-macros/src/expand.rs` writes.
fn migration(from: &mut Read, functions: &[Function]) -> Option<Migration> {
    let segment = |from: &mut Read| segment(from, functions);
    Some(Migration {
        version: from.number()?,
        name: from.text()?,
        text: from.text()?,
        file: from.text()?,
        checksum: checksum(from.text()?)?,
        up: from.list(segment)?.leak(),
        down: from.option(|from| from.list(segment))?.map(|segments| &*segments.leak()),
        irreversible: from.option(Read::text)?,
        lost_on_revert: from.list(loss)?.leak(),
        risks_of_revert: from.list(risk)?.leak(),
        replaces: from.list(replaced)?.leak(),
        limits: limits(from)?,
    })
}

fn limits(from: &mut Read) -> Option<Limits> {
    let mut number = || from.option(|from| u64::try_from(from.number()?).ok());
    let mut time = || Some(number()?.map(Duration::from_millis));
    Some(Limits {
        lock_timeout: time()?,
        statement_timeout: time()?,
        idle_in_transaction_session_timeout: time()?,
        attempts: number()?.and_then(|attempts| u32::try_from(attempts).ok()),
    })
}

fn replaced(from: &mut Read) -> Option<Replaced> {
    Some(Replaced { version: from.number()?, checksum: checksum(from.text()?)? })
}

fn checksum(hex: &str) -> Option<[u8; 32]> {
    let mut checksum = [0; 32];
    for (at, byte) in checksum.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(checksum)
}

fn segment(from: &mut Read, functions: &[Function]) -> Option<Segment> {
    let kind = match from.text()? {
        "transaction" => SegmentKind::Transaction,
        "outside" => SegmentKind::Outside,
        "batches" => SegmentKind::Batches(batches(from)?),
        _ => return None,
    };
    Some(Segment { kind, steps: from.list(|from| step(from, functions))?.leak() })
}

fn step(from: &mut Read, functions: &[Function]) -> Option<Step> {
    let called = |path| functions.iter().find(|function| function.path == path).copied();
    Some(Step {
        description: from.text()?,
        sql: from.text()?,
        locks: from.option(|from| from.list(lock))?.map(|locks| &*locks.leak()),
        function: from.option(|from| called(from.text()?))?,
    })
}

fn lock(from: &mut Read) -> Option<Lock> {
    Some(Lock {
        relation: from.text()?,
        mode: *LockMode::ALL.get(usize::try_from(from.number()?).ok()?)?,
        work: *Work::ALL.get(usize::try_from(from.number()?).ok()?)?,
    })
}

fn batches(from: &mut Read) -> Option<Batches> {
    Some(Batches {
        table: from.text()?,
        key: from.list(Read::text)?.leak(),
        key_types: from.list(Read::text)?.leak(),
        set: from.text()?,
        condition: from.text()?,
        size: from.number()?.try_into().ok()?,
    })
}

fn loss(from: &mut Read) -> Option<Loss> {
    let table = from.text()?;
    Some(match from.option(Read::text)? {
        None => Loss::Table { table },
        Some(column) => Loss::Column { table, column },
    })
}

fn risk(from: &mut Read) -> Option<Risk> {
    let kind = *RiskKind::ALL.get(usize::try_from(from.number()?).ok()?)?;
    Some(Risk { kind, text: from.text()? })
}
