//! `cargo migrate seed`.

use std::process::{Command, Output, Stdio};

use tests::database::TestDatabase;
use tests::server::newest;

use super::{migrated, rows};

const KEY: &str = "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd";

/// The program on a database, with nothing of the environment of this process.
fn program(
    database: Option<&TestDatabase>,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> Command {
    let folder = std::env::temp_dir();
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-seeds"));
    command.env_clear().current_dir(folder).stdin(Stdio::null()).arg("seed").args(arguments);
    command.envs(variables.iter().copied());
    command.envs(database.map(|database| ("DATABASE_URL", database.tcp_url())));
    command
}

/// Runs it; it must end with this exit code. Gives all that it said, which
/// holds no secret.
fn said(mut command: Command, code: i32) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert_eq!(status.code(), Some(code), "{command:?}\n{text}");
    assert!(!text.contains("canary") && !text.contains("abcdabcd"), "{text}");
    text
}

fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn it_seeds_and_says_what_it_did() {
    let database = migrated(newest());
    let run = |variables: &[_], arguments: &[_], code| {
        said(program(Some(&database), variables, arguments), code)
    };
    let key = ("DEEPREF_SEED_KEY", KEY);
    let text = run(&[key, ("DATABASE_LOGGING", "true")], &["--env", "prod"], 0);
    assert_contains(
        &text,
        &[
            "seeded Plans in ",
            ": 4 of 4 rows written",
            "seeded Secrets in",
            "not for prod: DemoPlans",
            "9 of 9 rows were written",
            "sql: INSERT INTO notes AS present",
        ],
    );
    let text = run(&[key, ("DEEPREF_ENV", "prod")], &[], 0);
    assert_contains(&text, &[": 0 of 4 rows written", "nothing to do: 9 rows are as declared"]);
    let text = run(&[("DEEPREF_ENV", "prod")], &["Limits", "--json"], 0);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["event"], "seeded");
    assert_eq!(
        (&lines[0]["seed"], &lines[0]["rows"], &lines[0]["changed"]),
        (&"Plans".into(), &4.into(), &0.into())
    );
    assert_eq!(lines[2]["event"], "end");
    assert_eq!(lines[2]["done"], serde_json::json!(["Plans", "Limits"]));
    assert_eq!(lines[2]["exit_code"], 0);
    let text = run(&[("DEEPREF_ENV", "prod")], &["DemoPlans", "--json"], 6);
    let end: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!((&end["event"], &end["exit_code"]), (&"end".into(), &6.into()));
}

#[test]
fn it_says_what_to_write_where_the_environment_is_not_clear() {
    let database = migrated(newest());
    let run = |variables: &[_], arguments: &[_], code| {
        said(program(Some(&database), variables, arguments), code)
    };
    assert_contains(
        &run(&[], &[], 2),
        &["the environment is not named", "`--env dev`", "DEEPREF_ENV"],
    );
    let text = run(&[("DEEPREF_ENV", "production")], &[], 2);
    assert_contains(&text, &["DEEPREF_ENV must be `dev`, `staging` or `prod`"]);
    assert_contains(
        &run(&[], &["--env", "production"], 2),
        &["invalid value", "dev, staging, prod"],
    );
    let text = run(&[("DEEPREF_ENV", "prod")], &["--env", "dev"], 6);
    assert_contains(&text, &["`--env` says dev, and DEEPREF_ENV says prod", "nothing was seeded"]);
    assert!(rows(&database).is_empty());
}

#[test]
fn a_key_that_is_none_is_one_error_before_any_work() {
    let database = migrated(newest());
    let run = |key: Option<&str>| {
        let variables: Vec<_> = key.map(|key| ("DEEPREF_SEED_KEY", key)).into_iter().collect();
        said(program(Some(&database), &variables, &["--env", "prod"]), 2)
    };
    assert_contains(&run(None), &["DEEPREF_SEED_KEY is not set", "openssl rand -hex 32"]);
    assert_contains(&run(Some("")), &["DEEPREF_SEED_KEY is set but empty"]);
    assert_contains(
        &run(Some(&KEY[..32])),
        &["DEEPREF_SEED_KEY has 32 hexadecimal digits, a key has 64"],
    );
    assert_contains(
        &run(Some("canary")),
        &["DEEPREF_SEED_KEY holds something else than hexadecimal digits"],
    );
    assert!(rows(&database).is_empty());
}

#[test]
fn a_dry_run_shows_the_statements_and_needs_no_database() {
    let text = said(program(None, &[], &["--env", "prod", "--dry-run"]), 0);
    assert_contains(
        &text,
        &[
            "-- Plans\n-- The plans.\nINSERT INTO plans AS present (name, price, note) VALUES ('basic', 0, null) ON CONFLICT (name) DO UPDATE SET price = excluded.price, note = excluded.note WHERE ROW(present.price, present.note)::record *<> ROW(excluded.price, excluded.note)::record;\n",
            "INSERT INTO tags AS present (name) VALUES ('new') ON CONFLICT (name) DO NOTHING;\n",
            "VALUES (1, 'first', 'v1:…', 'v1:…') ON CONFLICT (id)",
            "-- not for prod: DemoPlans\n-- 3 for prod; nothing was run",
        ],
    );
}
