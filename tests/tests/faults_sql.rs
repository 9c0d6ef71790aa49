//! What the database itself puts in the way: privileges, encodings, triggers, sizes.

#[path = "faults_sql/ranges.rs"]
mod ranges;
#[path = "faults_sql/whole.rs"]
mod whole;

use std::time::{Duration, Instant};

use deepref_schema::{Config, Error, History, Migrator, Report};
use tests::database::{TestDatabase, fresh};
use tests::history::{count_in_ranges, history, migration, simple, table, transaction};
use tests::proxy::Proxy;
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

/// A table of 300 rows, each to be changed once.
fn counting() -> History {
    let make = [
        "CREATE TABLE k (id int PRIMARY KEY, v int NOT NULL DEFAULT 0, w int NOT NULL DEFAULT 0)",
        "INSERT INTO k SELECT i FROM generate_series(1, 300) AS i",
    ];
    let update = count_in_ranges(10);
    let make = simple(1, "Make", &make, &[]);
    history(vec![make, migration(2, "Count", vec![transaction(&["SELECT 1"]), update], vec![])])
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
