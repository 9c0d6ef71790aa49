//! The files that change: the migration, the list, `history.lock`, and those
//! that go.

use std::fs;
use std::path::PathBuf;

use deepref_schema_core::seal::Seal;

use super::super::create::{self, file_error, folder_of, usage};
use super::super::output::{self, escape};
use super::super::seal::{self, Sealed};
use super::Squashed;
use crate::{Error, History};

/// What is to be written.
pub(super) struct Files {
    new: (PathBuf, String),
    list: (PathBuf, String),
    lock: Option<(PathBuf, String)>,
    gone: Vec<PathBuf>,
}

impl Files {
    pub(super) fn of(
        history: &History,
        squashed: &Squashed<'_>,
        list: PathBuf,
        list_text: &str,
    ) -> Result<Self, Error> {
        let folder = folder_of(&list);
        let of_stem = |stem: &str| folder.join(format!("{stem}.rs"));
        let list_text = replaced_lines(list_text, squashed).ok_or_else(|| {
            usage(
                &format!("the lines of {} can not be replaced", list.display()),
                "write each file of the list on a line of its own",
            )
        })?;
        Ok(Self {
            new: (of_stem(&squashed.stem), squashed.text.clone()),
            list: (list, list_text),
            lock: lock(history, squashed)?,
            gone: squashed.replaced.iter().map(|one| of_stem(one.file)).collect(),
        })
    }

    /// Says what would be written.
    pub(super) fn show(&self) {
        for gone in &self.gone {
            output::line(format_args!("would delete {}", gone.display()));
        }
        output::line(format_args!("would list it in {}", self.list.0.display()));
        if let Some((path, _)) = &self.lock {
            output::line(format_args!("would seal it in {}", path.display()));
        }
        output::line(format_args!("would write {}:\n", self.new.0.display()));
        output::line(escape(&self.new.1));
    }

    /// The old files go last: until then nothing is lost.
    pub(super) fn write(&self) -> Result<(), Error> {
        create::write_new(&self.new.0, &self.new.1)?;
        create::write(&self.list.0, &self.list.1)?;
        if let Some((path, text)) = &self.lock {
            create::write(path, text)?;
        }
        for gone in &self.gone {
            fs::remove_file(gone).map_err(|error| file_error(gone, &error))?;
        }
        output::line(format_args!("wrote {}", self.new.0.display()));
        output::line(format_args!("listed in {}", self.list.0.display()));
        if let Some((path, _)) = &self.lock {
            output::line(format_args!("sealed in {}", path.display()));
        }
        for gone in &self.gone {
            output::line(format_args!("deleted {}", gone.display()));
        }
        output::line("next: `cargo migrate show` builds it; commit all of these files");
        Ok(())
    }
}

/// The list with one line instead of those of the replaced files.
fn replaced_lines(list: &str, squashed: &Squashed<'_>) -> Option<String> {
    let last = squashed.replaced.len() - 1;
    let (mut found, mut text) = (0, String::with_capacity(list.len()));
    for line in list.lines() {
        let stem = line.trim().strip_suffix(';');
        match squashed.replaced.iter().position(|one| Some(one.file) == stem) {
            Some(at) => {
                found += 1;
                if at == last {
                    text.push_str(&line.replace(squashed.replaced[at].file, &squashed.stem));
                    text.push('\n');
                }
            }
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    (found == squashed.replaced.len()).then_some(text)
}

/// The lock file, where one of them was sealed: what replaces it is sealed,
/// too, and so is what was after it.
fn lock(history: &History, squashed: &Squashed<'_>) -> Result<Option<(PathBuf, String)>, Error> {
    let path = seal::path(history);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let all = seal::seals(history.migrations.iter().map(|one| Sealed::of(one)));
    let count = seal::sealed(&text, &all)?.len();
    if count == 0 {
        return Ok(None);
    }
    let new = Sealed {
        file: &squashed.stem,
        version: squashed.read.version,
        name: squashed.read.name.as_str(),
        checksum: squashed.read.checksum,
    };
    let rest = &history.migrations[squashed.replaced.len()..];
    let seals = seal::seals([new].into_iter().chain(rest.iter().map(|one| Sealed::of(one))));
    let kept = seals.iter().take(count.saturating_sub(squashed.replaced.len()) + 1);
    let comments = text.lines().filter(|line| line.trim().is_empty() || line.starts_with('#'));
    let lines = comments.map(str::to_owned).chain(kept.map(Seal::line));
    Ok(Some((path, lines.map(|line| line + "\n").collect())))
}
