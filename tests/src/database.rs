//! Databases for tests: one for each, copied from a template, dropped afterwards.

use crate::server::TestServer;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};

/// A database that exists as long as this value.
#[derive(Debug)]
pub struct TestDatabase {
    server: &'static TestServer,
    name: String,
}

/// A new empty database.
pub fn fresh(server: &'static TestServer) -> TestDatabase {
    create(server, "template0")
}

/// A new database with what `prepare` makes. It runs once for each server and name in a
/// process; every further database is a copy.
pub fn prepared(
    server: &'static TestServer,
    name: &str,
    prepare: impl FnOnce(&mut postgres::Client),
) -> TestDatabase {
    // A test that failed while it prepared one must not fail all others.
    let mut templates = server.templates.lock().unwrap_or_else(PoisonError::into_inner);
    if !templates.iter().any(|known| known == name) {
        execute(server, &format!("DROP DATABASE IF EXISTS {}", quoted(name)));
        execute(server, &create_statement(server, name, "template0"));
        prepare(&mut server.connect(name));
        templates.push(name.to_owned());
    }
    drop(templates);
    create(server, name)
}

impl TestDatabase {
    /// The server that it is on.
    pub fn server(&self) -> &'static TestServer {
        self.server
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address over the server's socket.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Its address over TCP.
    pub fn tcp_url(&self) -> String {
        self.server.tcp_url(&self.name)
    }

    /// A new connection to it.
    pub fn client(&self) -> postgres::Client {
        self.server.connect(&self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // FORCE: a test may leave connections open. While a test fails a second panic would abort.
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(&self.name));
        let dropped = self.server.connect("postgres").batch_execute(&statement);
        if !std::thread::panicking() {
            dropped.unwrap_or_else(|error| {
                panic!("can not drop the database `{}`: {error}", self.name)
            });
        }
    }
}

fn create(server: &'static TestServer, template: &str) -> TestDatabase {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    execute(server, &create_statement(server, &name, template));
    TestDatabase { server, name }
}

fn create_statement(server: &TestServer, name: &str, template: &str) -> String {
    // Version 14 knows only this way to copy, and has no word for it.
    let strategy = if server.major() > 14 { " STRATEGY FILE_COPY" } else { "" };
    format!("CREATE DATABASE {} TEMPLATE {}{strategy}", quoted(name), quoted(template))
}

fn execute(server: &TestServer, statement: &str) {
    let done = server.connect("postgres").batch_execute(statement);
    done.unwrap_or_else(|error| panic!("`{statement}` failed: {error:?}"));
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
