//! The command line, as a program.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tests::database::{TestDatabase, fresh};
use tests::server;

/// The program, with nothing of the environment of this process.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-migrations"));
    command.env_clear().current_dir(folder).env("EXAMPLE_FOLDER", folder).stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

struct Example {
    database: TestDatabase,
    folder: tempfile::TempDir,
}

impl Example {
    fn new() -> Example {
        Example { database: fresh(server::newest()), folder: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path());
        command.env("DATABASE_URL", self.database.tcp_url()).args(arguments);
        command
    }

    /// Runs a command that must end with this exit code; gives all it said.
    fn run(&self, arguments: &[&str], code: i32) -> String {
        said(self.command(arguments), code)
    }
}

fn said(mut command: Command, code: i32) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert_eq!(status.code(), Some(code), "{command:?}\n{text}");
    text
}

fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn shows_runs_and_reverts() {
    let example = Example::new();
    let text = example.run(&["show"], 0);
    assert_contains(
        &text,
        &["[ ] 1000 CreateUsers", "[ ] 2000 Table2000", "2 migrations are pending"],
    );
    example.run(&["show", "--check"], 3);
    let text = example.run(&["run"], 0);
    assert_contains(
        &text,
        &[
            "applied CreateUsers1000 in ",
            " ms",
            "2 migrations were applied",
            "cargo migrate revert",
            "psql",
        ],
    );
    assert_contains(&example.run(&["run"], 0), &["nothing is pending"]);
    assert_contains(
        &example.run(&["show", "--check"], 0),
        &["[X] 1000 CreateUsers", " UTC by postgres"],
    );
    assert_contains(
        &example.run(&["redo"], 0),
        &["reverted Table20002000", "applied Table20002000"],
    );
    assert_contains(
        &example.run(&["revert"], 0),
        &["reverted Table20002000", "1 migration was reverted"],
    );
    example.database.client().batch_execute("INSERT INTO users VALUES (1)").unwrap();
    assert_contains(
        &example.run(&["revert", "--to", "0"], 6),
        &["CreateUsers1000 deletes table users: 1 rows", "--yes"],
    );
    example.run(&["revert", "--steps", "1", "--yes"], 0);
    assert_contains(&example.run(&["run", "--to", "1000"], 0), &["1 migration was applied"]);
}

#[test]
fn shows_json() {
    let example = Example::new();
    example.run(&["run", "--to", "1000"], 0);
    let json: serde_json::Value =
        serde_json::from_str(&example.run(&["show", "--json"], 0)).unwrap();
    assert_eq!(json["pending"], 1);
    assert_eq!(json["migrations"][0]["state"], "applied");
    assert_eq!(json["migrations"][1]["state"], "pending");
    assert_eq!(json["migrations"][0]["applied_by"], "postgres");
    assert!(json["problem"].is_null());
}

#[test]
fn plans_without_running() {
    let example = Example::new();
    for arguments in [&["plan"][..], &["run", "--dry-run"]] {
        let text = example.run(arguments, 0);
        assert_contains(
            &text,
            &[
                "-- 1000 CreateUsers\n-- People who log in.\n",
                "CREATE TABLE users (\n",
                "2 pending; nothing was run",
            ],
        );
    }
    let tables = example
        .database
        .client()
        .query("SELECT FROM pg_class WHERE relname IN ('users', 'migrations')", &[])
        .unwrap();
    assert!(tables.is_empty());
    let mut command = program(example.folder.path());
    command.args(["sql", "2000"]);
    assert_contains(
        &said(command, 0),
        &[
            "-- up: in one transaction\nCREATE TABLE t2000",
            "-- down: in one transaction\nDROP TABLE t2000;",
        ],
    );
    example.run(&["sql", "1"], 2);
    assert_contains(
        &example.run(&["explain", "2000"], 0),
        &["2000 ", "up 1 of 1: in one transaction\n  CREATE TABLE t2000", "raw SQL: what it locks"],
    );
    let json: serde_json::Value =
        serde_json::from_str(&example.run(&["explain", "2000", "--json"], 0)).unwrap();
    assert_eq!(json["down"][0]["statements"][0]["sql"], "DROP TABLE t2000");
    example.run(&["explain", "1"], 2);
}

