//! Who uses a server. The operating system releases the locks of a killed process, so
//! nothing here can go stale.

use super::Error;
use std::fs::File;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a command waits for another one that starts or stops the server. Longer than both.
const PATIENCE: Duration = Duration::from_secs(120);

/// The right to start or stop the server of a folder; one process has it at a time.
#[derive(Debug)]
pub(super) struct Turn {
    _locked: File,
}

impl Turn {
    pub(super) fn take(folder: &Path) -> Result<Turn, Error> {
        let file = open(&folder.join("turn.lock"))?;
        let start = Instant::now();
        while file.try_lock().is_err() {
            if start.elapsed() > PATIENCE {
                return Err(Error::Busy { folder: folder.into(), seconds: PATIENCE.as_secs() });
            }
            sleep(Duration::from_millis(10));
        }
        Ok(Turn { _locked: file })
    }
}

/// A use of the server; any number of processes have one.
#[derive(Debug)]
pub(super) struct Use {
    file: File,
}

impl Use {
    /// Must not outlive the turn's check that the server runs, hence the borrow.
    pub(super) fn begin(folder: &Path, _turn: &Turn) -> Result<Use, Error> {
        let path = folder.join("users.lock");
        let file = open(&path)?;
        file.lock_shared().map_err(Error::file("lock", path))?;
        Ok(Use { file })
    }

    /// Ends the use, and tells whether nobody uses the server any more.
    pub(super) fn was_last(self, _turn: &Turn) -> bool {
        self.file.unlock().is_ok() && self.file.try_lock().is_ok()
    }
}

fn open(path: &Path) -> Result<File, Error> {
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(Error::file("open", path))
}
