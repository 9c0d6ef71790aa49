//! Where PostgreSQL's programs are.

use super::Error;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest major version that this crate supports.
const OLDEST_MAJOR: u32 = 14;

/// The server programs of one installed PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    version: String,
    major: u32,
}

impl Binaries {
    /// The PostgreSQL to use when nothing else decides: the first of [`Binaries::all`].
    pub fn find() -> Result<Option<Binaries>, Error> {
        Ok(Binaries::all()?.into_iter().next())
    }

    /// Every usable PostgreSQL of this machine, the preferred one first: from `PATH`, from
    /// `pg_config --bindir`, then from the usual places, newest first. When `DEEPREF_PG_BIN`
    /// is set, only that folder counts, and it is an error if it can not be used.
    pub fn all() -> Result<Vec<Binaries>, Error> {
        if let Some(folder) = env::var_os("DEEPREF_PG_BIN").filter(|value| !value.is_empty()) {
            return Ok(vec![Binaries::in_dir(folder)?]);
        }
        let mut found: Vec<Binaries> = Vec::new();
        for folder in candidate_folders() {
            if let Ok(binaries) = Binaries::in_dir(folder)
                && !found.contains(&binaries)
            {
                found.push(binaries);
            }
        }
        Ok(found)
    }

    /// The PostgreSQL whose programs `postgres` and `initdb` are in this folder.
    pub fn in_dir(folder: impl AsRef<Path>) -> Result<Binaries, Error> {
        let folder = folder.as_ref();
        let refuse = |reason: String| Error::NotBinaries { folder: folder.into(), reason };
        let program = folder
            .join("postgres")
            .canonicalize()
            .map_err(|error| refuse(format!("`postgres`: {error}")))?;
        // A link in `PATH` leads to the real folder, where the other programs are.
        let real = program.parent().unwrap_or(folder).to_path_buf();
        if !real.join("initdb").is_file() {
            return Err(refuse("there is no `initdb` beside `postgres`".into()));
        }
        let version = version_of(&program).map_err(&refuse)?;
        let major = leading_number(&version)
            .ok_or_else(|| refuse(format!("`{version}` is not a version")))?;
        if major < OLDEST_MAJOR {
            return Err(refuse(format!("version {version} is older than {OLDEST_MAJOR}")));
        }
        Ok(Binaries { folder: real, version, major })
    }

    /// The folder that holds the programs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The version as PostgreSQL writes it: `17.5`, `18beta1`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The major version: 14, 15, …
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Folders in the order of preference; most of them do not exist.
fn candidate_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    folders.extend(folder_of_pg_config());
    folders.extend(usual_folders());
    folders
}

fn folder_of_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config")
        .arg("--bindir")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (!text.trim().is_empty()).then(|| PathBuf::from(text.trim()))
}

/// Debian and Ubuntu, Red Hat, Homebrew on both processors, Postgres.app, FreeBSD and source builds.
fn usual_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (parent, prefix, bin) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql@", "bin"),
        ("/usr/local/opt", "postgresql@", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ] {
        folders.extend(
            versioned_folders(Path::new(parent), prefix).into_iter().map(|folder| folder.join(bin)),
        );
    }
    folders.push("/usr/local/pgsql/bin".into());
    folders
}

/// The folders `<parent>/<prefix><number>…`, highest number first.
fn versioned_folders(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let names = parent.read_dir().into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut versions: Vec<(u32, PathBuf)> = names
        .filter_map(|name| {
            Some((leading_number(name.to_str()?.strip_prefix(prefix)?)?, parent.join(name)))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is version `15.18`.
fn version_of(program: &Path) -> Result<String, String> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version =
        text.split_once("(PostgreSQL)").and_then(|(_, rest)| rest.split_whitespace().next());
    version.map(str::to_owned).ok_or_else(|| {
        format!(
            "`postgres --version` says `{}{}`",
            text.trim(),
            String::from_utf8_lossy(&output.stderr).trim()
        )
    })
}

pub(super) fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_start_with_their_major() {
        assert_eq!(leading_number("15.18"), Some(15));
        assert_eq!(leading_number("18beta1"), Some(18));
        assert_eq!(leading_number("latest"), None);
    }

    #[test]
    fn newest_comes_first_and_other_names_are_left_out() {
        let parent = std::env::temp_dir().join(format!("deepref-versions-{}", std::process::id()));
        for name in ["9.6", "14", "18", "latest"] {
            std::fs::create_dir_all(parent.join(name)).unwrap();
        }
        let found = versioned_folders(&parent, "");
        std::fs::remove_dir_all(&parent).unwrap();
        assert_eq!(found, [parent.join("18"), parent.join("14"), parent.join("9.6")]);
    }

    #[test]
    fn a_folder_without_postgres_is_refused_by_name() {
        let error = Binaries::in_dir("/nowhere/at/all").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`/nowhere/at/all` holds no usable PostgreSQL: `postgres`: "),
            "{error}"
        );
    }
}
