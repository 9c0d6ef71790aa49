//! The server that `deepref-schema` starts where none is configured.

use deepref_schema::server::{Binaries, Error, Options, Server};
use postgres::{Client, NoTls};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tests::server::{binaries, target_folder};

/// The folder of the server in a child process: see `child_that_runs_a_server`.
const CHILD_FOLDER: &str = "DEEPREF_TEST_CHILD_FOLDER";

fn options(folder: &Path, major: u32) -> Options {
    let mut options = Options::in_folder(folder).setting("fsync", "off");
    options.binaries =
        Some(binaries().get(&major).unwrap_or_else(|| panic!("no PostgreSQL {major}")).clone());
    options.template = Some(target_folder().join("servers-templates"));
    options
}

fn newest() -> u32 {
    *binaries().keys().next_back().expect("no PostgreSQL was found: run tests/fetch-servers")
}

fn answers(url: &str) -> bool {
    Client::connect(url, NoTls).is_ok()
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(30), "still not true: {what}");
        sleep(Duration::from_millis(10));
    }
}

fn kill(process_id: u32) {
    let killed =
        Command::new("sh").args(["-c", &format!("kill -KILL {process_id}")]).status().unwrap();
    assert!(killed.success());
}

/// A folder that other users can enter, or not.
fn folder_of_mode(mode: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
    folder
}

fn open_folder() -> tempfile::TempDir {
    folder_of_mode(0o755)
}

#[test]
fn data_survives_and_the_server_stops_with_its_last_user() {
    let folder = open_folder();
    for major in binaries().keys() {
        let options = options(&folder.path().join(major.to_string()), *major);
        let server = Server::start(&options).unwrap();
        assert_eq!(server.major(), *major);
        assert!(server.create_database("Dèep ref").unwrap());
        assert!(!server.create_database("Dèep ref").unwrap());
        let url = server.url("Dèep ref");
        Client::connect(&url, NoTls).unwrap().batch_execute("CREATE TABLE kept (id int)").unwrap();

        let second = Server::start(&options).unwrap();
        assert_eq!(second.process_id(), server.process_id());
        drop(server);
        assert!(answers(&url), "the second user still needs the server");
        drop(second);
        assert!(!answers(&url), "nobody needs the server");

        let again = Server::start(&options).unwrap();
        assert_eq!(again.url("Dèep ref"), url);
        Client::connect(&url, NoTls).unwrap().batch_execute("SELECT id FROM kept").unwrap();
    }
}

#[test]
fn commands_that_start_at_once_share_one_server() {
    let folder = open_folder();
    let options = options(&folder.path().join("shared"), newest());
    let started: Vec<Server> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| Server::start(&options).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(started.iter().all(|server| server.process_id() == started[0].process_id()));
}

#[test]
fn a_crashed_server_is_started_again() {
    let folder = open_folder();
    let options = options(&folder.path().join("crashed"), newest());
    let server = Server::start(&options).unwrap();
    kill(server.process_id().unwrap());
    let url = server.url("postgres");
    wait_until("the server is gone", || !answers(&url));
    let pid_file = server.folder().join("data/postmaster.pid");
    drop(server);
    assert!(pid_file.exists(), "a crash leaves its file");
    // The number belongs to another program by now: to this one.
    let text = fs::read_to_string(&pid_file).unwrap();
    let rest = text.split_once('\n').unwrap().1;
    fs::write(&pid_file, format!("{}\n{rest}", std::process::id())).unwrap();
    let server = Server::start(&options).unwrap();
    assert!(answers(&server.url("postgres")));
}

#[test]
fn a_killed_command_takes_its_server_with_it() {
    let folder = open_folder();
    let options = options(&folder.path().join("killed"), newest());
    let mut child = child(&options.folder);
    let shared = Server::start(&options).unwrap();
    let url = shared.url("postgres");
    child.kill().unwrap();
    child.wait().unwrap();
    sleep(Duration::from_millis(500));
    assert!(answers(&url), "another command still uses it");
    drop(shared);

    let mut child = self::child(&options.folder);
    assert!(answers(&url));
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the server has stopped", || !answers(&url));
    wait_until("in good order", || !options.folder.join("data/postmaster.pid").exists());
}

#[test]
fn a_server_that_runs_without_users_is_taken_over() {
    let folder = open_folder();
    let options = options(&folder.path().join("left"), newest());
    let mut child = child(&options.folder);
    let left: u32 = fs::read_to_string(options.folder.join("ready")).unwrap().parse().unwrap();
    kill(watchdog_of(child.id()));
    child.kill().unwrap();
    child.wait().unwrap();

    let server = Server::start(&options).unwrap();
    assert_eq!(server.process_id(), Some(left));
    let url = server.url("postgres");
    drop(server);
    assert!(!answers(&url));
}

