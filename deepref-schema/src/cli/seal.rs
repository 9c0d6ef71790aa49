//! `seal`: append to `history.lock`.

use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema_core::seal::{HEADER, Seal, chain, parse};

use super::output;
use crate::{Error, History, Migration};

pub(super) fn execute(history: &History) -> Result<(), Error> {
    let path = path(history);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let seals = seals(history.migrations.iter().map(|one| Sealed::of(one)));
    let sealed = sealed(&text, &seals)?;
    let new = &seals[sealed.len()..];
    if new.is_empty() {
        output::line("every migration is sealed");
        return Ok(());
    }
    let mut text = if text.trim().is_empty() { HEADER.to_string() } else { text };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for seal in new {
        text.push_str(&seal.line());
        text.push('\n');
    }
    fs::write(&path, text).map_err(|error| Error::File {
        path: path.display().to_string(),
        problem: error.to_string(),
    })?;
    for seal in new {
        output::line(format_args!("sealed {}", seal.file));
    }
    output::line("commit history.lock: from now on an edit of these does not compile");
    Ok(())
}

/// What a seal covers.
pub(super) struct Sealed<'a> {
    pub(super) file: &'a str,
    pub(super) version: i64,
    pub(super) name: &'a str,
    pub(super) checksum: [u8; 32],
}

impl Sealed<'static> {
    pub(super) fn of(migration: &Migration) -> Self {
        let Migration { file, version, name, checksum, .. } = *migration;
        Self { file, version, name, checksum }
    }
}

pub(super) fn path(history: &History) -> PathBuf {
    Path::new(history.manifest_dir).join("history.lock")
}

/// The seals of a whole history.
pub(super) fn seals<'a>(migrations: impl Iterator<Item = Sealed<'a>>) -> Vec<Seal> {
    let mut before = [0; 32];
    let seal = |one: Sealed<'_>| {
        before = chain(&before, &one.checksum, one.version, one.name);
        Seal { file: one.file.to_string(), hash: before }
    };
    migrations.map(seal).collect()
}

/// The seals in the text of a lock file, which must be the first ones.
pub(super) fn sealed(text: &str, seals: &[Seal]) -> Result<Vec<Seal>, Error> {
    let sealed = parse(text)
        .map_err(|(line, why)| disagrees(format!("history.lock, line {line}: {why}")))?;
    check(&sealed, seals)?;
    Ok(sealed)
}

/// The sealed part must be the beginning of the history.
fn check(sealed: &[Seal], seals: &[Seal]) -> Result<(), Error> {
    for (number, seal) in sealed.iter().enumerate() {
        if seals.get(number) != Some(seal) {
            return Err(disagrees(format!(
                "the sealed migration `{}` was edited, moved or removed",
                seal.file
            )));
        }
    }
    Ok(())
}

fn disagrees(problem: String) -> Error {
    Error::Ledger {
        problem,
        help: "nothing was sealed; restore it, and put the change into a new migration".into(),
    }
}
