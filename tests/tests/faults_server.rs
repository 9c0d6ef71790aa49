//! Servers that die, are full, or are replaced.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use deepref_schema::{Config, Error, History, Report};
use tests::history::{history, migration, outside, simple, table, transaction};
use tests::own::{OwnServer, send_signal};
use tests::proxy::{Cut, Proxy};

type Running = JoinHandle<Result<Report, Error>>;

fn run(history: &History, url: &str) -> Result<Report, Error> {
    history.migrator(Config::from_url(url).unwrap()).run()
}

fn start_run(history: &History, server: &OwnServer) -> Running {
    let (history, url) = (*history, server.url());
    thread::spawn(move || run(&history, &url))
}

fn ends_with(running: Running, code: u8) -> String {
    let error = running.join().unwrap().unwrap_err();
    assert_eq!(error.exit_code(), code, "{error}");
    error.to_string()
}

fn applied(server: &OwnServer) -> i64 {
    server.client().query_one("SELECT count(*) FROM migrations", &[]).unwrap().get(0)
}

/// Sleeps once, the first time that it runs.
fn sleeping() -> History {
    let sleep = "SELECT pg_sleep(CASE WHEN to_regclass('awake') IS NULL THEN 60 ELSE 0 END)";
    history(vec![table(1), simple(2, "Sleep", &["CREATE TABLE s (id int)", sleep], &[])])
}

const SLEEPS: &str = "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')";

/// An index that is built concurrently, after a transaction.
fn building() -> History {
    let make =
        ["CREATE TABLE n (v int)", "INSERT INTO n SELECT i FROM generate_series(1, 1000) AS i"];
    let build = vec![
        transaction(&["CREATE TABLE m (id int)"]),
        outside("CREATE INDEX CONCURRENTLY n_v ON n (v)"),
    ];
    history(vec![simple(1, "Make", &make, &[]), migration(2, "Build", build, vec![])])
}

const BUILDS: &str =
    "EXISTS (SELECT FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting%')";

/// Begins the concurrent build, and gives whom it waits for.
fn start_build(server: &OwnServer) -> (Running, postgres::Client) {
    let history = building();
    let config = Config::from_url(&server.url()).unwrap();
    history.migrator(config).to(1).run().unwrap();
    let mut reader = server.client();
    reader.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM n").unwrap();
    let running = start_run(&history, server);
    server.wait_until(BUILDS);
    (running, reader)
}

fn assert_built(server: &OwnServer) {
    assert_eq!(run(&building(), &server.url()).unwrap().done.len(), 1);
    let query =
        "SELECT bool_and(indisvalid), count(*) FROM pg_index WHERE indrelid = 'n'::regclass";
    let row = server.client().query_one(query, &[]).unwrap();
    assert_eq!((row.get::<_, bool>(0), row.get::<_, i64>(1)), (true, 1));
}

fn backend(server: &OwnServer) -> u32 {
    let query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'deepref-schema run'";
    server.client().query_one(query, &[]).unwrap().get::<_, i32>(0) as u32
}

#[test]
fn a_killed_backend_is_recovered_from() {
    let server = OwnServer::start(&[]);
    let history = sleeping();
    let running = start_run(&history, &server);
    server.wait_until(SLEEPS);
    server.client().batch_execute("CREATE TABLE awake (id int); CHECKPOINT").unwrap();
    send_signal("KILL", backend(&server));
    ends_with(running, 8);
    // it may still be recovering: asked again until it lets us in
    assert_eq!(run(&history, &server.url()).unwrap().done.len(), 1);
    let server = OwnServer::start(&[]);
    let (running, _reader) = start_build(&server);
    server.client().batch_execute("CHECKPOINT").unwrap();
    send_signal("KILL", backend(&server));
    ends_with(running, 8);
    assert_built(&server);
}

#[test]
fn a_server_that_stops_at_once_starts_again() {
    let mut server = OwnServer::start(&[]);
    let history = sleeping();
    let running = start_run(&history, &server);
    server.wait_until(SLEEPS);
    server.client().batch_execute("CREATE TABLE awake (id int)").unwrap();
    server.signal("QUIT");
    ends_with(running, 8);
    server.wait_for_end();
    server.start_again();
    assert_eq!(run(&history, &server.url()).unwrap().done.len(), 1);
    assert_eq!(applied(&server), 2);
}

#[test]
fn a_server_that_shuts_down_during_a_build_starts_again() {
    let mut server = OwnServer::start(&[]);
    let (running, _reader) = start_build(&server);
    server.signal("INT");
    assert!(ends_with(running, 8).contains("57P01"));
    server.wait_for_end();
    server.start_again();
    assert_built(&server);
}

#[test]
fn a_server_that_lets_nobody_in_is_asked_again_for_a_while() {
    let server = OwnServer::start(&[]);
    let keeps_it_up = server.client();
    let url = server.url();
    // a shutdown that waits for the last client, and refuses new ones (57P03)
    server.signal("TERM");
    thread::sleep(Duration::from_millis(300));
    let start = Instant::now();
    let error = run(&sleeping(), &url).unwrap_err();
    assert!(error.exit_code() == 7 && error.to_string().contains("57P03"), "{error}");
    let waited = start.elapsed().as_secs();
    assert!((9..20).contains(&waited), "{waited} s");
    drop(keeps_it_up);
}

