//! Folders of the server: created, reachable, private.

use super::Error;
use super::identity::Identity;
use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The servers' processes run in another current folder.
pub(super) fn absolute(folder: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(folder).map_err(Error::file("find", folder))
}

/// Creates a folder that everybody can enter.
pub(super) fn create(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    fs::set_permissions(folder, Permissions::from_mode(0o755)).map_err(Error::file("open", folder))
}

/// Creates the folder, or one in its place that the server's user can reach: below the home
/// of root, for example, no other user can.
pub(super) fn prepare_for(folder: &Path, identity: &Identity) -> Result<PathBuf, Error> {
    create(folder)?;
    if identity.can_reach(&folder.join("data")) {
        return Ok(folder.to_path_buf());
    }
    // Empty, unless it was used by another user before.
    let _ = fs::remove_dir(folder);
    let instead = Path::new("/var/tmp").join(format!("deepref-postgres-{}", fingerprint(folder)));
    create(&instead)?;
    // `/var/tmp` is everybody's: nobody else may have put this folder there.
    let about = fs::symlink_metadata(&instead).map_err(Error::file("read", &instead))?;
    if !about.is_dir() || about.uid() != 0 || about.mode() & 0o022 != 0 {
        return Err(Error::NotPrivate { path: instead, user: "root".into() });
    }
    Ok(instead)
}

/// A private folder for the server's socket. A socket's path has to be shorter than 104 bytes
/// (macOS) or 108 (Linux), so it can not be among the data.
pub(super) fn for_socket(folder: &Path, identity: &Identity) -> Result<PathBuf, Error> {
    let path = Path::new("/tmp").join(format!("deepref-{}", fingerprint(folder)));
    match DirBuilder::new().mode(0o700).create(&path) {
        Ok(()) => identity.take_over(&path)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Error::file("create", path)(error)),
    }
    let about = fs::symlink_metadata(&path).map_err(Error::file("read", &path))?;
    if !about.is_dir() || about.uid() != identity.user || about.mode() & 0o077 != 0 {
        return Err(Error::NotPrivate { path, user: identity.name.clone() });
    }
    Ok(path)
}

/// A short name for a folder, the same every time (FNV-1a).
pub(super) fn fingerprint(folder: &Path) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in folder.as_os_str().as_bytes() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_stay_what_they_are() {
        // The name of the socket's folder must not change with the compiler.
        assert_eq!(
            fingerprint(Path::new("/srv/app/target")),
            fingerprint(Path::new("/srv/app/target"))
        );
        assert_eq!(fingerprint(Path::new("")), "cbf29ce484222325");
        assert_eq!(fingerprint(Path::new("a")), "af63dc4c8601ec8c");
    }
}
