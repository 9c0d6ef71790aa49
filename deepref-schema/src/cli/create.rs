//! `create`: a new file and its line in the list.

use std::fs;
use std::path::{Path, PathBuf};

use heck::ToSnakeCase;

use super::arguments::Create;
use super::output;
use crate::{Error, History};

pub(super) fn execute(history: &History, options: &Create) -> Result<(), Error> {
    let new = New::find(history, &options.name)?;
    let text = content(&options.name, new.version);
    new.write(&text)?;
    output::line("next: write `up { … }`; `cargo check` verifies it");
    Ok(())
}

/// A migration that is to be written.
pub(super) struct New {
    /// Its version.
    pub(super) version: i64,
    /// The stem of its file.
    pub(super) stem: String,
    list: PathBuf,
    with_line: String,
}

impl New {
    /// Finds its version and its place.
    pub(super) fn find(history: &History, name: &str) -> Result<Self, Error> {
        check_name(name)?;
        find(history, name)
    }

    /// Writes its file and its line in the list.
    pub(super) fn write(&self, text: &str) -> Result<(), Error> {
        let file = folder_of(&self.list).join(format!("{}.rs", self.stem));
        write_new(&file, text)?;
        // the list comes second: a file that is not listed is a clear error of the
        // compiler, a line without its file is not
        write(&self.list, &self.with_line)?;
        output::line(format_args!("created {}", file.display()));
        output::line(format_args!("listed in {}", self.list.display()));
        Ok(())
    }
}

fn find(history: &History, name: &str) -> Result<New, Error> {
    let (list, text) = read_list(history)?;
    if history.migrations.iter().any(|migration| migration.name == name)
        || listed(&text).any(|line| stem_name(line) == name.to_snake_case())
    {
        return Err(usage(
            &format!("there is a migration `{name}` already"),
            "choose a name that says what is different",
        ));
    }
    let version = next_version(history, &text);
    let stem = format!("m{version}_{}", name.to_snake_case());
    let with_line = with_line(&list, &text, &stem)?;
    Ok(New { version, stem, list, with_line })
}

/// The list with its text.
pub(super) fn read_list(history: &History) -> Result<(PathBuf, String), Error> {
    if history.list_file.is_empty() {
        return Err(usage(
            "the migrations of this crate are written inline",
            "write `migration Name = version { … }` into the list",
        ));
    }
    let list = Path::new(history.manifest_dir).join(history.list_file);
    let text = fs::read_to_string(&list).map_err(|error| file_error(&list, &error))?;
    Ok((list, text))
}

/// The text of the list with one more line.
pub(super) fn with_line(list: &Path, text: &str, stem: &str) -> Result<String, Error> {
    insert_line(text, stem).ok_or_else(|| {
        usage(&format!("{} holds no `migrations! {{ … }}`", list.display()), "restore it")
    })
}

pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let letters = name.chars().all(|character| character.is_ascii_alphanumeric());
    if !letters || !name.starts_with(|first: char| first.is_ascii_uppercase()) {
        let help = "write words with capital letters, as `AddPhoneToUsers`";
        return Err(usage(
            &format!("the name of a migration is PascalCase, `{}` is not", output::escape(name)),
            help,
        ));
    }
    if name.len() > 100 {
        return Err(usage("the name is longer than 100 letters", "say it shorter"));
    }
    Ok(())
}

/// The milliseconds since 1970, but always above every version there is.
pub(super) fn next_version(history: &History, list: &str) -> i64 {
    let compiled = history.migrations.iter().map(|migration| migration.version);
    let last = compiled.chain(listed(list).filter_map(stem_version)).max().unwrap_or(0);
    jiff::Timestamp::now().as_millisecond().max(last + 1)
}

/// The stems in the list, in order.
fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter_map(|line| line.trim().strip_suffix(';'))
        .filter(|stem| stem_version(stem).is_some())
}

fn stem_version(stem: &str) -> Option<i64> {
    stem.strip_prefix('m')?.split_once('_')?.0.parse().ok()
}

fn stem_name(stem: &str) -> &str {
    stem.split_once('_').map_or("", |(_, name)| name)
}

/// Adds the line after the last one, or before the closing brace.
fn insert_line(list: &str, stem: &str) -> Option<String> {
    let mut lines: Vec<&str> = list.lines().collect();
    let last = lines
        .iter()
        .rposition(|line| line.trim().strip_suffix(';').and_then(stem_version).is_some());
    let at = match last {
        Some(last) => last + 1,
        None => {
            let start = lines.iter().position(|line| line.contains("migrations!"))?;
            start + lines[start..].iter().position(|line| line.trim() == "}")?
        }
    };
    let line = format!("    {stem};");
    lines.insert(at, &line);
    Some(lines.join("\n") + "\n")
}

/// The folder of the migrations: beside `history.rs`, or that of `mod.rs`.
pub(super) fn folder_of(list: &Path) -> PathBuf {
    if list.file_name().is_some_and(|name| name == "mod.rs") {
        list.with_file_name("")
    } else {
        list.with_extension("")
    }
}

fn content(name: &str, version: i64) -> String {
    format!(
        "use deepref_schema::migration;\n\nmigration! {{\n    {name} = {version};\n\n    up {{\n    }}\n}}\n"
    )
}

pub(super) fn write_new(file: &Path, content: &str) -> Result<(), Error> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| file_error(folder, &error))?;
    }
    let mut created = fs::File::create_new(file).map_err(|error| file_error(file, &error))?;
    std::io::Write::write_all(&mut created, content.as_bytes())
        .map_err(|error| file_error(file, &error))
}

pub(super) fn write(file: &Path, content: &str) -> Result<(), Error> {
    fs::write(file, content).map_err(|error| file_error(file, &error))
}

pub(super) fn usage(problem: &str, help: &str) -> Error {
    Error::Usage { problem: problem.into(), help: help.into() }
}

pub(super) fn file_error(path: &Path, error: &std::io::Error) -> Error {
    Error::File { path: path.display().to_string(), problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "//! All.\ndeepref_schema::migrations! {\n    #![postgres(14..)]\n}\n";

    #[test]
    fn adds_the_line_at_the_end() {
        let one = insert_line(EMPTY, "m1_a").unwrap();
        assert_eq!(
            one,
            "//! All.\ndeepref_schema::migrations! {\n    #![postgres(14..)]\n    m1_a;\n}\n"
        );
        assert!(insert_line(&one, "m2_b").unwrap().ends_with("    m1_a;\n    m2_b;\n}\n"));
        assert_eq!(insert_line("mod a;", "m1_a"), None);
    }

    #[test]
    fn names_are_pascal_case() {
        for good in ["AddPhone", "A", "AISystemTables2"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "addPhone", "Add_Phone", "Add Phone", "Ä", "../X", "1A"] {
            assert_eq!(check_name(bad).unwrap_err().exit_code(), 2, "{bad}");
        }
    }
}