#[test]
fn a_failure_says_what_failed_and_where() {
    let example = Example::new();
    let mut command = example.command(&["run"]);
    command.env("EXAMPLE_SQL", "SELECT 1,\n  nothing");
    let text = said(command, 1);
    assert_contains(
        &text,
        &[
            "error: `Extra3000` failed and was rolled back (2 done before it",
            "42703",
            "   2 |   nothing\n",
            "     |   ^",
        ],
    );
    assert!(!text.contains('\u{1b}'), "no colours without a terminal: {text}");
}

#[test]
fn text_of_the_server_can_not_move_the_cursor() {
    let example = Example::new();
    let mut command = example.command(&["run"]);
    command.env("EXAMPLE_SQL", "DO $$ BEGIN RAISE NOTICE 'n%', chr(27) || '[2J'; RAISE 'e%', chr(27) || '[2J' || chr(13); END $$");
    let text = said(command, 1);
    assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text:?}");
    assert_contains(&text, &["NOTICE: n\\u{1b}[2J", "e\\u{1b}[2J\\u{d}"]);
}

#[test]
fn logs_statements_where_asked() {
    let example = Example::new();
    let mut command = example.command(&["run"]);
    command.env("DATABASE_LOGGING", "true");
    assert_contains(&said(command, 0), &["sql: CREATE TABLE t2000 (id int PRIMARY KEY)"]);
    let text = Example::new().run(&["run"], 0);
    assert!(!text.contains("CREATE TABLE"), "{text}");
}

#[test]
fn usage_and_configuration_are_exit_code_2() {
    let example = Example::new();
    for arguments in [
        &["fly"][..],
        &[],
        &["revert", "--steps", "1", "--to", "2"],
        &["run", "--to", "5"],
        &["run", "--lock-timeout", "0"],
    ] {
        example.run(arguments, 2);
    }
    let mut command = example.command(&["show"]);
    command.env("DATABASE_PORT", "0");
    assert_contains(&said(command, 2), &["DATABASE_PORT"]);
    let mut command = example.command(&["show"]);
    command.env("DATABASE_SYNCHRONIZE", "true");
    assert_contains(&said(command, 2), &["DATABASE_SYNCHRONIZE", "write a migration"]);
    fs::write(example.folder.path().join(".env"), "DATABASE_LOGGING=canary oops 'x\n").unwrap();
    let text = example.run(&["show"], 2);
    assert!(text.contains(".env") && !text.contains("canary"), "{text}");
}

#[test]
fn reads_the_env_file() {
    let example = Example::new();
    fs::write(
        example.folder.path().join(".env"),
        format!("DATABASE_URL=\"{}\"\n", example.database.tcp_url()),
    )
    .unwrap();
    let mut command = program(example.folder.path());
    command.arg("run");
    assert_contains(&said(command, 0), &["2 migrations were applied", example.database.name()]);
}

