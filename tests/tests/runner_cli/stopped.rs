//! Programs that are signalled, stopped or killed.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Example, assert_contains, said, send_signal, wait_for};
use tests::database::TestDatabase;

#[test]
fn signals_cancel_and_roll_back() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let example = Example::new();
        let mut command = example.command(&["run"]);
        command.env(
            "EXAMPLE_SQL",
            "DO $$ BEGIN CREATE TABLE half (id int); PERFORM pg_sleep(60); END $$",
        );
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_for(&example.database, "wait_event = 'PgSleep'");
        let start = Instant::now();
        send_signal(&child, signal);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{stderr}");
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_contains(&stderr, &["rolled back (2 done before it"]);
        example.run(&["run"], 0);
    }
}

/// Holds the lock of the example's ledger.
fn hold_lock(database: &TestDatabase) -> postgres::Client {
    let mut holder = database.client();
    holder.batch_execute("SELECT pg_advisory_lock(1684369522, -1687425685)").unwrap();
    holder
}

#[test]
fn a_signal_ends_the_wait_for_the_lock_at_once() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let example = Example::new();
        let _holder = hold_lock(&example.database);
        let mut child = example.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        assert_contains(&lines.next().unwrap().unwrap(), &["waiting for the lock"]);
        let start = Instant::now();
        send_signal(&child, signal);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    }
}

#[test]
fn a_stopped_program_whose_session_ended_writes_nothing_more() {
    let example = Example::new();
    let slow = "DO $$ BEGIN PERFORM pg_sleep(1); CREATE TABLE extra (id int); END $$";
    let command = || {
        let mut command = example.command(&["run"]);
        command.env("EXAMPLE_SQL", slow);
        command
    };
    let mut child = command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&example.database, "wait_event = 'PgSleep'");
    send_signal(&child, "-STOP");
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'deepref-schema run' AND datname = current_database()";
    example.database.client().batch_execute(end).unwrap();
    // another one does the work meanwhile
    said(command(), 0);
    send_signal(&child, "-CONT");
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(8), "{text}");
    let query = "SELECT count(*) FROM migrations";
    assert_eq!(example.database.client().query_one(query, &[]).unwrap().get::<_, i64>(0), 3);
}

#[test]
fn the_orphan_of_a_killed_program_ends_soon() {
    let example = Example::new();
    example.run(&["run"], 0);
    let mut reader = example.database.client();
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM users")
        .unwrap();
    let command = || {
        let mut command = example.command(&["run"]);
        command.env("EXAMPLE_OUTSIDE", "CREATE INDEX CONCURRENTLY users_i ON users (id)");
        command
    };
    let mut child = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for(&example.database, "query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'");
    child.kill().unwrap();
    child.wait().unwrap();
    let start = Instant::now();
    let next = command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // the reader goes on: only the end of the orphan lets the next one have the lock
    let orphan = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'deepref-schema run' AND datname = current_database() AND query LIKE 'CREATE INDEX%'";
    let count = || example.database.client().query_one(orphan, &[]).unwrap().get::<_, i64>(0);
    while count() > 0 && start.elapsed() < Duration::from_secs(1) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_secs(3));
    drop(reader);
    let output = next.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_i'::regclass";
    assert!(example.database.client().query_one(valid, &[]).unwrap().get::<_, bool>(0));
}

#[test]
fn a_terminated_backend_is_exit_code_8() {
    let example = Example::new();
    let mut command = example.command(&["run"]);
    command.env("EXAMPLE_SQL", "SELECT pg_sleep(60)");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&example.database, "wait_event = 'PgSleep'");
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    example.database.client().batch_execute(kill).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(8));
    assert_contains(&String::from_utf8_lossy(&output.stderr), &["57P01", "during `Extra3000`"]);
}

#[test]
fn a_cancelled_statement_is_exit_code_1() {
    let example = Example::new();
    let mut command = example.command(&["run"]);
    command.env("EXAMPLE_SQL", "SELECT pg_sleep(60)");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&example.database, "wait_event = 'PgSleep'");
    let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    example.database.client().batch_execute(cancel).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_contains(&String::from_utf8_lossy(&output.stderr), &["57014"]);
}

#[test]
fn killed_at_any_time_the_next_run_finishes() {
    for delay in (0..12).map(|step| step * 15) {
        let example = Example::new();
        let slow = |mut command: Command| {
            command.env(
                "EXAMPLE_SQL",
                "DO $$ BEGIN PERFORM pg_sleep(0.1); CREATE TABLE extra (id int); END $$",
            );
            command
        };
        let mut child = slow(example.command(&["run"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        said(slow(example.command(&["run"])), 0);
        let query = "SELECT count(*), count(DISTINCT \"timestamp\"), to_regclass('extra') IS NOT NULL FROM migrations";
        let row = example.database.client().query_one(query, &[]).unwrap();
        assert_eq!(
            (row.get::<_, i64>(0), row.get::<_, i64>(1), row.get::<_, bool>(2)),
            (3, 3, true),
            "{delay} ms"
        );
    }
}

#[test]
fn sixteen_programs_with_one_killed_after_another_converge() {
    let example = Example::new();
    let spawn =
        || example.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut children: Vec<_> = (0..16).map(|_| spawn()).collect();
    for child in children.iter_mut().step_by(4) {
        child.kill().unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    for (number, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(number % 4 == 0 || output.status.success(), "{text}");
    }
    let query = "SELECT count(*) FROM migrations";
    assert_eq!(example.database.client().query_one(query, &[]).unwrap().get::<_, i64>(0), 2);
}
