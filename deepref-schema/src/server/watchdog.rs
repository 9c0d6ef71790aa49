//! What stops the server when this process is killed, or ends without dropping its [`Server`](super::Server).

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for the end of its input, which is the end of this process, and then does what
/// dropping the server would have done. It takes the same locks, with the command `flock`; where
/// there is none (macOS), the server goes on running until the next command takes it over.
const SCRIPT: &str = r#"
    cat >/dev/null
    command -v flock >/dev/null || exit 0
    exec 8>>"$1/turn.lock" 9>>"$1/users.lock"
    flock 8 && flock -n 9 || exit 0
    pid_file=$1/data/postmaster.pid
    pid=$(head -n 1 "$pid_file" 2>/dev/null)
    [ -n "$pid" ] && ps -ww -o args= -p "$pid" | grep -qF "$1/data" || exit 0
    socket_folder=$(sed -n 5p "$pid_file")
    kill -INT "$pid"
    tries=0
    while [ -e "$pid_file" ] && [ $tries -lt 300 ]; do sleep 0.05; tries=$((tries + 1)); done
    rmdir "$socket_folder"
"#;

/// A shell that outlives this process.
#[derive(Debug)]
pub(super) struct Watchdog {
    shell: Child,
}

impl Watchdog {
    pub(super) fn start(folder: &Path) -> io::Result<Watchdog> {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "watchdog"]).arg(folder).current_dir("/");
        // A process group of its own: Ctrl-C is meant for the command alone.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Watchdog { shell: command.spawn()? })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
