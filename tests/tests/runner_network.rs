//! Connections: passwords, TLS, the pool, servers that say no.

#[path = "runner_network/plaintext.rs"]
mod plaintext;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use deepref_schema::server::{Binaries, Options, Server};
use deepref_schema::{Config, Error, History, testing};
use tests::database::fresh;
use tests::history::{history, simple, table};
use tests::proxy::{Cut, Proxy};
use tests::server;

fn tables(count: i64) -> History {
    history((1..=count).map(table).collect())
}

fn run(history: &History, url: &str) -> Result<usize, Error> {
    history.migrator(Config::from_url(url)?).run().map(|report| report.done.len())
}

/// A server of its own, for what needs another configuration.
fn own_server(folder: &Path, settings: &[(&str, &str)]) -> Server {
    let mut options = Options::in_folder(folder.join("server"));
    options.loopback = true;
    for (name, value) in settings {
        options = options.setting(name, value);
    }
    Server::start(&options).unwrap()
}

fn client(server: &Server) -> postgres::Client {
    postgres::Client::connect(&server.url("postgres"), postgres::NoTls).unwrap()
}

/// Replaces the rules for who may connect.
fn set_rules(server: &Server, rules: &str) {
    let file: String = client(server).query_one("SHOW hba_file", &[]).unwrap().get(0);
    fs::write(file, format!("local all postgres trust\n{rules}\n")).unwrap();
    client(server).batch_execute("SELECT pg_reload_conf()").unwrap();
    thread::sleep(std::time::Duration::from_millis(300));
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn passwords_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let server = own_server(folder.path(), &[]);
    set_rules(&server, "host all all 127.0.0.1/32 scram-sha-256");
    for (number, password) in
        ["simple", "@:/?#%' \"", "Grüße 🦀", "a\\b+c%20", " spaces "].iter().enumerate()
    {
        let literal = password.replace('\'', "''");
        let user = format!("u{number}");
        let role = format!("CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{literal}'");
        client(&server).batch_execute(&role).unwrap();
        client(&server).batch_execute(&format!("CREATE DATABASE {user}")).unwrap();
        let url = |password: &str| {
            format!("postgres://{user}:{}@127.0.0.1:{}/{user}", encoded(password), server.port())
        };
        assert_eq!(run(&tables(1), &url(password)).unwrap(), 1, "{password}");
        let error = run(&tables(1), &url(&format!("canary{password}"))).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(error.exit_code() == 7 && text.contains("28P01"), "{text}");
        assert!(!text.contains("canary") && !text.contains(password), "{text}");
    }
}

struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// An authority, and a certificate of it for `localhost`.
    fn new(folder: &Path) -> Certificates {
        let certificates = Certificates { folder: folder.to_path_buf() };
        certificates.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=authority");
        certificates.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout other.key -out other.crt -days 2 -subj /CN=other");
        certificates.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=localhost");
        fs::write(folder.join("names"), "subjectAltName=DNS:localhost").unwrap();
        certificates.openssl("x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile names");
        certificates
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Makes the server speak TLS with the certificate.
    fn install(&self, server: &Server) {
        let data: String = client(server).query_one("SHOW data_directory", &[]).unwrap().get(0);
        let owner = fs::metadata(&data).unwrap();
        for name in ["server.key", "server.crt"] {
            let target = Path::new(&data).join(name);
            fs::copy(self.folder.join(name), &target).unwrap();
            let (user, group) = (
                std::os::unix::fs::MetadataExt::uid(&owner),
                std::os::unix::fs::MetadataExt::gid(&owner),
            );
            std::os::unix::fs::chown(&target, Some(user), Some(group)).unwrap();
            fs::set_permissions(&target, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .unwrap();
        }
        client(server).batch_execute("ALTER SYSTEM SET ssl = on").unwrap();
        client(server).batch_execute("SELECT pg_reload_conf()").unwrap();
        thread::sleep(std::time::Duration::from_millis(300));
    }
}

#[test]
fn encryption_is_verified_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = own_server(folder.path(), &[]);
    let certificates = Certificates::new(folder.path());
    let url = |host: &str, rest: &str| {
        format!("postgres://postgres@{host}:{}/postgres?{rest}", server.port())
    };
    let verified = format!("sslmode=verify-full&sslrootcert={}", certificates.path("ca.crt"));
    // a server without TLS: nothing falls back
    let error = run(&tables(1), &url("localhost", &verified)).unwrap_err();
    assert!(error.exit_code() == 7 && error.to_string().contains("TLS"), "{error}");
    certificates.install(&server);
    set_rules(&server, "hostssl all all 127.0.0.1/32 trust\nhostssl all all ::1/128 trust");
    assert_eq!(run(&tables(1), &url("localhost", &verified)).unwrap(), 1);
    // plaintext, where the server wants TLS
    let error = run(&tables(1), &url("localhost", "sslmode=disable")).unwrap_err();
    assert!(error.exit_code() == 7 && error.to_string().contains("DATABASE_SSL=true"), "{error}");
    // another name, another authority, and that of the system
    let other = format!("sslmode=verify-full&sslrootcert={}", certificates.path("other.crt"));
    for wrong in
        [url("127.0.0.1", &verified), url("localhost", &other), url("localhost", "sslmode=require")]
    {
        let error = run(&tables(1), &wrong).unwrap_err();
        assert_eq!(error.exit_code(), 7, "{wrong}: {error}");
    }
    let missing = url("localhost", "sslmode=verify-full&sslrootcert=/no/such/file");
    assert!(run(&tables(1), &missing).unwrap_err().to_string().contains("/no/such/file"));
}

