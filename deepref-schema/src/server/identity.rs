//! As which user the server runs. PostgreSQL refuses to run as root, so root hands
//! the server's processes and files to an unprivileged user.

use super::Error;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// The user that the server's processes run as and its files belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) user: u32,
    pub(super) group: u32,
    /// Whether this process is root and has to hand over.
    switches: bool,
}

impl Identity {
    /// This process's own user, or an unprivileged one when this process is root.
    ///
    /// Existing data decides: it must go on belonging to the user who wrote it.
    pub(super) fn for_data(data: &Path) -> Result<Identity, Error> {
        let user = current("-u")?;
        if user != 0 {
            return Ok(Identity {
                name: user.to_string(),
                user,
                group: current("-g")?,
                switches: false,
            });
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        if let Ok(owner) = fs::metadata(data)
            && owner.uid() != 0
        {
            let name = name_of(&users, owner.uid()).unwrap_or_else(|| owner.uid().to_string());
            return Ok(Identity { name, user: owner.uid(), group: owner.gid(), switches: true });
        }
        unprivileged(&users).ok_or(Error::NoUnprivilegedUser)
    }

    /// A command that runs as this user, silent, in a folder that everybody can enter.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if self.switches {
            command.uid(self.user).gid(self.group);
        }
        // Messages are matched and shown: always in English.
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    /// Runs a program to its end; its output is in the error when it fails.
    pub(super) fn run(&self, program: &Path, arguments: &[&std::ffi::OsStr]) -> Result<(), Error> {
        let name =
            program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
        let started = self.command(program).args(arguments).output();
        let output = started.map_err(|source| Error::Program { program: name.clone(), source })?;
        if output.status.success() {
            return Ok(());
        }
        let text = [output.stdout, output.stderr].concat();
        Err(Error::Failed {
            program: name,
            output: String::from_utf8_lossy(&text).trim().to_owned(),
        })
    }

    /// Gives a file or folder (not what is in it) to this user.
    pub(super) fn take_over(&self, path: &Path) -> Result<(), Error> {
        if !self.switches {
            return Ok(());
        }
        chown(path, Some(self.user), Some(self.group)).map_err(Error::file("hand over", path))
    }

    /// Whether this user can enter every folder above the path. A user who did not change can.
    pub(super) fn can_reach(&self, path: &Path) -> bool {
        !self.switches || path.ancestors().skip(1).all(|folder| self.can_enter(folder))
    }

    fn can_enter(&self, folder: &Path) -> bool {
        let Ok(about) = fs::metadata(folder) else {
            // Not there yet: it will be created, and made searchable, below one that is.
            return true;
        };
        let shift = match () {
            () if about.uid() == self.user => 6,
            () if about.gid() == self.group => 3,
            () => 0,
        };
        (about.mode() >> shift) & 1 == 1
    }
}

/// `id -u` and `id -g`: the standard library does not tell.
fn current(flag: &str) -> Result<u32, Error> {
    let failed = |output: String| Error::Failed { program: format!("id {flag}"), output };
    let output = Command::new("id").arg(flag).stdin(Stdio::null()).output();
    let output = output.map_err(|source| Error::Program { program: "id".into(), source })?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    text.parse().map_err(|_| failed(text))
}

/// `postgres` where a package made it, else `nobody`. `initdb` wants a user with a name.
fn unprivileged(users: &str) -> Option<Identity> {
    let entry = |wanted: &str| entries(users).find(|(name, user, _)| *name == wanted && *user != 0);
    let (name, user, group) = entry("postgres").or_else(|| entry("nobody"))?;
    Some(Identity { name: name.to_owned(), user, group, switches: true })
}

fn name_of(users: &str, wanted: u32) -> Option<String> {
    entries(users).find(|(_, user, _)| *user == wanted).map(|(name, ..)| name.to_owned())
}

/// The lines `name:password:user:group:…` of a password file. macOS writes `nobody` as -2.
fn entries(users: &str) -> impl Iterator<Item = (&str, u32, u32)> {
    let number = |text: &str| text.parse::<i64>().ok().map(|number| number as u32);
    users.lines().filter_map(move |line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        Some((name, number(fields.nth(1)?)?, number(fields.next()?)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const USERS: &str =
        "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/:/bin/false\n";

    fn nobody() -> Identity {
        unprivileged(USERS).unwrap()
    }

    #[test]
    fn the_packaged_user_is_preferred() {
        let both = format!("{USERS}postgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n");
        assert_eq!(unprivileged(&both).unwrap().name, "postgres");
        assert_eq!((nobody().user, nobody().group), (65534, 65533));
        assert_eq!(unprivileged("postgres:x:0:0::/:\n"), None);
        assert_eq!(unprivileged("nobody:*:-2:-2::/:\n").unwrap().user, u32::MAX - 1);
    }

    #[test]
    fn a_closed_folder_above_can_not_be_passed() {
        let closed = std::env::temp_dir().join(format!("deepref-closed-{}", std::process::id()));
        fs::create_dir_all(closed.join("inner")).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        let reached = nobody().can_reach(&closed.join("inner"));
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o711)).unwrap();
        let reached_when_open = nobody().can_reach(&closed.join("inner"));
        fs::remove_dir_all(&closed).unwrap();
        assert_eq!((reached, reached_when_open), (false, true));
    }
}
