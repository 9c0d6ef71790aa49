//! Functions of migrations on the command line.

use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use tests::database::fresh;
use tests::project::{Project, assert_contains};
use tests::server;

#[test]
fn what_a_function_makes_is_missing_in_the_model() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "Numbers", NUMBERS);
    let said = project.run(&fresh(server::newest()), &["verify"], 0);
    assert_contains(&said, &["verified Numbers1: up, down, up in"]);
    project.add(2, "Makes", "up { run steps::make_table revert none; }");
    let said = project.run(&fresh(server::newest()), &["verify"], 4);
    assert_contains(&said, &["`Makes2`: `up` makes something else", "made_by_a_function"]);
}

#[test]
fn a_function_that_fails_fails_the_proof() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "Fills", "up { run steps::fill revert none; }");
    let said = project.run(&fresh(server::newest()), &["verify"], 1);
    let wanted =
        ["run steps::fill: relation \"numbers\" does not exist (42P01)", "1 | INSERT INTO numbers"];
    assert_contains(&said, &wanted);
}

const NUMBERS: &str = "
    up {
        create table numbers { id: int primary key, name: text }
        run steps::fill revert steps::empty;
    }
";

#[test]
fn commands_show_them() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "Numbers", NUMBERS);
    let database = fresh(server::newest());
    let shown = "-- run steps::fill (Rust, which may do anything)\n";
    assert_contains(&project.run(&database, &["plan"], 0), &[shown]);
    assert_contains(&project.run(&database, &["sql", "1"], 0), &[shown]);
    let explained = project.run(&database, &["explain", "1"], 0);
    assert_contains(&explained, &[shown, "Rust: what it does and locks is not known"]);
    let json = project.run(&database, &["explain", "1", "--json"], 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["up"][0]["statements"][1]["function"], "steps::fill");
    assert!(json["up"][0]["statements"][1]["locks"].is_null());
    project.run(&database, &["run"], 0);
    let said = project.run(&database, &["revert", "--yes"], 0);
    assert_contains(&said, &["Numbers1 runs steps::empty, which may do anything"]);
    let said = project.run(&database, &["run", "--json"], 0);
    assert!(said.lines().last().unwrap().contains("\"exit_code\":0"), "{said}");
    let json = {
        project.add(2, "Fails", "up { run steps::nothing revert none; }");
        project.run(&database, &["run", "--json"], 1)
    };
    let end = json.lines().find(|line| line.contains("\"event\":\"end\"")).unwrap();
    let end: serde_json::Value = serde_json::from_str(end).unwrap();
    assert!(end["sqlstate"].is_null(), "{end}");
}

#[test]
fn commands_show_limits() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "Numbers", NUMBERS);
    let file = project.path().join("src/history/m1_numbers.rs");
    let text = fs::read_to_string(&file).unwrap();
    let limits = "#[lock_timeout = \"10s\"] #[attempts = 2] Numbers = 1;";
    fs::write(&file, text.replace("Numbers = 1;", limits)).unwrap();
    let database = fresh(server::newest());
    let lines = ["lock_timeout = \"10s\"\n", "attempts = 2\n"];
    for command in [&["plan"][..], &["sql", "1"], &["explain", "1"]] {
        assert_contains(&project.run(&database, command, 0), &lines);
    }
    let json = project.run(&database, &["explain", "1", "--json"], 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["limits"]["lock_timeout"], 10_000);
    assert_eq!(json["limits"]["attempts"], 2);
    assert!(json["limits"]["statement_timeout"].is_null());
}

#[test]
fn they_can_not_be_squashed() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "Numbers", NUMBERS);
    project.add(2, "More", "up { create table more { id: int } }");
    let said = project.run(&fresh(server::newest()), &["squash", "--to", "2", "--name", "All"], 6);
    assert_contains(&said, &["m1_numbers: run steps::fill"]);
}

#[test]
fn a_signal_cancels_the_statement_of_a_function() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "Sleeps", "up { create table t { id: int } run steps::sleep revert none; }");
    let database = fresh(server::newest());
    let mut command = project.command(&database, &["run"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active' AND datname = current_database()";
    let mut client = database.client();
    while client.query_one(sleeps, &[]).unwrap().get::<_, i64>(0) == 0 {
        thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert_contains(&said, &["what was under way was rolled back"]);
    let left = "SELECT to_regclass('t') IS NULL AND to_regclass('migrations') IS NULL";
    assert!(client.query_one(left, &[]).unwrap().get::<_, bool>(0));
    assert_eq!(client.query_one(sleeps, &[]).unwrap().get::<_, i64>(0), 0);
}