#[test]
fn who_strips_encryption_gets_no_password() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listening = heard.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 8];
            stream.read_exact(&mut request).unwrap();
            let _ = stream.write_all(b"N");
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest);
            listening.lock().unwrap().extend(rest);
        }
    });
    let url =
        format!("postgres://u:canary@localhost:{port}/d?sslmode=verify-full&sslrootcert={}", {
            let folder = tempfile::tempdir().unwrap().keep();
            Certificates::new(&folder).path("ca.crt")
        });
    assert_eq!(run(&tables(1), &url).unwrap_err().exit_code(), 7);
    assert_eq!(heard.lock().unwrap().as_slice(), b"", "nothing is sent in plaintext");
}

#[test]
fn a_standby_is_refused_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    let server = own_server(folder.path(), &[]);
    assert_eq!(run(&tables(1), &server.url("postgres")).unwrap(), 1);
    let data: String = client(&server).query_one("SHOW data_directory", &[]).unwrap().get(0);
    let log = server.folder().to_path_buf();
    drop(server);
    let owner = fs::metadata(&data).unwrap();
    let signal = Path::new(&data).join("standby.signal");
    fs::write(&signal, "").unwrap();
    let (user, group) =
        (std::os::unix::fs::MetadataExt::uid(&owner), std::os::unix::fs::MetadataExt::gid(&owner));
    std::os::unix::fs::chown(&signal, Some(user), Some(group)).unwrap();
    let standby = own_server(folder.path(), &[("hot_standby", "on")]);
    assert_eq!(run(&tables(1), &standby.url("postgres")).unwrap(), 0, "{}", log.display());
    let error = run(&tables(2), &standby.url("postgres")).unwrap_err();
    assert!(error.exit_code() == 7 && error.to_string().contains("standby"), "{error}");
}

fn through(proxy: &Proxy, database: &str, rest: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{}/{database}?{rest}", proxy.port())
}

#[test]
fn a_reply_that_breaks_off_is_a_lost_connection() {
    let server = server::newest();
    let proxy = Proxy::before(server.port());
    for message in 0..5 {
        let database = fresh(server);
        proxy.reset();
        proxy.cut_for_good(message, Cut::Within);
        // state, lock, two migrations, release: without the last answer all is done
        let result = run(&tables(2), &through(&proxy, database.name(), ""));
        match result {
            Ok(done) => assert_eq!((message, done), (4, 2)),
            Err(error) => assert!(message < 4 && error.exit_code() == 8, "{message}: {error}"),
        }
        run(&tables(2), &database.tcp_url()).unwrap();
    }
}

#[test]
fn a_slow_network_is_slow() {
    let database = fresh(server::newest());
    let proxy = Proxy::before(database.server().port());
    proxy.delay(Duration::from_millis(200));
    assert_eq!(run(&tables(3), &through(&proxy, database.name(), "")).unwrap(), 3);
}