#[test]
fn a_database_that_is_not_there_is_exit_code_7() {
    let example = Example::new();
    for url in [
        "postgres://u:canary@127.0.0.1:1/d".to_string(),
        format!(
            "postgres://postgres:canary@127.0.0.1:{}/no_such_database",
            server::newest().port()
        ),
        format!("postgres://nobody:canary@127.0.0.1:{}/postgres", server::newest().port()),
        "postgres://u:canary@%2Fno%2Fsuch%2Ffolder/d".to_string(),
        "postgres://u:canary@no-such-host.invalid/d?sslmode=disable".to_string(),
    ] {
        let mut command = example.command(&["run"]);
        command.env("DATABASE_URL", &url);
        let text = said(command, 7);
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn helps() {
    let example = Example::new();
    for command in [
        "show", "run", "revert", "redo", "create", "plan", "sql", "explain", "seal", "serve",
        "resolve", "stats", "doctor",
    ] {
        assert_contains(
            &example.run(&[command, "--help"], 0),
            &[&format!("cargo migrate {command}"), "Example"],
        );
    }
    assert_contains(&example.run(&["--help"], 0), &["Exit codes", "DATABASE_URL"]);
    assert_contains(&example.run(&["schema", "drop", "--help"], 0), &["--name deepref"]);
}

#[test]
fn creates_files_and_lines() {
    let example = Example::new();
    let folder = example.folder.path();
    fs::create_dir(folder.join("src")).unwrap();
    fs::write(
        folder.join("src/history.rs"),
        "deepref_schema::migrations! {\n    m1000_create_users;\n    m2000_table2000;\n}\n",
    )
    .unwrap();
    example.run(&["create", "AddPhone"], 0);
    let list = fs::read_to_string(folder.join("src/history.rs")).unwrap();
    let stem = list.lines().nth(3).unwrap().trim().trim_end_matches(';').to_string();
    assert!(stem.ends_with("_add_phone") && list.ends_with(";\n}\n"), "{list}");
    let version = stem[1..].split('_').next().unwrap();
    let file = fs::read_to_string(folder.join(format!("src/history/{stem}.rs"))).unwrap();
    assert_eq!(
        file,
        format!(
            "use deepref_schema::migration;\n\nmigration! {{\n    AddPhone = {version};\n\n    up {{\n    }}\n}}\n"
        )
    );
    example.run(&["create", "AddPhone"], 2);
    example.run(&["create", "CreateUsers"], 2);
    example.run(&["create", "add_phone"], 2);
    // a version from a clock that is ahead is never undercut
    let ahead = "    m99999999999999_future;\n}";
    fs::write(
        folder.join("src/history.rs"),
        list.trim_end().trim_end_matches('}').to_string() + ahead,
    )
    .unwrap();
    example.run(&["create", "Next"], 0);
    assert!(folder.join("src/history/m100000000000000_next.rs").is_file());
}

#[test]
fn seals_once() {
    let example = Example::new();
    let lock = example.folder.path().join("history.lock");
    assert_contains(&example.run(&["seal"], 0), &["sealed m1000_createusers"]);
    let sealed = fs::read_to_string(&lock).unwrap();
    assert_eq!(deepref_schema_core::seal::parse(&sealed).unwrap().len(), 2);
    assert_contains(&example.run(&["seal"], 0), &["every migration is sealed"]);
    let mut command = example.command(&["seal"]);
    command.env("EXAMPLE_SQL", "SELECT 1");
    said(command, 0);
    let more = fs::read_to_string(&lock).unwrap();
    assert!(more.starts_with(&sealed) && more.len() > sealed.len());
    assert_contains(&example.run(&["seal"], 4), &["`m3000_extra` was edited, moved or removed"]);
}

#[test]
fn drops_the_schema_where_the_name_is_said() {
    let example = Example::new();
    example.run(&["run", "--environment", "production"], 0);
    assert_contains(
        &example.run(&["schema", "drop", "--name", example.database.name()], 6),
        &["production"],
    );
    example.run(&["run", "--environment", "test"], 0);
    assert_contains(&example.run(&["schema", "drop"], 6), &["--name", "table users"]);
    example.run(&["schema", "drop", "--name", "other"], 6);
    assert_contains(
        &example.run(&["schema", "drop", "--name", example.database.name()], 0),
        &["dropped table users"],
    );
    assert_contains(&example.run(&["schema", "drop"], 0), &["nothing to drop"]);
    assert_contains(&example.run(&["schema", "sync"], 6), &["write a migration"]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let example = Example::new();
    let mut child =
        example.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{stderr}");
    assert!(!stderr.contains("panic"), "{stderr}");
}

fn send_signal(child: &std::process::Child, signal: &str) {
    assert!(
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success()
    );
}

fn wait_for(database: &TestDatabase, condition: &str) {
    let start = Instant::now();
    let query = format!(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'deepref-schema run' AND datname = current_database() AND {condition}"
    );
    while !database.client().query_one(&query, &[]).unwrap().get::<_, bool>(0) {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {condition}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

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
fn a_person_decides_about_an_interrupted_statement() {
    let example = Example::new();
    let command = |arguments: &[&str]| {
        let mut command = example.command(arguments);
        command.env("EXAMPLE_OUTSIDE", "CALL slow()");
        command
    };
    said(command(&["run", "--to", "2000"]), 0);
    let slow = "CREATE PROCEDURE slow() LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE s (id int); COMMIT; PERFORM pg_sleep(60); END $$";
    example.database.client().batch_execute(slow).unwrap();
    said(command(&["resolve", "--retry"]), 2);
    let mut child = command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for(&example.database, "wait_event = 'PgSleep'");
    child.kill().unwrap();
    child.wait().unwrap();
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    example.database.client().batch_execute(end).unwrap();
    let text = said(command(&["run"]), 5);
    assert_contains(&text, &["CALL slow()", "cargo migrate resolve --applied"]);
    said(command(&["resolve"]), 2);
    assert_contains(&said(command(&["resolve", "--retry"]), 0), &["sends the statement again"]);
    assert_contains(&said(command(&["run"]), 1), &["42P07"]);
    // it failed, and that is known: there is nothing to decide
    said(command(&["resolve", "--applied"]), 2);
    let interrupted = "UPDATE migrations_progress SET state = 'running'";
    example.database.client().batch_execute(interrupted).unwrap();
    assert_contains(&said(command(&["resolve", "--applied"]), 0), &["goes on after"]);
    assert_contains(&said(command(&["run"]), 0), &["applied Extra3000"]);
    assert_contains(&said(command(&["show", "--check"]), 0), &["[X] 3000 Extra"]);
}

#[test]
fn an_older_program_starts_where_that_is_the_policy() {
    let example = Example::new();
    let mut newer = example.command(&["run"]);
    newer.env("EXAMPLE_SQL", "SELECT 1");
    said(newer, 0);
    let older = |arguments: &[&str], policy: &str, code: i32| {
        let mut command = example.command(arguments);
        command.env("DATABASE_MIGRATIONS_AHEAD", policy);
        said(command, code)
    };
    example.run(&["run"], 4);
    assert_contains(
        &example.run(&["run", "--ahead", "warn"], 0),
        &["warning: `Extra3000` is applied"],
    );
    assert_contains(&older(&["run"], "warn", 0), &["warning: `Extra3000` is applied"]);
    older(&["run"], "error", 4);
    older(&["run", "--ahead", "error"], "warn", 4);
    assert_contains(&older(&["run"], "maybe", 2), &["DATABASE_MIGRATIONS_AHEAD"]);
}

fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn tells_programs_what_happens() {
    let example = Example::new();
    let lines = json_lines(&example.run(&["run", "--json"], 0));
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["begin", "done", "begin", "done", "end"]);
    assert_eq!(lines[0]["migration"], "CreateUsers1000");
    assert!(lines[1]["duration_ms"].is_u64());
    let end = serde_json::json!({ "event": "end", "done": ["CreateUsers1000", "Table20002000"], "exit_code": 0, "error": null, "sqlstate": null });
    assert_eq!(lines[4], end);
    let mut failing = example.command(&["run", "--json"]);
    failing.env("EXAMPLE_SQL", "SELECT nothing");
    let lines = json_lines(&said(failing, 1));
    let end = lines.last().unwrap();
    assert_eq!((&end["exit_code"], &end["sqlstate"]), (&1.into(), &"42703".into()));
    assert!(end["error"].as_str().unwrap().contains("Extra3000"), "{end}");
    let lines = json_lines(&example.run(&["revert", "--json"], 0));
    assert_eq!(lines[1]["up"], false);
    assert_eq!(lines.last().unwrap()["done"], serde_json::json!(["Table20002000"]));
    example.run(&["run", "--json", "--dry-run"], 2);
}

#[test]
fn shows_times_and_sizes() {
    let example = Example::new();
    example.run(&["run"], 0);
    example.database.client().batch_execute("INSERT INTO users SELECT i, repeat('x', 100) FROM generate_series(1, 1000) AS i; CREATE INDEX unread ON users (name); ANALYZE users").unwrap();
    assert_contains(
        &example.run(&["stats"], 0),
        &["CreateUsers1000", "1000 ", "public.users", "public.unread of public.users"],
    );
    let json: serde_json::Value =
        serde_json::from_str(&example.run(&["stats", "--json"], 0)).unwrap();
    assert_eq!(json["tables"][0]["name"], "public.users");
    assert_eq!(json["tables"][0]["rows"], 1000);
    assert!(json["tables"][0]["index_bytes"].as_u64().unwrap() > 8192);
    // the key does its work without being read
    assert_eq!(json["unused_indexes"].as_array().unwrap().len(), 1);
}

#[test]
fn a_doctor_finds_what_is_broken() {
    let example = Example::new();
    example.run(&["run"], 0);
    let mut client = example.database.client();
    let text = example.run(&["doctor"], 0);
    assert_contains(
        &text,
        &[
            "good    connection: PostgreSQL",
            "good    ledger: 2 applied, 0 pending",
            "good    indexes",
            "good    pooler",
            "warning settings",
        ],
    );
    client.batch_execute("INSERT INTO users VALUES (1, 'a'), (2, 'a')").unwrap();
    client.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY broken ON users (name)").unwrap_err();
    client
        .batch_execute(&format!(
            "ALTER TABLE users ADD CONSTRAINT later CHECK (id > 1) NOT VALID; ALTER DATABASE {} SET idle_in_transaction_session_timeout = '1min'",
            example.database.name()
        ))
        .unwrap();
    let json: serde_json::Value =
        serde_json::from_str(example.run(&["doctor", "--json"], 5).split("error:").next().unwrap())
            .unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 8);
    let text = example.run(&["doctor"], 5);
    assert_contains(
        &text,
        &[
            "bad     indexes",
            "public.broken",
            "warning constraints",
            "later of users",
            "good    settings: transactions may be idle for 1min",
        ],
    );
    client.batch_execute("UPDATE migrations SET checksum = '\\x01'").unwrap();
    assert_contains(&example.run(&["doctor"], 4), &["the ledger public.migrations is damaged"]);
    assert_contains(&example.run(&["doctor", "55p03"], 0), &["another session holds a lock"]);
    example.run(&["doctor", "00000"], 2);
}

#[test]
fn without_configuration_it_runs_on_the_embedded_server() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.lock"), "").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = program(folder.path());
        command.args(arguments);
        said(command, 0)
    };
    assert_contains(
        &run(&["run"]),
        &[
            "embedded PostgreSQL",
            "2 migrations were applied",
            "cargo migrate show",
            "psql 'postgresql://",
            "cargo migrate revert",
        ],
    );
    assert_contains(&run(&["run"]), &["nothing is pending"]);
    assert_contains(&run(&["revert"]), &["1 migration was reverted"]);
    let mut serve = program(folder.path());
    let mut child = serve.arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.nth(1).unwrap().unwrap();
    let url = url.trim_start_matches("psql '").trim_end_matches('\'');
    postgres::Client::connect(url, postgres::NoTls)
        .unwrap()
        .batch_execute("SELECT FROM users")
        .unwrap();
    send_signal(&child, "-INT");
    assert!(child.wait().unwrap().success());
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
