//! Scratch databases: they go with what made them, also where it was killed.

use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tests::database::{TestDatabase, fresh};
use tests::project::Project;
use tests::server;

const COUNT: &str = "SELECT count(*) FROM pg_database WHERE datname LIKE 'deepref_scratch%'";
const BUSY: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'deepref_scratch%' AND query LIKE '%pg_sleep%'";

fn project(body: &str) -> Project {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "A", &format!("up {{ sql \"{body}\" down none; }}"));
    project
}

fn wait_for(database: &TestDatabase, query: &str, wanted: i64) {
    let (mut client, start) = (database.client(), Instant::now());
    while client.query_one(query, &[]).unwrap().get::<_, i64>(0) != wanted {
        assert!(start.elapsed() < Duration::from_secs(30), "{query} is never {wanted}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A `verify` that works in its scratch databases until it is ended.
fn working(database: &TestDatabase) -> (Project, Child) {
    let project = project("SELECT pg_sleep(600)");
    let mut command = project.command(database, &["verify"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for(database, BUSY, 1);
    (project, child)
}

#[test]
fn what_a_killed_process_left_is_dropped_by_the_next() {
    let quick = project("SELECT 1");
    for server in server::all() {
        let database = fresh(server);
        let (_project, mut child) = working(&database);
        quick.run(&database, &["verify"], 0);
        wait_for(&database, COUNT, 2);
        child.kill().unwrap();
        child.wait().unwrap();
        // The sessions of a client that is gone end when they look for it.
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'deepref_scratch%'";
        database.client().execute(end, &[]).unwrap();
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'deepref_scratch%' OR application_name = 'deepref-schema scratch'";
        wait_for(&database, sessions, 0);
        wait_for(&database, COUNT, 2);
        quick.run(&database, &["verify"], 0);
        wait_for(&database, COUNT, 0);
    }
}

/// Between the making of a database and the first session in it only the lock tells that it is used.
#[test]
fn what_somebody_holds_the_lock_of_stays() {
    let database = fresh(server::newest());
    let mut holder = database.client();
    let name = "deepref_scratch_1_1_1";
    holder
        .batch_execute(&format!("SELECT pg_advisory_lock(1684369523, hashtext('{name}'))"))
        .unwrap();
    holder.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let quick = project("SELECT 1");
    let is_there = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    quick.run(&database, &["verify"], 0);
    wait_for(&database, &is_there, 1);
    drop(holder);
    quick.run(&database, &["verify"], 0);
    wait_for(&database, &is_there, 0);
}
