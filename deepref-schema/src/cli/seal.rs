//! `seal`: append to `history.lock`.

use std::fs;
use std::path::Path;

use deepref_schema_core::seal::{HEADER, Seal, chain, parse};

use super::output;
use crate::{Error, History, Migration};

pub(super) fn execute(history: &History) -> Result<(), Error> {
    let path = Path::new(history.manifest_dir).join("history.lock");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let sealed = parse(&text)
        .map_err(|(line, why)| disagrees(format!("history.lock, line {line}: {why}")))?;
    let seals = seals(history);
    check(&sealed, &seals)?;
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

/// The seals of the whole history.
fn seals(history: &History) -> Vec<Seal> {
    let mut before = [0; 32];
    let mut seals = Vec::with_capacity(history.migrations.len());
    for migration in history.migrations {
        let Migration { file, checksum, version, name, .. } = migration;
        before = chain(&before, checksum, *version, name);
        seals.push(Seal { file: (*file).to_string(), hash: before });
    }
    seals
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
