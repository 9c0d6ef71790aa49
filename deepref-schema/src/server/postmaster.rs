//! The server process: started, found again, stopped.

use super::binaries::leading_number;
use super::identity::Identity;
use super::{Binaries, Error, Options, folder};
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take until it answers; recovery after a crash is part of it.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long a fast shutdown may take before an immediate one follows.
const STOP_LIMIT: Duration = Duration::from_secs(15);
/// How often a port is tried: another program may take the free one first.
const PORT_ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(5);

/// A running server process.
#[derive(Debug)]
pub(super) struct Postmaster {
    folder: PathBuf,
    major: u32,
    lines: PidFile,
    /// Absent when another command started it.
    child: Option<Child>,
}

impl Postmaster {
    /// The server that runs on the folder's data already. A file that a crashed one left is removed
    /// if it would mislead PostgreSQL.
    pub(super) fn running(folder: &Path, major: u32) -> Result<Option<Postmaster>, Error> {
        let start = Instant::now();
        while let Some(lines) = PidFile::read(folder) {
            if lines.answers() {
                return Ok(Some(Postmaster { folder: folder.into(), major, lines, child: None }));
            }
            if !runs_on(lines.process_id, folder) {
                // PostgreSQL looks only at the number, which may be another program's by now.
                let path = pid_file(folder);
                fs::remove_file(&path).map_err(Error::file("remove", path))?;
                return Ok(None);
            }
            if start.elapsed() > START_LIMIT {
                return Err(not_running(folder, "does not answer"));
            }
            sleep(PAUSE);
        }
        Ok(None)
    }

    /// Starts the server and waits until it answers.
    pub(super) fn launch(
        folder: &Path,
        binaries: &Binaries,
        identity: &Identity,
        options: &Options,
    ) -> Result<Postmaster, Error> {
        let socket_folder = folder::for_socket(folder, identity)?;
        stop_orphans(folder, &socket_folder);
        let mut started = launch_once(folder, binaries, identity, options, &socket_folder);
        for _ in 1..PORT_ATTEMPTS {
            if started.is_ok() || !port_was_taken(folder) {
                break;
            }
            started = launch_once(folder, binaries, identity, options, &socket_folder);
        }
        if started.is_err() {
            let _ = fs::remove_dir(&socket_folder);
        }
        started
    }

    pub(super) fn socket_folder(&self) -> &Path {
        &self.lines.socket_folder
    }

    pub(super) fn port(&self) -> u16 {
        self.lines.port
    }

    pub(super) fn major(&self) -> u32 {
        self.major
    }

    pub(super) fn process_id(&self) -> u32 {
        self.lines.process_id
    }

    /// A fast shutdown: sessions are ended, the data is left clean.
    pub(super) fn stop(&mut self) -> Result<(), Error> {
        signal(self.lines.process_id, "INT");
        if !self.wait_for_end() {
            signal(self.lines.process_id, "QUIT");
            if !self.wait_for_end() {
                return Err(not_running(&self.folder, "does not stop"));
            }
        }
        // Leaves nothing in `/tmp`; whether it works does not matter.
        let _ = fs::remove_dir(&self.lines.socket_folder);
        Ok(())
    }

    fn wait_for_end(&mut self) -> bool {
        let start = Instant::now();
        while start.elapsed() < STOP_LIMIT {
            let ended = match &mut self.child {
                Some(child) => child.try_wait().is_ok_and(|status| status.is_some()),
                None => PidFile::read(&self.folder)
                    .is_none_or(|lines| lines.process_id != self.lines.process_id),
            };
            if ended {
                return true;
            }
            sleep(PAUSE);
        }
        false
    }
}

