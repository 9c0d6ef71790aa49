//! Servers for tests: in each test process one of each version, started on first use.
//!
//! They end with the process, however it ends, and leave nothing behind.

use deepref_schema::server::{Binaries, Options, Server};
use std::collections::BTreeMap;
use std::env;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, Once, OnceLock};

/// The major versions that the project supports, oldest first.
pub const MAJORS: [u32; 5] = [14, 15, 16, 17, 18];

/// A server that runs as long as this process does.
#[derive(Debug)]
pub struct TestServer {
    server: Server,
    /// Its end of the pipe stays open exactly as long as this process lives.
    _watchdog: Child,
    /// Templates that exist already, by name: see [`crate::database`].
    pub(crate) templates: Mutex<Vec<String>>,
}

impl TestServer {
    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.server.major()
    }

    /// The address of one of its databases over its socket.
    pub fn url(&self, database: &str) -> String {
        self.server.url(database)
    }

    /// The address of one of its databases over TCP, for a proxy to stand in between.
    pub fn tcp_url(&self, database: &str) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{database}", self.port())
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// The folder of the server: its log is `server.log` in it.
    pub fn folder(&self) -> &Path {
        self.server.folder()
    }

    /// A connection to one of its databases.
    pub fn connect(&self, database: &str) -> postgres::Client {
        postgres::Client::connect(&self.url(database), postgres::NoTls)
            .unwrap_or_else(|error| panic!("can not connect to `{}`: {error}", self.url(database)))
    }
}

/// A server of every version that can be found, oldest first.
///
/// # Panics
///
/// When there is none, and in CI when a supported version is missing: a test must not pass
/// because it ran on less than it claims.
pub fn all() -> Vec<&'static TestServer> {
    let found: Vec<u32> = BINARIES.keys().copied().collect();
    let missing: Vec<u32> = MAJORS.into_iter().filter(|major| !found.contains(major)).collect();
    let complete = missing.is_empty() || (env::var_os("CI").is_none() && !found.is_empty());
    assert!(complete, "no PostgreSQL {missing:?} was found: run tests/fetch-servers");
    if !missing.is_empty() {
        eprintln!("PostgreSQL {missing:?} is not tested: run tests/fetch-servers");
    }
    found.into_iter().filter_map(of_major).collect()
}

/// The server of the newest version that can be found: for tests to which the version does not matter.
pub fn newest() -> &'static TestServer {
    let newest = BINARIES.keys().next_back().copied().and_then(of_major);
    newest.expect("no PostgreSQL was found: run tests/fetch-servers")
}

/// The server of this version, if it can be found.
pub fn of_major(major: u32) -> Option<&'static TestServer> {
    static SERVERS: [OnceLock<TestServer>; MAJORS.len()] =
        [const { OnceLock::new() }; MAJORS.len()];
    let binaries = BINARIES.get(&major)?;
    let index = MAJORS.iter().position(|supported| *supported == major)?;
    Some(SERVERS[index].get_or_init(|| start(binaries)))
}

/// The programs of each version: fetched ones first, then those of the system.
pub fn binaries() -> &'static BTreeMap<u32, Binaries> {
    &BINARIES
}

static BINARIES: LazyLock<BTreeMap<u32, Binaries>> = LazyLock::new(|| {
    fetch_missing();
    let fetched = MAJORS.iter().filter_map(|major| {
        Binaries::in_dir(target_folder().join(format!("servers/{major}/bin"))).ok()
    });
    let mut found = BTreeMap::new();
    for binaries in fetched.chain(Binaries::all().unwrap_or_else(|error| panic!("{error}"))) {
        if MAJORS.contains(&binaries.major()) {
            found.entry(binaries.major()).or_insert(binaries);
        }
    }
    found
});

/// Fetches the servers that are not there yet, so that `cargo test` needs no step before it. Where
/// that fails, the script has said why, and [`all`] decides whether the tests can go on.
fn fetch_missing() {
    let is_there = |major: &u32| target_folder().join(format!("servers/{major}/bin")).is_dir();
    if !MAJORS.iter().all(is_there) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fetch-servers");
        let _ = Command::new(script).stdin(Stdio::null()).status();
    }
}

/// The folder that cargo builds into.
pub fn target_folder() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target");
    env::var_os("CARGO_TARGET_DIR").map_or_else(default, PathBuf::from)
}

fn start(binaries: &Binaries) -> TestServer {
    static SWEEP: Once = Once::new();
    SWEEP.call_once(remove_left_folders);
    let options = options(binaries);
    let server = Server::start(&options).unwrap_or_else(|error| {
        let _ = std::fs::remove_dir_all(&options.folder);
        panic!("{error}")
    });
    let watchdog =
        watch(&server).unwrap_or_else(|error| panic!("can not start the watchdog: {error}"));
    TestServer { server, _watchdog: watchdog, templates: Mutex::new(Vec::new()) }
}

/// Folders of processes that were killed before their watchdog watched.
fn remove_left_folders() {
    for entry in running_folder().read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process_id = name.split('-').next().unwrap_or_default();
        let alive = Command::new("ps").args(["-p", process_id]).stdout(Stdio::null()).status();
        if alive.is_ok_and(|status| !status.success()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn running_folder() -> PathBuf {
    target_folder().join("servers-running")
}

/// Settings for data that nobody needs after the test: quick, and no background work that
/// would disturb what tests see of locks.
fn options(binaries: &Binaries) -> Options {
    let folder = running_folder().join(format!("{}-{}", std::process::id(), binaries.major()));
    let mut options = Options::in_folder(folder);
    options.binaries = Some(binaries.clone());
    options.template = Some(target_folder().join("servers-templates"));
    options.loopback = true;
    options
        .setting("fsync", "off")
        .setting("synchronous_commit", "off")
        .setting("full_page_writes", "off")
        .setting("autovacuum", "off")
        .setting("max_connections", "300")
        .setting("shared_buffers", "32MB")
}

/// Statics are never dropped and a killed process runs no code, so a shell waits for
/// the end of this process, which closes its input, and ends the server then.
fn watch(server: &Server) -> io::Result<Child> {
    const SCRIPT: &str = r#"
        cat >/dev/null
        kill -QUIT "$1" 2>/dev/null
        tries=0
        while [ -e "$2/data/postmaster.pid" ] && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
        rm -rf "$2" "$3"
    "#;
    let process_id = server.process_id().expect("a server from local programs has a process");
    Command::new("sh")
        .args(["-c", SCRIPT, "watchdog", &process_id.to_string()])
        .arg(server.folder())
        .arg(server.host())
        // Ctrl-C goes to the whole group of the tests; the watchdog has to outlive them.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}