#[test]
fn data_that_is_deleted_under_a_server_is_made_anew() {
    let folder = open_folder();
    let options = options(&folder.path().join("cleaned"), newest());
    let orphan = Server::start(&options).unwrap();
    orphan.create_database("old").unwrap();
    fs::remove_dir_all(&options.folder).unwrap();

    let server = Server::start(&options).unwrap();
    assert_ne!(server.process_id(), orphan.process_id());
    assert!(server.create_database("old").unwrap(), "the new data is empty");
    drop(orphan);
    assert!(answers(&server.url("old")), "the orphan's end is not the new server's");
}

/// The shell among the processes that this one started.
fn watchdog_of(process_id: u32) -> u32 {
    let output = Command::new("ps").args(["-A", "-o", "ppid=,pid=,args="]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let line =
        lines.find(|line| line[0] == process_id.to_string() && line.contains(&"watchdog")).unwrap();
    line[1].parse().unwrap()
}

/// A process that runs a server until it is killed.
fn child(folder: &Path) -> Child {
    let _ = fs::remove_file(folder.join("ready"));
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_runs_a_server", "--ignored"])
        .env(CHILD_FOLDER, folder)
        .process_group(0)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("the child's server is ready", || folder.join("ready").exists());
    child
}

#[test]
#[ignore = "not a test: what the tests of killed commands run and kill"]
fn child_that_runs_a_server() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER) else {
        return;
    };
    let server = Server::start(&options(Path::new(&folder), newest())).unwrap();
    let ready = Path::new(&folder).join("ready");
    fs::write(ready.with_extension("part"), server.process_id().unwrap().to_string()).unwrap();
    fs::rename(ready.with_extension("part"), ready).unwrap();
    sleep(Duration::from_secs(60));
}

#[test]
fn data_of_another_version_is_refused_and_not_touched() {
    let folder = open_folder();
    let (oldest, newest) = (*binaries().keys().next().unwrap(), newest());
    assert_ne!(oldest, newest, "needs two versions: run tests/fetch-servers");
    drop(Server::start(&options(folder.path(), oldest)).unwrap());
    let error = Server::start(&options(folder.path(), newest)).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, Error::OtherMajor { .. }), "{text}");
    assert!(
        text.contains(&format!("was written by PostgreSQL {oldest}, but only {newest}.")),
        "{text}"
    );
    drop(Server::start(&options(folder.path(), oldest)).unwrap());
}

#[test]
fn a_server_that_can_not_start_shows_its_log() {
    let folder = open_folder();
    let options = options(folder.path(), newest()).setting("shared_buffers", "-5");
    let text = Server::start(&options).unwrap_err().to_string();
    assert!(
        text.contains("ended instead of starting") && text.contains("\"shared_buffers\""),
        "{text}"
    );
}

#[test]
fn the_socket_is_private_and_loopback_is_asked_for() {
    let folder = open_folder();
    let mut options = options(folder.path(), newest());
    let server = Server::start(&options).unwrap();
    assert_eq!(fs::metadata(server.host()).unwrap().mode() & 0o777, 0o700);
    let socket_folder = server.host();
    drop(server);
    assert!(!Path::new(&socket_folder).exists(), "nothing stays behind in `/tmp`");
    options.loopback = true;
    let server = Server::start(&options).unwrap();
    assert!(answers(&format!("postgresql://postgres@127.0.0.1:{}/postgres", server.port())));
    assert!(answers(&server.url("postgres")));
}

#[test]
fn below_a_closed_folder_the_data_is_kept_elsewhere() {
    let closed = folder_of_mode(0o700);
    let options = options(&closed.path().join("clone/target/deepref-postgres"), newest());
    let server = Server::start(&options).unwrap();
    assert!(answers(&server.url("postgres")));
    let is_root = fs::metadata(closed.path()).unwrap().uid() == 0;
    assert_eq!(server.folder().starts_with("/var/tmp"), is_root, "{}", server.folder().display());
    let folder = server.folder().to_path_buf();
    drop(server);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn programs_are_found_by_their_folder() {
    for (major, found) in binaries() {
        assert_eq!(&Binaries::in_dir(found.folder()).unwrap(), found);
        assert!(found.version().starts_with(&major.to_string()));
    }
}