fn launch_once(
    folder: &Path,
    binaries: &Binaries,
    identity: &Identity,
    options: &Options,
    socket_folder: &Path,
) -> Result<Postmaster, Error> {
    let log = log_file(folder);
    let output = File::create(&log).map_err(Error::file("write", &log))?;
    let errors = output.try_clone().map_err(Error::file("write", &log))?;
    let mut command = identity.command(&binaries.program("postgres"));
    command.arg("-D").arg(folder.join("data"));
    for (name, value) in settings(options, socket_folder)? {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // A process group of its own: Ctrl-C ends the command, which then stops the server in good order.
    command.process_group(0).stdout(output).stderr(errors);
    let child =
        command.spawn().map_err(|source| Error::Program { program: "postgres".into(), source })?;
    let (lines, child) = wait_until_ready(folder, child)?;
    Ok(Postmaster { folder: folder.into(), major: binaries.major(), lines, child: Some(child) })
}

fn settings(options: &Options, socket_folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let (addresses, port) = if options.loopback { ("127.0.0.1", free_port()?) } else { ("", 5432) };
    let own = [
        ("listen_addresses", addresses.to_owned()),
        ("port", port.to_string()),
        ("unix_socket_directories", socket_folder.to_string_lossy().into_owned()),
        // The output is the log file, and its end is shown when the server does not start.
        ("logging_collector", "off".to_owned()),
        ("log_destination", "stderr".to_owned()),
    ];
    Ok(own
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(options.settings.iter().cloned())
        .collect())
}

fn free_port() -> Result<u16, Error> {
    let address =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(Error::file("listen on", "127.0.0.1"))
}

/// PostgreSQL writes `ready` into its pid file when it accepts connections (as `pg_ctl --wait` expects).
fn wait_until_ready(folder: &Path, mut child: Child) -> Result<(PidFile, Child), Error> {
    let start = Instant::now();
    while start.elapsed() < START_LIMIT {
        if let Some(lines) = PidFile::read(folder)
            && lines.process_id == child.id()
            && lines.ready
        {
            return Ok((lines, child));
        }
        if child.try_wait().is_ok_and(|status| status.is_some()) {
            return Err(not_running(folder, "ended instead of starting"));
        }
        sleep(PAUSE);
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(not_running(folder, "does not answer"))
}

/// What `postmaster.pid` says: pid, data folder, start time, port, socket folder, address, key, state.
#[derive(Debug)]
struct PidFile {
    process_id: u32,
    port: u16,
    socket_folder: PathBuf,
    ready: bool,
}

impl PidFile {
    /// Nothing when the file is absent or not written to its end yet.
    fn read(folder: &Path) -> Option<PidFile> {
        let text = fs::read_to_string(pid_file(folder)).ok()?;
        PidFile::parse(&text)
    }

    fn parse(text: &str) -> Option<PidFile> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        Some(PidFile {
            process_id: leading_number(lines.first()?)?,
            port: lines.get(3)?.parse().ok()?,
            socket_folder: lines.get(4)?.into(),
            ready: lines.get(7).is_some_and(|state| *state == "ready"),
        })
    }

    fn answers(&self) -> bool {
        let socket = self.socket_folder.join(format!(".s.PGSQL.{}", self.port));
        self.ready && UnixStream::connect(socket).is_ok()
    }
}

/// Stops servers whose data was deleted while they ran (`cargo clean`): they still hold the socket.
fn stop_orphans(folder: &Path, socket_folder: &Path) {
    for entry in socket_folder.read_dir().into_iter().flatten().flatten() {
        let lock = entry.path();
        let holder = || fs::read_to_string(&lock).ok().and_then(|text| leading_number(&text));
        let start = Instant::now();
        while let Some(process_id) = holder().filter(|holder| runs_on(*holder, folder)) {
            signal(process_id, "QUIT");
            if start.elapsed() > STOP_LIMIT {
                return;
            }
            sleep(PAUSE);
        }
    }
}

/// Whether this process is a server on this folder's data, by its command line.
fn runs_on(process_id: u32, folder: &Path) -> bool {
    let output = Command::new("ps")
        .args(["-ww", "-o", "args=", "-p", &process_id.to_string()])
        .stdin(Stdio::null())
        .output();
    let line = output
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    line.contains(&*folder.join("data").to_string_lossy())
}

fn signal(process_id: u32, name: &str) {
    // The shell's own `kill`: small systems have no other. It fails if the process has just ended.
    let script = format!("kill -{name} {process_id} 2>/dev/null");
    let _ = Command::new("sh").arg("-c").arg(script).stdin(Stdio::null()).status();
}

fn port_was_taken(folder: &Path) -> bool {
    log_tail(folder).contains("could not bind IPv4 address")
}

fn not_running(folder: &Path, what: &'static str) -> Error {
    Error::NotRunning { folder: folder.into(), what, log: log_tail(folder) }
}

fn log_tail(folder: &Path) -> String {
    let text = fs::read(log_file(folder)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}

fn log_file(folder: &Path) -> PathBuf {
    folder.join("server.log")
}

fn pid_file(folder: &Path) -> PathBuf {
    folder.join("data").join("postmaster.pid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_is_read_when_it_is_complete() {
        let text =
            "4711\n/srv/data\n1764000000\n5433\n/tmp/deepref-1\n127.0.0.1\n 123 4\nready   \n";
        let lines = PidFile::parse(text).unwrap();
        assert_eq!((lines.process_id, lines.port, lines.ready), (4711, 5433, true));
        assert_eq!(lines.socket_folder, Path::new("/tmp/deepref-1"));
        assert!(!PidFile::parse("4711\n/srv/data\n1\n5433\n/tmp/d\n\n\nstarting\n").unwrap().ready);
        assert!(PidFile::parse("4711\n/srv/data\n").is_none());
    }

    #[test]
    fn another_program_with_the_same_number_is_not_the_server() {
        assert!(!runs_on(std::process::id(), Path::new("/srv/no-such-folder")));
    }
}
