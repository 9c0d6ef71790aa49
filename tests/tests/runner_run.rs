//! Applying migrations on a real server.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use deepref_schema::{Config, EntryState, Error, History, Ledger, Migrator};
use tests::database::{TestDatabase, fresh};
use tests::history::{history, simple, table};
use tests::proxy::Proxy;
use tests::server;

fn migrator(history: &History, database: &TestDatabase) -> Migrator {
    history.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn through(proxy: &Proxy, database: &TestDatabase) -> Config {
    Config::from_url(&format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name()))
        .unwrap()
}

fn versions(database: &TestDatabase) -> Vec<i64> {
    let rows =
        database.client().query("SELECT \"timestamp\" FROM migrations ORDER BY id", &[]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn exists(database: &TestDatabase, relation: &str) -> bool {
    database
        .client()
        .query_one("SELECT to_regclass($1::text) IS NOT NULL", &[&relation])
        .unwrap()
        .get(0)
}

fn tables(count: i64) -> History {
    history((1..=count).map(table).collect())
}

#[test]
fn applies_on_every_version() {
    for server in server::all() {
        let database = fresh(server);
        let history = tables(3);
        let report = migrator(&history, &database).run().unwrap();
        assert_eq!(report.done.iter().map(|done| done.version).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(versions(&database), [1, 2, 3]);
        assert!(exists(&database, "t3"));
        assert!(migrator(&history, &database).run().unwrap().done.is_empty());
        let status = migrator(&history, &database).status().unwrap();
        assert_eq!(status.pending().count(), 0);
        let EntryState::Applied { at: Some(_), by: Some(by), duration_ms: Some(_), known: true } =
            &status.entries[0].state
        else {
            panic!("{status:?}")
        };
        assert_eq!(by, "postgres");
    }
}

#[test]
fn a_hundred_cost_a_hundred_and_three_round_trips() {
    let database = fresh(server::newest());
    let proxy = Proxy::before(database.server().port());
    let history = tables(100);
    history.migrator(through(&proxy, &database)).run().unwrap();
    assert_eq!(versions(&database).len(), 100);
    assert_eq!(proxy.queries(), 103, "{:#?}", proxy.texts());
}

#[test]
fn nothing_pending_costs_one_round_trip() {
    let database = fresh(server::newest());
    let history = tables(100);
    migrator(&history, &database).run().unwrap();
    let proxy = Proxy::before(database.server().port());
    // not even the lock is needed
    let mut holder = database.client();
    let before = wal_position(&database);
    holder.batch_execute("BEGIN; LOCK migrations IN SHARE MODE").unwrap();
    assert!(history.migrator(through(&proxy, &database)).run().unwrap().done.is_empty());
    assert_eq!(proxy.queries(), 1, "{:#?}", proxy.texts());
    drop(holder);
    assert_eq!(wal_position(&database), before, "nothing was written");
}

fn wal_position(database: &TestDatabase) -> String {
    let query = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::text FROM pg_stat_user_tables";
    let mut client = database.client();
    client.batch_execute("SELECT pg_stat_clear_snapshot()").unwrap();
    client.query_one(query, &[]).unwrap().get(0)
}

#[test]
fn the_ledger_extends_typeorms() {
    let database = fresh(server::newest());
    database
        .client()
        .batch_execute(
            "CREATE TABLE migrations (id serial PRIMARY KEY, \"timestamp\" bigint NOT NULL, name character varying NOT NULL); \
             CREATE TABLE t1 (id int); INSERT INTO migrations (\"timestamp\", name) VALUES (1, 'Table11')",
        )
        .unwrap();
    let history = tables(2);
    migrator(&history, &database).run().unwrap();
    assert_eq!(versions(&database), [1, 2]);
    let mut client = database.client();
    let row = client
        .query_one("SELECT name, checksum, applied_by, tool_version, down_plan::text, duration_ms FROM migrations WHERE \"timestamp\" = 2", &[])
        .unwrap();
    assert_eq!(row.get::<_, String>(0), "Table22");
    assert_eq!(row.get::<_, Vec<u8>>(1), history.migrations[1].checksum);
    assert_eq!(row.get::<_, String>(2), "postgres");
    assert_eq!(row.get::<_, String>(3), env!("CARGO_PKG_VERSION"));
    assert!(row.get::<_, String>(4).contains("DROP TABLE t2"));
    assert!(row.get::<_, i64>(5) >= 0);
    client
        .batch_execute("INSERT INTO migrations (\"timestamp\", name) VALUES (2, 'x')")
        .unwrap_err();
}

#[test]
fn a_failure_names_the_statement_and_leaves_nothing() {
    let database = fresh(server::newest());
    let bad = simple(
        2,
        "Bad",
        &[
            "CREATE TABLE x (id int)",
            "INSERT INTO x VALUES (1)",
            "SELECT\n  1/(id - 1) FROM x",
            "SELECT 1",
        ],
        &[],
    );
    let history = history(vec![table(1), bad]);
    let error = migrator(&history, &database).run().unwrap_err();
    let Error::Migration { migration, failure, applied, .. } = &error else { panic!("{error}") };
    assert_eq!((migration.as_str(), failure.sqlstate.as_str()), ("Bad2", "22012"));
    assert!(failure.description.contains("statement 3 of 4"), "{failure}");
    assert_eq!(applied, &["Table11"]);
    assert_eq!(error.exit_code(), 1);
    assert!(!exists(&database, "x"));
    assert_eq!(versions(&database), [1]);
}

#[test]
fn an_error_with_a_place_names_line_and_column() {
    let database = fresh(server::newest());
    for (sql, sqlstate) in [("SELECT 'é',\n  nothing", "42703"), ("SELECT 'é',\n  , 1", "42601")]
    {
        let bad = simple(2, "Bad", &["CREATE TABLE x (id int)", sql], &[]);
        let error = migrator(&history(vec![table(1), bad]), &database).run().unwrap_err();
        let Error::Migration { failure, .. } = &error else { panic!("{error}") };
        assert_eq!((failure.line, failure.column), (Some(2), Some(3)), "{failure}");
        assert_eq!((failure.sqlstate.as_str(), failure.sql.as_str()), (sqlstate, sql));
        assert!(error.to_string().contains("     2 |   "), "{error}");
    }
}

#[test]
fn a_deferred_constraint_fails_at_commit() {
    let database = fresh(server::newest());
    let bad = simple(
        1,
        "Bad",
        &[
            "CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO a VALUES (1), (1)",
        ],
        &[],
    );
    let error = migrator(&history(vec![bad]), &database).run().unwrap_err();
    let Error::Migration { failure, .. } = &error else { panic!("{error}") };
    assert_eq!((failure.description.as_str(), failure.sqlstate.as_str()), ("commit", "23505"));
    // the detail holds the value of a row
    assert!(!error.to_string().contains("(id)=(1)"), "{error}");
    assert!(!exists(&database, "a") && !exists(&database, "migrations"));
}

#[test]
fn details_are_shown_only_where_asked() {
    let database = fresh(server::newest());
    let bad = simple(
        1,
        "Bad",
        &["CREATE TABLE a (id text UNIQUE)", "INSERT INTO a VALUES ('canary'), ('canary')"],
        &[],
    );
    let history = history(vec![bad]);
    let error = migrator(&history, &database).run().unwrap_err();
    let Error::Migration { failure, .. } = &error else { panic!("{error}") };
    assert_eq!(failure.detail, None);
    let config = Config::from_url(&database.tcp_url()).unwrap().with_logging(true);
    let error = history.migrator(config).run().unwrap_err();
    assert!(error.to_string().contains("(id)=(canary)"), "{error}");
}

#[test]
fn sixteen_at_once_apply_each_once() {
    let database = fresh(server::newest());
    let history = tables(20);
    let url = Arc::new(database.tcp_url());
    let runners: Vec<_> = (0..16)
        .map(|_| {
            let url = url.clone();
            thread::spawn(move || {
                history
                    .migrator(Config::from_url(&url).unwrap())
                    .run()
                    .map(|report| report.done.len())
            })
        })
        .collect();
    let applied: usize = runners.into_iter().map(|runner| runner.join().unwrap().unwrap()).sum();
    assert_eq!(applied, 20);
    assert_eq!(versions(&database), (1..=20).collect::<Vec<_>>());
}

#[test]
fn two_ledgers_do_not_wait_for_each_other() {
    let database = fresh(server::newest());
    let one = tables(1);
    let mut two =
        history(vec![simple(1, "Other", &["CREATE TABLE app.o (id int)"], &["DROP TABLE app.o"])]);
    two.ledger = Ledger { schema: "app", table: "Migrations" };
    migrator(&one, &database).run().unwrap();
    let mut holder = database.client();
    hold_lock(&mut holder);
    assert_eq!(migrator(&two, &database).run().unwrap().done.len(), 1);
    assert!(exists(&database, "app.\"Migrations\""));
}

/// Takes the lock that a run takes whose ledger is `public.migrations`.
fn hold_lock(holder: &mut postgres::Client) {
    holder.batch_execute("SELECT pg_advisory_lock(1684369522, -1687425685)").unwrap();
}

#[test]
fn a_held_lock_is_waited_for_and_its_holder_named() {
    let database = fresh(server::newest());
    migrator(&tables(1), &database).run().unwrap();
    let mut holder = database.client();
    holder.batch_execute("SET application_name = 'the holder'").unwrap();
    hold_lock(&mut holder);
    let error =
        migrator(&tables(2), &database).lock_wait(Duration::from_millis(400)).run().unwrap_err();
    assert_eq!(error.exit_code(), 3);
    assert!(error.to_string().contains("`the holder`"), "{error}");
    let waiting = thread::spawn({
        let url = database.tcp_url();
        move || tables(2).migrator(Config::from_url(&url).unwrap()).run()
    });
    thread::sleep(Duration::from_millis(300));
    drop(holder);
    assert_eq!(waiting.join().unwrap().unwrap().done.len(), 1);
}

#[test]
fn a_lock_timeout_is_retried_and_the_blocker_named() {
    let database = fresh(server::newest());
    migrator(&tables(1), &database).run().unwrap();
    let history =
        history(vec![table(1), simple(2, "Alter", &["ALTER TABLE t1 ADD COLUMN x int"], &[])]);
    let mut reader = database.client();
    reader.batch_execute("SET application_name = 'the reader'; BEGIN; SELECT * FROM t1").unwrap();
    let error = migrator(&history, &database)
        .lock_timeout(Duration::from_millis(50))
        .attempts(2)
        .run()
        .unwrap_err();
    let Error::Migration { failure, .. } = &error else { panic!("{error}") };
    assert_eq!((failure.sqlstate.as_str(), failure.attempts), ("55P03", 2));
    assert!(failure.blockers[0].contains("`the reader`"), "{failure}");
    let patient = thread::spawn({
        let url = database.tcp_url();
        move || {
            history
                .migrator(Config::from_url(&url).unwrap())
                .lock_timeout(Duration::from_millis(50))
                .attempts(20)
                .run()
        }
    });
    thread::sleep(Duration::from_millis(300));
    drop(reader);
    assert_eq!(patient.join().unwrap().unwrap().done.len(), 1);
}

#[test]
fn runs_inside_an_async_runtime() {
    let database = fresh(server::newest());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config::from_url(&database.tcp_url()).unwrap();
    let history = tables(2);
    runtime.block_on(async {
        let off = history.migrator(config.clone()).run_on_startup().unwrap();
        assert!(off.skipped && off.done.is_empty());
        let on =
            history.migrator(config.clone().with_migrations_run(true)).run_on_startup().unwrap();
        assert_eq!(on.done.len(), 2);
    });
}

#[test]
fn stops_at_the_wanted_version() {
    let database = fresh(server::newest());
    let history = tables(3);
    assert_eq!(migrator(&history, &database).to(2).run().unwrap().done.len(), 2);
    assert_eq!(migrator(&history, &database).to(9).run().unwrap_err().exit_code(), 2);
    assert_eq!(migrator(&history, &database).run().unwrap().done.len(), 1);
}

#[test]
fn settings_of_roles_and_earlier_migrations_do_not_matter() {
    let database = fresh(server::newest());
    let name = database.name();
    database
        .client()
        .batch_execute(&format!(
            "ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'; \
             ALTER DATABASE {name} SET standard_conforming_strings = off; \
             ALTER DATABASE {name} SET search_path = pg_temp; \
             ALTER DATABASE {name} SET statement_timeout = '1ms'; \
             ALTER DATABASE {name} SET \"TimeZone\" = 'Asia/Tokyo'; \
             ALTER DATABASE {name} SET \"DateStyle\" = 'German'; \
             ALTER DATABASE {name} SET lock_timeout = '1ms'"
        ))
        .unwrap();
    let check = "DO $$ BEGIN ASSERT current_setting('transaction_isolation') = 'read committed', 'isolation'; \
         ASSERT current_setting('search_path') = 'public, pg_temp', 'path'; \
         ASSERT current_setting('lock_timeout') = '3s', 'timeout'; \
         ASSERT current_setting('TimeZone') = 'UTC', 'zone'; \
         ASSERT '2020-01-02'::date::text = '2020-01-02', 'date'; END $$";
    let leaves = simple(
        1,
        "Leaves",
        &[
            check,
            "CREATE TABLE a (t text DEFAULT 'a\\b''c')",
            "SET search_path = pg_temp",
            "SET \"TimeZone\" = 'Asia/Tokyo'",
            "CREATE TEMP TABLE t (id int)",
            "PREPARE p AS SELECT 1",
            "SELECT pg_sleep(0.01)",
        ],
        &[],
    );
    let clean = "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM pg_prepared_statements), 'prepared'; ASSERT to_regclass('pg_temp.t') IS NULL, 'temp'; END $$";
    let next = simple(2, "Next", &[check, clean, "CREATE TABLE b (id int)"], &[]);
    migrator(&history(vec![leaves, next]), &database).run().unwrap();
    assert!(exists(&database, "public.a") && exists(&database, "public.b"));
}

#[test]
fn raw_sql_can_not_escape_the_fence() {
    for sql in ["SELECT pg_advisory_unlock_all()", "COMMIT"] {
        let database = fresh(server::newest());
        let bad =
            simple(1, "Bad", &["CREATE TABLE a (id int)", sql, "CREATE TABLE b (id int)"], &[]);
        let error = migrator(&history(vec![bad]), &database).run().unwrap_err();
        assert!(matches!(error, Error::Fence { .. }), "{sql}: {error}");
        assert_eq!(error.exit_code(), 1);
        assert!(!exists(&database, "b"), "{sql}");
    }
}
