//! What the database itself puts in the way: privileges, encodings, triggers, sizes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use deepref_schema::{Batches, Config, Error, Event, History, Migrator, Report};
use tests::database::{TestDatabase, fresh};
use tests::history::{batches, history, migration, simple, table, transaction};
use tests::proxy::{Cut, Proxy};
use tests::server;

fn migrator(history: &History, database: &TestDatabase) -> Migrator {
    history.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn run(history: &History, database: &TestDatabase) -> Result<Report, Error> {
    migrator(history, database).run()
}

fn execute(database: &TestDatabase, sql: &str) {
    database.client().batch_execute(sql).unwrap();
}

fn number(database: &TestDatabase, query: &str) -> i64 {
    database.client().query_one(query, &[]).unwrap().get(0)
}

fn tables(count: i64) -> History {
    history((1..=count).map(table).collect())
}

/// The migration fails with this SQLSTATE and text; nothing of it is left.
fn fails(history: &History, database: &TestDatabase, sqlstate: &str, text: &str) {
    let before = number(database, "SELECT count(*) FROM pg_class");
    let error = run(history, database).unwrap_err();
    let Error::Migration { failure, .. } = &error else { panic!("{error}") };
    assert_eq!((failure.sqlstate.as_str(), error.exit_code()), (sqlstate, 1), "{error}");
    assert!(error.to_string().contains(text), "{error}");
    assert_eq!(number(database, "SELECT count(*) FROM pg_class"), before, "{error}");
}

#[test]
fn missing_privileges_are_named() {
    let database = fresh(server::newest());
    let role = format!("{}_p", database.name());
    execute(
        &database,
        &format!(
            "CREATE ROLE {role} LOGIN; CREATE SCHEMA app; CREATE TABLE app.theirs (id int); GRANT ALL ON SCHEMA public TO {role}; \
             GRANT USAGE ON SCHEMA app TO {role}; COMMENT ON TABLE app.theirs IS 'ledger of deepref-schema'"
        ),
    );
    let url = database.tcp_url().replace("postgres@", &format!("{role}@"));
    for (sql, text) in [
        ("CREATE TABLE app.x (id int)", "permission denied for schema app"),
        ("ALTER TABLE app.theirs ADD COLUMN x int", "must be owner of table theirs"),
    ] {
        let history = history(vec![simple(1, "Try", &["CREATE TABLE half (id int)", sql], &[])]);
        let error = history.migrator(Config::from_url(&url).unwrap()).run().unwrap_err();
        assert!(error.exit_code() == 1 && error.to_string().contains(text), "{error}");
        assert!(error.to_string().contains("42501"), "{error}");
        assert_eq!(number(&database, "SELECT count(*) FROM pg_class WHERE relname = 'half'"), 0);
    }
    execute(&database, &format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn limits_of_the_server_are_named() {
    let database = fresh(server::newest());
    let role = format!("{}_t", database.name());
    execute(
        &database,
        &format!(
            "CREATE ROLE {role} SUPERUSER LOGIN; ALTER ROLE {role} SET temp_file_limit = '64kB'; ALTER ROLE {role} SET work_mem = '64kB'"
        ),
    );
    let url = database.tcp_url().replace("postgres@", &format!("{role}@"));
    let sort = "SELECT count(*) FROM (SELECT i FROM generate_series(1, 200000) AS i ORDER BY md5(i::text)) AS x";
    let history = history(vec![simple(1, "Sort", &["CREATE TABLE half (id int)", sort], &[])]);
    let error = history.migrator(Config::from_url(&url).unwrap()).run().unwrap_err();
    assert!(error.exit_code() == 1 && error.to_string().contains("53400"), "{error}");
    assert_eq!(number(&database, "SELECT count(*) FROM pg_class WHERE relname = 'half'"), 0);
    execute(&database, &format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn an_extension_that_is_not_there_is_named() {
    let database = fresh(server::newest());
    let both = ["CREATE TABLE half (id int)", "CREATE EXTENSION IF NOT EXISTS no_such_extension"];
    let history = history(vec![simple(1, "Extend", &both, &[])]);
    let sqlstate = "0A000";
    fails(&history, &database, sqlstate, "no_such_extension");
}

#[test]
fn an_event_trigger_that_raises_rolls_back() {
    let database = fresh(server::newest());
    assert_eq!(run(&tables(1), &database).unwrap().done.len(), 1);
    execute(
        &database,
        "CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$; \
         CREATE EVENT TRIGGER no ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION no()",
    );
    fails(&tables(2), &database, "P0001", "not now");
    execute(&database, "DROP EVENT TRIGGER no");
    assert_eq!(run(&tables(2), &database).unwrap().done.len(), 1);
}

#[test]
fn objects_that_shadow_those_of_the_system_are_not_called() {
    let database = fresh(server::newest());
    let mut traps = String::new();
    for signature in [
        "now()",
        "clock_timestamp()",
        "current_setting(text)",
        "set_config(text, text, boolean)",
        "pg_try_advisory_lock(integer, integer)",
        "pg_advisory_unlock(integer, integer)",
        "pg_backend_pid()",
        "to_regclass(text)",
        "to_jsonb(text)",
        "format(text, text)",
    ] {
        traps += &format!(
            "CREATE FUNCTION public.{signature} RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;"
        );
    }
    traps += "CREATE FUNCTION public.trap(name, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$; \
         CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.trap);";
    execute(&database, &traps);
    assert_eq!(run(&tables(2), &database).unwrap().done.len(), 2);
    assert_eq!(migrator(&tables(2), &database).status().unwrap().pending().count(), 0);
}

#[test]
fn databases_of_other_encodings() {
    let server = server::newest();
    for (encoding, text, works) in [
        ("LATIN1", "é", true),
        ("LATIN1", "🦀", false),
        ("SQL_ASCII", "é🦀", true),
        ("UTF8", "é🦀", true),
    ] {
        let name = format!("encoded_{}_{works}", encoding.to_lowercase());
        let mut admin = server.connect("postgres");
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        admin.batch_execute(&drop).unwrap();
        let create = format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
        );
        admin.batch_execute(&create).unwrap();
        let make = format!("CREATE TABLE \"t é\" (x text DEFAULT '{text}')");
        let history = history(vec![
            table(1),
            simple(2, "Text", &[&make, "INSERT INTO \"t é\" DEFAULT VALUES"], &[]),
        ]);
        let result = history.migrator(Config::from_url(&server.tcp_url(&name)).unwrap()).run();
        match result {
            Ok(_) => {
                let query = "SELECT x FROM \"t é\"";
                let found: String = server.connect(&name).query_one(query, &[]).unwrap().get(0);
                assert!(works && found == text, "{encoding} {text}: {found}");
            }
            Err(error) => {
                assert!(!works && error.exit_code() == 1, "{encoding} {text}: {error}");
                assert!(error.to_string().contains("22P05"), "{error}");
            }
        }
        admin.batch_execute(&drop).unwrap();
    }
}

#[test]
fn very_long_migrations_run() {
    let database = fresh(server::newest());
    let mut statements = vec!["CREATE TABLE long (id int, t text)".to_string()];
    let filler = "x".repeat(2000);
    statements.extend((0..5000).map(|i| format!("INSERT INTO long VALUES ({i}, '{filler}')")));
    statements.push(format!("INSERT INTO long VALUES (-1, '{}')", "y".repeat(20_000_000)));
    let statements: Vec<_> = statements.iter().map(String::as_str).collect();
    let history = history(vec![simple(1, "Long", &statements, &[])]);
    run(&history, &database).unwrap();
    assert_eq!(number(&database, "SELECT count(*) FROM long"), 5001);
    assert_eq!(number(&database, "SELECT max(length(t))::bigint FROM long"), 20_000_000);
}

#[test]
fn thousands_of_migrations_start_as_quickly() {
    let database = fresh(server::newest());
    let many = (1..=2000).map(|i| simple(i, &format!("M{i}"), &["SELECT 1"], &["SELECT 1"]));
    let history = history(many.collect());
    assert_eq!(run(&history, &database).unwrap().done.len(), 2000);
    let proxy = Proxy::before(database.server().port());
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    let mut best = Duration::MAX;
    for _ in 0..5 {
        proxy.reset();
        let start = Instant::now();
        history.migrator(Config::from_url(&url).unwrap()).run().unwrap();
        best = best.min(start.elapsed());
        assert_eq!(proxy.queries(), 1);
    }
    // 100 ms are meant; builds for tests are slow, and their machines busy
    assert!(best < Duration::from_millis(500), "{best:?}");
}

#[test]
fn order_never_follows_a_clock() {
    let database = fresh(server::newest());
    let versions = [1, 1_732_025_000_000, 4_102_444_800_000, 9_999_999_999_999];
    let history = history(versions.map(table).to_vec());
    run(&history, &database).unwrap();
    let order = number(
        &database,
        "SELECT count(*) FROM (SELECT \"timestamp\", lag(\"timestamp\") OVER (ORDER BY id) AS before FROM migrations) AS x WHERE before > \"timestamp\"",
    );
    assert_eq!(order, 0);
    // a clock that went backwards
    execute(&database, "UPDATE migrations SET applied_at = now() - id * interval '1 year'");
    let plan = migrator(&history, &database).plan_revert(deepref_schema::Target::Steps(1)).unwrap();
    assert_eq!(plan.items()[0].version, 9_999_999_999_999);
}

/// A table of 300 rows, each to be changed once.
fn counting() -> History {
    let make = [
        "CREATE TABLE k (id int PRIMARY KEY, v int NOT NULL DEFAULT 0, w int NOT NULL DEFAULT 0)",
        "INSERT INTO k SELECT i FROM generate_series(1, 300) AS i",
    ];
    let update = batches(Batches {
        table: "k",
        key: &["id"],
        key_types: &["integer"],
        set: "v = v + 1",
        condition: "",
        size: 10,
    });
    let make = simple(1, "Make", &make, &[]);
    history(vec![make, migration(2, "Count", vec![transaction(&["SELECT 1"]), update], vec![])])
}

#[test]
fn rows_that_are_written_meanwhile_keep_both_changes() {
    let database = fresh(server::newest());
    let history = counting();
    migrator(&history, &database).to(1).run().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writer = thread::spawn({
        let (mut client, stop) = (database.client(), stop.clone());
        move || {
            let mut written = 0;
            for id in (0..).map(|i| i * 7 % 300 + 1) {
                if stop.load(Ordering::SeqCst) {
                    return written;
                }
                written += client.execute("UPDATE k SET w = w + 1 WHERE id = $1", &[&id]).unwrap();
                client
                    .execute(
                        "INSERT INTO k (id) VALUES ($1) ON CONFLICT DO NOTHING",
                        &[&(id + 1000)],
                    )
                    .unwrap();
            }
            written
        }
    });
    thread::sleep(Duration::from_millis(50));
    run(&history, &database).unwrap();
    stop.store(true, Ordering::SeqCst);
    let written = writer.join().unwrap() as i64;
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE id <= 300 AND v = 1"), 300);
    assert_eq!(number(&database, "SELECT sum(w) FROM k WHERE id <= 300"), written);
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE v > 1"), 0);
}

#[test]
fn a_range_that_meets_a_deadlock_is_tried_again() {
    let database = fresh(server::newest());
    let history = counting();
    migrator(&history, &database).to(1).run().unwrap();
    let mut other = database.client();
    other
        .batch_execute("SET deadlock_timeout = '60s'; BEGIN; UPDATE k SET w = 1 WHERE id = 9")
        .unwrap();
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let running = thread::spawn({
        let (migrator, reasons) = (migrator(&history, &database), reasons.clone());
        move || {
            let listen = move |event: &Event<'_>| {
                if let Event::Retry { reason, .. } = event {
                    reasons.lock().unwrap().push(reason.to_string());
                }
            };
            migrator.lock_timeout(Duration::from_secs(30)).observe(listen).run().map(|_| ())
        }
    });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while number(&database, waits) == 0 {
        thread::sleep(Duration::from_millis(10));
    }
    // the runner looks for deadlocks after a second, this session after a minute
    other.batch_execute("UPDATE k SET w = 1 WHERE id = 1; COMMIT").unwrap();
    running.join().unwrap().unwrap();
    let reasons = reasons.lock().unwrap();
    assert!(reasons.iter().any(|reason| reason.contains("deadlock")), "{reasons:?}");
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE v = 1"), 300);
    assert_eq!(number(&database, "SELECT sum(w) FROM k"), 2);
}

/// The memory of this process.
#[cfg(target_os = "linux")]
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// In a program of its own, so that the memory of other tests does not count.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "not a test: what the test of flat memory runs"]
fn child_that_updates_many_rows() {
    let Ok(url) = std::env::var("DEEPREF_TEST_CHILD_URL") else { return };
    let update = batches(Batches {
        table: "k",
        key: &["id"],
        key_types: &["integer"],
        set: "v = v + 1",
        condition: "",
        size: 100,
    });
    let history = history(vec![
        table(1),
        migration(2, "Many", vec![transaction(&["SELECT 1"]), update], vec![]),
    ]);
    let (mut few, mut count) = (0, 0);
    let peak = Arc::new(Mutex::new((0, 0)));
    let heard = peak.clone();
    let listen = move |event: &Event<'_>| {
        if let Event::Batch { .. } = event {
            count += 1;
            if count == 50 {
                few = resident_kilobytes();
            }
            *heard.lock().unwrap() = (few, resident_kilobytes());
        }
    };
    history.migrator(Config::from_url(&url).unwrap()).observe(listen).run().unwrap();
    let (few, all) = *peak.lock().unwrap();
    assert!(few > 0 && all < few + 2048, "{few} kB after 50 ranges, {all} kB after all");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_over_many_ranges() {
    let database = fresh(server::newest());
    let history = history(vec![table(1)]);
    run(&history, &database).unwrap();
    // a hundred times the ranges that the child begins with
    execute(
        &database,
        "CREATE TABLE k (id int PRIMARY KEY, v int NOT NULL); INSERT INTO k SELECT i, 0 FROM generate_series(1, 200000) AS i",
    );
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_updates_many_rows", "--ignored"])
        .env("DEEPREF_TEST_CHILD_URL", database.tcp_url())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE v = 1"), 200_000);
}

#[test]
fn dropping_the_schema_waits_for_a_runner() {
    let database = fresh(server::newest());
    migrator(&tables(1), &database).run().unwrap();
    let slow = history(vec![
        table(1),
        simple(2, "Slow", &["CREATE TABLE slow (id int)", "SELECT pg_sleep(1)"], &[]),
    ]);
    let running = thread::spawn({
        let mut migrator = migrator(&slow, &database);
        move || migrator.run().map(|report| report.done.len())
    });
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while number(&database, sleeps) == 0 {
        thread::sleep(Duration::from_millis(10));
    }
    let dropped = migrator(&slow, &database).drop_schema(database.name()).unwrap();
    assert_eq!(running.join().unwrap().unwrap(), 1);
    assert!(dropped.objects.contains(&"table slow".to_string()), "{dropped:?}");
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM pg_class WHERE relname IN ('slow', 't1', 'migrations')"
        ),
        0
    );
}

#[test]
fn dropping_the_schema_is_all_or_nothing() {
    let history = tables(5);
    let proxy = Proxy::before(server::newest().port());
    let left = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    for message in 0.. {
        let mut missed = false;
        for cut in [Cut::Before, Cut::During, Cut::After] {
            let database = fresh(server::newest());
            run(&history, &database).unwrap();
            proxy.reset();
            proxy.cut_for_good(message, cut);
            let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
            let result =
                history.migrator(Config::from_url(&url).unwrap()).drop_schema(database.name());
            missed = proxy.queries() <= message;
            if let Err(error) = result {
                assert_eq!(error.exit_code(), 8, "{cut:?} at {message}: {error}");
            }
            let tables = number(&database, left);
            assert!(
                tables == 6 || tables == 0 || cut == Cut::During,
                "{cut:?} at {message}: {tables}"
            );
            migrator(&history, &database).drop_schema(database.name()).unwrap();
            assert_eq!(number(&database, left), 0, "{cut:?} at {message}");
        }
        if missed {
            assert!(message > 2, "{message}");
            return;
        }
    }
}

#[test]
fn a_copy_that_was_made_during_a_run_goes_on() {
    let database = fresh(server::newest());
    let history = counting();
    let proxy = Proxy::before(database.server().port());
    proxy.cut_for_good(12, Cut::Before);
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    history.migrator(Config::from_url(&url).unwrap()).run().unwrap_err();
    assert_eq!(number(&database, "SELECT count(*) FROM migrations_progress"), 1);
    let changed = number(&database, "SELECT count(*) FROM k WHERE v = 1");
    assert!((1..300).contains(&changed), "{changed}");
    let copy = format!("{}_copy", database.name());
    let mut admin = database.server().connect("postgres");
    let idle =
        format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'", database.name());
    while admin.query_one(&idle, &[]).unwrap().get::<_, i64>(0) > 0 {
        thread::sleep(Duration::from_millis(10));
    }
    admin.batch_execute(&format!("CREATE DATABASE {copy} TEMPLATE {}", database.name())).unwrap();
    let url = database.server().tcp_url(&copy);
    assert_eq!(history.migrator(Config::from_url(&url).unwrap()).run().unwrap().done.len(), 1);
    let mut client = database.server().connect(&copy);
    let query = "SELECT count(*) FROM k WHERE v = 1";
    assert_eq!(client.query_one(query, &[]).unwrap().get::<_, i64>(0), 300);
    drop(client);
    admin.batch_execute(&format!("DROP DATABASE {copy} WITH (FORCE)")).unwrap();
}
