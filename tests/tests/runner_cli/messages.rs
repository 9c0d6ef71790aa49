//! What is said about mistakes and failures.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use super::{Example, assert_contains, program, said};
use tests::server;

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