#[test]
fn a_server_without_a_free_connection_is_asked_again_for_a_while() {
    let server = OwnServer::start(&[
        ("max_connections", "4"),
        ("superuser_reserved_connections", "0"),
        ("max_wal_senders", "0"),
    ]);
    let mut clients: Vec<_> = (0..4).map(|_| server.client()).collect();
    let history = history(vec![table(1)]);
    let (start, running) = (Instant::now(), start_run(&history, &server));
    assert!(ends_with(running, 7).contains("53300"));
    assert!(start.elapsed() > Duration::from_secs(9));
    let running = start_run(&history, &server);
    thread::sleep(Duration::from_millis(600));
    clients.truncate(2);
    assert_eq!(running.join().unwrap().unwrap().done.len(), 1);
}

#[test]
fn too_many_locks_name_the_setting() {
    let server =
        OwnServer::start(&[("max_locks_per_transaction", "10"), ("max_connections", "10")]);
    let many = "DO $$ BEGIN FOR i IN 1..5000 LOOP EXECUTE format('CREATE TABLE l%s (id int)', i); END LOOP; END $$";
    let history = history(vec![table(1), simple(2, "Many", &[many], &[])]);
    let error = run(&history, &server.url()).unwrap_err();
    let text = error.to_string();
    assert!(error.exit_code() == 1 && text.contains("53200"), "{text}");
    assert!(text.contains("max_locks_per_transaction"), "{text}");
    assert_eq!(applied(&server), 1);
}

#[test]
fn a_server_that_lacks_the_last_commit_gets_it_again() {
    let (first, second) = (OwnServer::start(&[]), OwnServer::start(&[]));
    let history = history(vec![table(1), table(2), table(3)]);
    for server in [&first, &second] {
        let config = Config::from_url(&server.url()).unwrap();
        history.migrator(config).to(1).run().unwrap();
    }
    let proxy = Proxy::before(first.port());
    // state, lock, the second migration: its answer is lost, and another server answers
    proxy.cut_at(2, Cut::After);
    proxy.fail_over_after_cut(second.port());
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", proxy.port());
    let error = run(&history, &url).unwrap_err();
    assert_eq!(error.exit_code(), 8, "{error}");
    assert_eq!((applied(&first), applied(&second)), (2, 1));
    assert_eq!(run(&history, &url).unwrap().done.len(), 2);
    assert_eq!(applied(&second), 3);
}

/// A file system of this size in memory, as long as this value lives.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this process may not mount.
    fn mount(at: &Path, megabytes: u32, owner: &Path) -> Option<SmallDisk> {
        std::fs::create_dir_all(at).unwrap();
        let size = format!("size={megabytes}m");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            println!("SKIPPED: a small disk can be mounted by root only");
            return None;
        }
        let owner = std::fs::metadata(owner).unwrap();
        chown(at, Some(owner.uid()), Some(owner.gid())).unwrap();
        std::fs::set_permissions(at, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        Some(SmallDisk(at.to_path_buf()))
    }

    fn grow(&self, megabytes: u32) {
        let size = format!("remount,size={megabytes}m");
        assert!(Command::new("mount").args(["-o", &size]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_named() {
    let server = OwnServer::start(&[]);
    let place = server.options.folder.join("small");
    let Some(disk) = SmallDisk::mount(&place, 20, &server.data()) else { return };
    let space = format!("CREATE TABLESPACE small LOCATION '{}'", place.display());
    server.client().batch_execute(&space).unwrap();
    let fill =
        "INSERT INTO big SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 40000) AS i";
    let history = history(vec![
        table(1),
        simple(
            2,
            "Big",
            &["CREATE TABLE big (id int, t text STORAGE EXTERNAL) TABLESPACE small", fill],
            &[],
        ),
    ]);
    let error = run(&history, &server.url()).unwrap_err();
    let text = error.to_string();
    assert!(
        error.exit_code() == 1 && text.contains("53100") && text.contains("make space"),
        "{text}"
    );
    assert_eq!(applied(&server), 1);
    disk.grow(200);
    assert_eq!(run(&history, &server.url()).unwrap().done.len(), 1);
    drop(server);
}

#[test]
fn a_full_disk_of_the_log_is_recovered_from() {
    let mut server = OwnServer::start(&[("max_wal_size", "512MB"), ("wal_recycle", "off")]);
    let (log, place) = (server.data().join("pg_wal"), server.options.folder.join("wal"));
    let Some(disk) = SmallDisk::mount(&place, 60, &server.data()) else { return };
    server.stop();
    let moved = Command::new("sh")
        .args(["-c", "cp -a \"$1\"/. \"$2\"/ && rm -r \"$1\" && ln -s \"$2\" \"$1\"", "move"])
        .args([&log, &place])
        .status();
    assert!(moved.unwrap().success());
    server.start_again();
    let fill =
        "INSERT INTO big SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 150000) AS i";
    let history = history(vec![
        table(1),
        simple(2, "Big", &["CREATE TABLE big (id int, t text STORAGE EXTERNAL)", fill], &[]),
    ]);
    let error = run(&history, &server.url()).unwrap_err();
    assert_eq!(error.exit_code(), 8, "{error}");
    server.wait_for_end();
    disk.grow(600);
    server.start_again();
    assert_eq!(run(&history, &server.url()).unwrap().done.len(), 1);
    assert_eq!(applied(&server), 2);
    drop(server);
}