#[test]
fn a_network_that_takes_nothing_any_more_is_left() {
    let database = fresh(server::newest());
    let proxy = Proxy::before(database.server().port());
    let large = format!("SELECT length('{}')", "x".repeat(30_000_000));
    let history = history(vec![table(1), simple(2, "Large", &[&large], &[])]);
    proxy.cut_at(3, Cut::Silence);
    let start = Instant::now();
    let url = through(&proxy, database.name(), "tcp_user_timeout=1500");
    let error = run(&history, &url).unwrap_err();
    assert_eq!(error.exit_code(), 8, "{error}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    proxy.reset();
    assert_eq!(run(&history, &database.tcp_url()).unwrap(), 1);
}

/// A peer that vanished without a word is noticed by the system's own probes.
#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_waits_is_probed() {
    let database = fresh(server::newest());
    let history = history(vec![simple(1, "Wait", &["SELECT pg_sleep(2)"], &[])]);
    let url = database.tcp_url();
    let waiting = thread::spawn(move || run(&history, &url).unwrap());
    let query = "SELECT client_port FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    let mut client = database.client();
    let port: i32 = loop {
        match client.query_opt(query, &[]).unwrap() {
            Some(row) => break row.get(0),
            None => thread::sleep(Duration::from_millis(20)),
        }
    };
    // `02:` is the timer of keepalives, with the hundredths of seconds that are left
    let is_probed = || {
        let sockets = fs::read_to_string("/proc/net/tcp").unwrap();
        let local = format!(":{port:04X}");
        sockets.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).any(|fields| {
            let left = fields[5].strip_prefix("02:").map(|left| u32::from_str_radix(left, 16));
            fields[1].ends_with(&local) && left.is_some_and(|left| left.unwrap() <= 1000)
        })
    };
    let start = Instant::now();
    while !is_probed() {
        assert!(start.elapsed() < Duration::from_millis(1500), "no timer");
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(waiting.join().unwrap(), 1);
}

#[test]
fn the_pool_opens_connections_of_the_application() {
    let database = fresh(server::newest());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config::from_url(&database.tcp_url()).unwrap();
    runtime.block_on(async {
        let pool = deepref_schema::pool::open(&config).await.unwrap();
        let (one, two) = (pool.get().await.unwrap(), pool.get().await.unwrap());
        let pid = "SELECT pg_backend_pid()";
        let first: i32 = one.query_one(pid, &[]).await.unwrap().get(0);
        let second: i32 = two.query_one(pid, &[]).await.unwrap().get(0);
        assert_ne!(first, second);
        assert_eq!(pool.state().connections, 2);
    });
    let nowhere = Config::from_url("postgres://u:canary@127.0.0.1:1/d?connect_timeout=1").unwrap();
    let nowhere = nowhere.with_pool_size(1, 2).unwrap();
    let error = runtime.block_on(deepref_schema::pool::open(&nowhere)).unwrap_err();
    assert!(error.exit_code() == 7 && !error.to_string().contains("canary"), "{error}");
    let open = config.clone().with_pool_size(3, 4).unwrap();
    let connections = runtime
        .block_on(async { deepref_schema::pool::open(&open).await.unwrap().state().connections });
    assert_eq!(connections, 3);
    assert_eq!(config.with_pool_size(3, 2).unwrap_err().exit_code(), 2);
}

#[test]
fn checks_up_down_up_for_users() {
    let database = fresh(server::newest());
    let good = history(vec![
        table(1),
        simple(
            2,
            "Good",
            &[
                "CREATE TYPE e AS ENUM ('a')",
                "ALTER TABLE t1 ADD COLUMN e e DEFAULT 'a'",
                "CREATE INDEX i ON t1 (e)",
                "CREATE SEQUENCE s",
                "CREATE VIEW v AS SELECT id FROM t1",
            ],
            &["DROP VIEW v", "DROP SEQUENCE s", "ALTER TABLE t1 DROP COLUMN e", "DROP TYPE e"],
        ),
    ]);
    testing::check_up_down_up(&good, &database.tcp_url()).unwrap();
    let database = fresh(server::newest());
    let bad = history(vec![
        table(1),
        simple(
            2,
            "Bad",
            &["ALTER TABLE t1 ADD COLUMN a int, ADD COLUMN b int"],
            &["ALTER TABLE t1 DROP COLUMN a"],
        ),
    ]);
    let error = testing::check_up_down_up(&bad, &database.tcp_url()).unwrap_err();
    assert!(error.to_string().contains("column `b` of table `t1` is left over"), "{error}");
}
