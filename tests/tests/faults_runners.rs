//! Many runners at once, and poolers between them and the server.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use deepref_schema::{Config, Error, History, Ledger};
use tests::history::{history, simple, table};
use tests::own::OwnServer;

fn tables(count: i64) -> History {
    history((1..=count).map(table).collect())
}

/// The results of so many runners that start at once.
fn at_once(count: usize, history: &History, url: &str) -> Vec<Result<usize, Error>> {
    let start = || {
        let (history, config) = (*history, Config::from_url(url).unwrap());
        thread::spawn(move || history.migrator(config).run().map(|report| report.done.len()))
    };
    let runners: Vec<_> = (0..count).map(|_| start()).collect();
    runners.into_iter().map(|runner| runner.join().unwrap()).collect()
}

/// How many rounds a race gets: all of them where `DEEPREF_ROUNDS` is set.
fn rounds(all: usize, few: usize) -> usize {
    let wanted = std::env::var_os("DEEPREF_ROUNDS").is_some_and(|value| !value.is_empty());
    if wanted { all } else { few }
}

#[test]
fn sixty_four_at_once_apply_each_once_and_nothing_is_logged() {
    let server = OwnServer::start(&[("max_connections", "200"), ("fsync", "off")]);
    let mut history = tables(10);
    // the schema of the ledger is made by whoever comes first, too
    history.ledger = Ledger { schema: "app", table: "migrations" };
    for round in 0..rounds(100, 3) {
        let name = format!("round{round}");
        server.client().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let url = format!("{}{name}", server.url().trim_end_matches("postgres"));
        let done = at_once(64, &history, &url).into_iter().map(Result::unwrap);
        assert_eq!(done.sum::<usize>(), 10, "round {round}");
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        let query = "SELECT count(*), count(DISTINCT \"timestamp\") FROM app.migrations";
        let row = client.query_one(query, &[]).unwrap();
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (10, 10), "round {round}");
        drop(client);
        server.client().batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    }
    let log = server.log();
    assert!(!log.contains("ERROR") && !log.contains("PANIC"), "{log}");
}

/// PgBouncer before a server, in one of its modes.
struct Bouncer {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Bouncer {
    /// `None` where it is not installed.
    fn start(server: &OwnServer, mode: &str) -> Option<Bouncer> {
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
        let Some(program) = program.iter().find(|program| Path::new(program).exists()) else {
            println!("SKIPPED: pgbouncer is not installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n\
             unix_socket_dir =\npool_mode = {mode}\ndefault_pool_size = 3\nmax_client_conn = 100\nignore_startup_parameters = options\n",
            server.port()
        );
        let settings = settings.replace("* = host", "postgres = user=postgres host");
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        // it refuses to run as root
        let owner = fs::metadata(server.data()).unwrap();
        for path in [folder.path(), &file] {
            chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let mut command = Command::new(program);
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let child = command
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let bouncer = Bouncer { child, port, _folder: folder };
        for _ in 0..200 {
            if postgres::Client::connect(&bouncer.url(), postgres::NoTls).is_ok() {
                return Some(bouncer);
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{}", fs::read_to_string(bouncer._folder.path().join("log")).unwrap());
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_pooler_that_moves_sessions_is_refused() {
    let server = OwnServer::start(&[]);
    let Some(bouncer) = Bouncer::start(&server, "transaction") else { return };
    let slow: Vec<_> = (1..=6)
        .map(|i| {
            simple(
                i,
                &format!("M{i}"),
                &[&format!("CREATE TABLE m{i} (id int)"), "SELECT pg_sleep(0.05)"],
                &[],
            )
        })
        .collect();
    let history = history(slow);
    let results = at_once(8, &history, &bouncer.url());
    assert!(results.iter().any(Result::is_err), "nobody noticed the pooler");
    for error in results.into_iter().filter_map(Result::err) {
        let text = error.to_string();
        assert!(text.contains("DATABASE_MIGRATION_URL"), "{text}");
        assert!(matches!(error.exit_code(), 1 | 6), "{text}");
    }
    // whatever they did, each table was made once, and is recorded
    assert!(!server.log().contains("already exists"), "{}", server.log());
    drop(bouncer);
    // a lock that leaked into the pool went with it
    let config = Config::from_url(&server.url()).unwrap();
    history.migrator(config).run().unwrap();
    let query = "SELECT count(*), count(DISTINCT \"timestamp\") FROM migrations";
    let row = server.client().query_one(query, &[]).unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (6, 6));
}

#[test]
fn a_pooler_that_keeps_sessions_works() {
    let server = OwnServer::start(&[]);
    let Some(bouncer) = Bouncer::start(&server, "session") else { return };
    let done = at_once(3, &tables(5), &bouncer.url()).into_iter().map(Result::unwrap);
    assert_eq!(done.sum::<usize>(), 5);
}

#[test]
fn a_pooler_that_drops_settings_is_refused_where_they_matter() {
    let server = OwnServer::start(&[]);
    let Some(bouncer) = Bouncer::start(&server, "session") else { return };
    let set = |value: &str| {
        let sql = format!("ALTER ROLE postgres SET lock_timeout = {value}");
        server.client().batch_execute(&sql).unwrap();
    };
    set("'500ms'");
    let run = |url: &str| {
        let config = Config::from_url(url).unwrap();
        tables(1).migrator(config).run().map(|report| report.done.len())
    };
    // What is in the pool was opened before: its sessions must end first.
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
    server.client().batch_execute(end).unwrap();
    let error = run(&bouncer.url()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("lock_timeout") && text.contains("DATABASE_MIGRATION_URL"), "{text}");
    assert_eq!(error.exit_code(), 7);
    assert_eq!(run(&server.url()).unwrap(), 1);
}
