//! What programs and operators are told.

use super::{Example, assert_contains, said};

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
    assert_eq!(json["findings"].as_array().unwrap().len(), 9);
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
