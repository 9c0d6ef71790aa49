//! A server of a test's own, for what would disturb all others: it is stopped and started again.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, thread};

use deepref_schema::server::{Options, Server};

use crate::server::{binaries, target_folder};

/// A server in a folder of its own, which is deleted in the end.
pub struct OwnServer {
    /// Settings for the next start.
    pub options: Options,
    server: Option<Server>,
    _folder: tempfile::TempDir,
}

impl OwnServer {
    /// Starts one of the newest version.
    pub fn start(settings: &[(&str, &str)]) -> OwnServer {
        let folder = opened_folder();
        let mut options = Options::in_folder(folder.path().join("server"));
        options.binaries = binaries().values().next_back().cloned();
        options.template = Some(target_folder().join("servers-templates"));
        options.loopback = true;
        for (name, value) in settings {
            options = options.setting(name, value);
        }
        let server = Some(Server::start(&options).expect("a server starts"));
        OwnServer { options, server, _folder: folder }
    }

    /// Starts a standby of it, called `copy` by the statistics of replication.
    /// It is stopped for a moment.
    pub fn standby(&mut self) -> OwnServer {
        self.stop();
        let folder = opened_folder();
        let mut options = self.options.clone();
        options.folder = folder.path().join("server");
        fs::create_dir(&options.folder).expect("a folder");
        let copied = Command::new("cp").arg("-a").arg(self.data()).arg(&options.folder).status();
        assert!(copied.is_ok_and(|status| status.success()), "the data can be copied");
        let data = options.folder.join("data");
        let signal = data.join("standby.signal");
        // An empty file of the same owner.
        let mut like = Command::new("cp");
        like.args(["-a", "--attributes-only"]).args([data.join("PG_VERSION"), signal]);
        assert!(like.status().is_ok_and(|status| status.success()), "a standby can be made");
        self.start_again();
        let primary =
            format!("host=127.0.0.1 port={} user=postgres application_name=copy", self.port());
        options = options.setting("primary_conninfo", &primary);
        let server = Some(Server::start(&options).expect("a standby starts"));
        OwnServer { options, server, _folder: folder }
    }

    /// Starts it again, after it was stopped.
    pub fn start_again(&mut self) {
        drop(self.server.take());
        self.server = Some(Server::start(&self.options).expect("the server starts again"));
    }

    /// Stops it in good order.
    pub fn stop(&mut self) {
        drop(self.server.take());
    }

    /// Sends a signal to the server itself: `QUIT`, `INT`, `TERM`.
    pub fn signal(&self, signal: &str) {
        send_signal(signal, self.running().process_id().expect("a local server"));
    }

    /// Waits until it is gone.
    pub fn wait_for_end(&self) {
        let file = self.data().join("postmaster.pid");
        let start = Instant::now();
        while file.exists() && postgres::Client::connect(&self.url(), postgres::NoTls).is_ok() {
            assert!(start.elapsed() < Duration::from_secs(30), "the server does not end");
            thread::sleep(Duration::from_millis(20));
        }
        thread::sleep(Duration::from_millis(300));
    }

    /// The folder with its data.
    pub fn data(&self) -> PathBuf {
        self.options.folder.join("data")
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        let log = self.options.folder.join("server.log");
        String::from_utf8_lossy(&fs::read(log).expect("the log")).into_owned()
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/postgres", self.running().port())
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.running().port()
    }

    /// A connection to its database.
    pub fn client(&self) -> postgres::Client {
        postgres::Client::connect(&self.url(), postgres::NoTls).expect("the server answers")
    }

    /// Waits until a query gives true.
    pub fn wait_until(&self, condition: &str) {
        let start = Instant::now();
        let mut client = self.client();
        let query = format!("SELECT {condition}");
        while !client.query_one(&query, &[]).expect("a condition").get::<_, bool>(0) {
            assert!(start.elapsed() < Duration::from_secs(30), "never: {condition}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn running(&self) -> &Server {
        self.server.as_ref().expect("a running server")
    }
}

/// A folder that the user of a server can enter.
fn opened_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path(), open).expect("others can enter it");
    folder
}

/// Sends a signal to a process of this machine.
pub fn send_signal(signal: &str, process_id: u32) {
    let sent = Command::new("kill").args([format!("-{signal}"), process_id.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the signal can not be sent");
}
