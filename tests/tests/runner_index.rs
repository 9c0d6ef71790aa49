//! Indexes that are built without blocking anybody, among all that can disturb it.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use deepref_schema::{Config, Event, History, Migrator};
use tests::database::{TestDatabase, fresh};
use tests::history::{history, migration, outside, simple};
use tests::server;

fn migrator(history: &History, database: &TestDatabase) -> Migrator {
    history.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn execute(database: &TestDatabase, sql: &str) {
    database.client().batch_execute(sql).unwrap();
}

/// A table with rows, then one statement outside of a transaction.
fn with(sql: &str) -> History {
    let make = [
        "CREATE TABLE n (v int, w text)",
        "INSERT INTO n SELECT i, i FROM generate_series(1, 1000) AS i",
    ];
    let make = simple(1, "Make", &make, &["DROP TABLE n"]);
    history(vec![make, migration(2, "Outside", vec![outside(sql)], vec![])])
}

/// The indexes of the table: name and whether it is valid.
fn indexes(database: &TestDatabase) -> Vec<(String, bool)> {
    let query = "SELECT c.relname::text, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'n'::regclass ORDER BY 1";
    let rows = database.client().query(query, &[]).unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn wait_until(database: &TestDatabase, condition: &str) {
    let start = Instant::now();
    let query = format!("SELECT {condition}");
    while !database.client().query_one(&query, &[]).unwrap().get::<_, bool>(0) {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {condition}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_same_index_is_taken_and_another_one_is_not() {
    for server in [server::all()[0], server::newest()] {
        let statement = "CREATE INDEX CONCURRENTLY n_v ON n USING btree (lower(w) COLLATE \"C\" DESC, v) INCLUDE (w) WITH (fillfactor = 70) WHERE v > 3";
        for (made, taken) in [
            (statement.to_string(), true),
            (statement.replace("v > 3", "(v) > (3)"), true),
            (statement.replace("v > 3", "v > 4"), false),
            (statement.replace("DESC", "ASC"), false),
            (statement.replace("70", "80"), false),
            (statement.replace("lower", "upper"), false),
            (statement.replace("\"C\"", "\"POSIX\""), false),
            (statement.replace("INCLUDE (w)", ""), false),
            (statement.replace("INDEX CONCURRENTLY", "UNIQUE INDEX"), false),
        ] {
            let database = fresh(server);
            let history = with(statement);
            migrator(&history, &database).to(1).run().unwrap();
            execute(&database, &made);
            match migrator(&history, &database).run() {
                Ok(report) => assert!(taken && report.done.len() == 1, "{made}"),
                Err(error) => assert!(!taken && error.exit_code() == 4, "{made}: {error}"),
            }
        }
    }
}

#[test]
fn a_value_of_an_enum_is_added_whether_or_not_it_was() {
    let database = fresh(server::newest());
    let history = with("ALTER TYPE e ADD VALUE IF NOT EXISTS 'c' BEFORE 'b'");
    migrator(&history, &database).to(1).run().unwrap();
    execute(&database, "CREATE TYPE e AS ENUM ('a', 'b')");
    execute(
        &database,
        "CREATE TABLE migrations_progress (version bigint PRIMARY KEY, name text NOT NULL, direction text NOT NULL, step integer NOT NULL, \
         state text NOT NULL, cursor jsonb, checksum bytea, started_at timestamptz NOT NULL, down_plan jsonb); \
         INSERT INTO migrations_progress VALUES (2, 'Outside2', 'up', 0, 'running', NULL, NULL, now(), NULL); \
         ALTER TYPE e ADD VALUE 'c' BEFORE 'b'",
    );
    assert_eq!(migrator(&history, &database).run().unwrap().done.len(), 1);
}

#[test]
fn what_a_cancelled_reindex_left_is_dropped() {
    let database = fresh(server::newest());
    let history = with("REINDEX INDEX CONCURRENTLY n_v");
    migrator(&history, &database).to(1).run().unwrap();
    execute(&database, "CREATE INDEX n_v ON n (v)");
    let mut reader = database.client();
    reader.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM n").unwrap();
    let mut cancelled = database.client();
    let begun = cancelled.batch_execute(
        "SET lock_timeout = '200ms'; SET client_min_messages = error; SET application_name = 'x'",
    );
    begun.unwrap();
    cancelled.batch_execute("REINDEX INDEX CONCURRENTLY n_v").unwrap_err();
    drop(reader);
    assert_eq!(indexes(&database), [("n_v".into(), true), ("n_v_ccnew".into(), false)]);
    migrator(&history, &database).run().unwrap();
    assert_eq!(indexes(&database), [("n_v".into(), true)]);
}

#[test]
fn a_partitioned_table_has_no_concurrent_build() {
    let database = fresh(server::newest());
    let history = with("CREATE INDEX CONCURRENTLY p_v ON p (v)");
    migrator(&history, &database).to(1).run().unwrap();
    execute(&database, "CREATE TABLE p (v int) PARTITION BY RANGE (v)");
    let error = migrator(&history, &database).run().unwrap_err();
    assert!(error.exit_code() == 1 && error.to_string().contains("partitioned"), "{error}");
}

#[test]
fn an_old_snapshot_is_waited_for_and_named() {
    let database = fresh(server::newest());
    let history = with("CREATE INDEX CONCURRENTLY n_v ON n (v)");
    migrator(&history, &database).to(1).run().unwrap();
    // limits that would leave an invalid index behind
    let name = database.name();
    execute(
        &database,
        &format!(
            "ALTER DATABASE {name} SET lock_timeout = '100ms'; ALTER DATABASE {name} SET statement_timeout = '100ms'; \
             ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '100ms'"
        ),
    );
    let mut reader = database.client();
    reader
        .batch_execute(
            "SET idle_in_transaction_session_timeout = 0; SET application_name = 'the reader'; \
             BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM n",
        )
        .unwrap();
    let named = Arc::new(Mutex::new(String::new()));
    let running = thread::spawn({
        let (mut migrator, named) = (migrator(&history, &database), named.clone());
        move || {
            let listen = move |event: &Event<'_>| {
                if let Event::Blocked { blockers, .. } = event {
                    *named.lock().unwrap() = blockers.join("; ");
                }
            };
            migrator = migrator.observe(listen);
            migrator.run().map(|report| report.done.len())
        }
    });
    let start = Instant::now();
    while named.lock().unwrap().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(20), "nobody was named");
        thread::sleep(Duration::from_millis(50));
    }
    assert!(named.lock().unwrap().contains("`the reader`"), "{named:?}");
    drop(reader);
    assert_eq!(running.join().unwrap().unwrap(), 1);
    assert_eq!(indexes(&database), [("n_v".into(), true)]);
}

/// How often what a race needs is tried: a tenth where nobody asks for more.
fn rounds(all: usize) -> usize {
    match std::env::var_os("DEEPREF_ROUNDS").is_some_and(|value| !value.is_empty()) {
        true => all,
        false => (all / 25).max(1),
    }
}

#[test]
fn many_wait_during_a_concurrent_build_and_none_is_stuck() {
    for round in 0..rounds(100) {
        let database = fresh(server::newest());
        let history = with("CREATE INDEX CONCURRENTLY n_v ON n (v)");
        migrator(&history, &database).to(1).run().unwrap();
        // holds the build up for longer than `deadlock_timeout`
        let mut reader = database.client();
        reader
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM n")
            .unwrap();
        let runners: Vec<_> = (0..16)
            .map(|_| {
                let mut migrator = migrator(&history, &database);
                thread::spawn(move || migrator.run().map(|report| report.done.len()))
            })
            .collect();
        let building =
            "EXISTS (SELECT FROM pg_stat_progress_create_index WHERE datname = current_database())";
        wait_until(&database, building);
        thread::sleep(Duration::from_millis(1200));
        drop(reader);
        let done: Vec<_> = runners.into_iter().map(|runner| runner.join().unwrap()).collect();
        let applied: usize = done.into_iter().map(|done| done.unwrap()).sum();
        assert_eq!(applied, 1, "round {round}");
        assert_eq!(indexes(&database), [("n_v".into(), true)], "round {round}");
    }
}
