//! The data folder of a server: made by `initdb` or copied from a template.

use super::binaries::leading_number;
use super::identity::Identity;
use super::{Binaries, Error, folder};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// The first of the candidates that can read the data. New data is made by the first one.
pub(super) fn matching<'a>(candidates: &'a [Binaries], data: &Path) -> Result<&'a Binaries, Error> {
    let Ok(version) = fs::read_to_string(data.join("PG_VERSION")) else {
        return candidates.first().ok_or(Error::NothingFound);
    };
    let major = leading_number(&version);
    candidates.iter().find(|binaries| Some(binaries.major()) == major).ok_or_else(|| {
        Error::OtherMajor {
            folder: data.to_path_buf(),
            written_by: version.trim().to_owned(),
            found: candidates.iter().map(Binaries::version).collect::<Vec<_>>().join(", "),
        }
    })
}

/// Makes the data unless it exists.
pub(super) fn ensure(
    data: &Path,
    binaries: &Binaries,
    identity: &Identity,
    template: Option<&Path>,
) -> Result<(), Error> {
    if data.join("PG_VERSION").exists() {
        return Ok(());
    }
    // Made under another name: a killed `initdb` leaves nothing that looks complete.
    let unfinished = data.with_file_name("data.unfinished");
    match template {
        Some(template) => {
            copy(&ensure_template(template, binaries, identity)?, &unfinished, identity)?
        }
        None => initialise(&unfinished, binaries, identity)?,
    }
    remove(data)?;
    fs::rename(&unfinished, data).map_err(Error::file("create", data))
}

fn initialise(data: &Path, binaries: &Binaries, identity: &Identity) -> Result<(), Error> {
    create_empty(data, identity)?;
    let arguments = [
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-instructions",
    ];
    let mut arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    arguments.extend([OsStr::new("--no-sync"), OsStr::new("--pgdata"), data.as_os_str()]);
    identity.run(&binaries.program("initdb"), &arguments)
}

/// Data that no server ever ran on, one for each version and user.
fn ensure_template(
    parent: &Path,
    binaries: &Binaries,
    identity: &Identity,
) -> Result<PathBuf, Error> {
    let parent = folder::prepare_for(&folder::absolute(parent)?, identity)?;
    let template = parent.join(format!("{}-{}", binaries.version(), identity.name));
    if template.is_dir() {
        return Ok(template);
    }
    // Threads and processes may make it at the same time.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let unfinished = parent.join(format!("unfinished-{}-{number}", std::process::id()));
    initialise(&unfinished, binaries, identity)?;
    match fs::rename(&unfinished, &template) {
        // Another process was faster; its template is as good.
        Err(_) if template.is_dir() => remove(&unfinished)?,
        other => other.map_err(Error::file("create", &template))?,
    }
    Ok(template)
}

fn copy(template: &Path, data: &Path, identity: &Identity) -> Result<(), Error> {
    create_empty(data, identity)?;
    let content = template.join(".");
    identity.run(Path::new("cp"), &[OsStr::new("-Rp"), content.as_os_str(), data.as_os_str()])
}

fn create_empty(path: &Path, identity: &Identity) -> Result<(), Error> {
    remove(path)?;
    fs::create_dir(path).map_err(Error::file("create", path))?;
    identity.take_over(path)
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("remove", path)(error))
        }
        _ => Ok(()),
    }
}
