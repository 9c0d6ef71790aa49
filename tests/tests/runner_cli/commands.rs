//! What each command does, and what it leaves alone.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::{Example, assert_contains, program, said, send_signal, wait_for};

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
        &[
            "CreateUsers1000 fails where there are guests",
            "CreateUsers1000 deletes table users: 1 rows",
            "--yes",
        ],
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
                "-- 1000 CreateUsers\n-- People who log in.\n-- reversible: lossy\n",
                "-- a revert deletes the rows of users\n-- a revert fails where there are guests\n",
                "-- 2000 Table2000\n-- reversible: total\n",
                "CREATE TABLE users (\n",
                "2 pending; nothing was run",
            ],
        );
    }
    let json: serde_json::Value =
        serde_json::from_str(&example.run(&["plan", "--json"], 0)).unwrap();
    let class = |index: usize| json[index]["revert"]["class"].as_str();
    assert_eq!((class(0), class(1), class(2)), (Some("lossy"), Some("total"), None));
    assert_eq!(json[0]["revert"]["deletes"][0]["table"], "users");
    assert_eq!(json[0]["revert"]["risks"][0]["text"], "fails where there are guests");
    assert_eq!((&json[1]["version"], &json[1]["segments_done"]), (&2000.into(), &0.into()));
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
    assert_contains(
        &example.run(&["explain", "1000"], 0),
        &["a revert is lossy\n  it deletes the rows of users\n  it fails where there are guests\n"],
    );
    let json: serde_json::Value =
        serde_json::from_str(&example.run(&["explain", "2000", "--json"], 0)).unwrap();
    assert_eq!(json["down"][0]["statements"][0]["sql"], "DROP TABLE t2000");
    example.run(&["explain", "1"], 2);
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
