//! One history on many databases, and in many schemas of one.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use deepref_schema::{Config, History, Migrator, Target};
use tests::database::{TestDatabase, fresh};
use tests::history::{history, migration, outside, simple, table, transaction};
use tests::server;

fn command(folder: &Path, database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-migrations"));
    command.env_clear().current_dir(folder).env("EXAMPLE_FOLDER", folder).stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("DATABASE_URL", database.tcp_url()).args(arguments);
    command
}

fn said(mut command: Command, code: i32) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

fn number(database: &TestDatabase, query: &str) -> i64 {
    database.client().query_one(query, &[]).unwrap().get(0)
}

#[test]
fn a_thousand_schemas_and_one_that_fails() {
    // a tenth where nobody asks for all
    let all = std::env::var_os("DEEPREF_ROUNDS").is_some_and(|value| !value.is_empty());
    let count = if all { 1000 } else { 100 };
    let folder = tempfile::tempdir().unwrap();
    let database = fresh(server::newest());
    let mut client = database.client();
    let make = format!(
        "DO $$ BEGIN FOR i IN 1..{count} LOOP EXECUTE format('CREATE SCHEMA tenant_%s', lpad(i::text, 4, '0')); END LOOP; END $$; \
         CREATE SCHEMA tenantx; CREATE TABLE tenant_0007.users (id int); CREATE TABLE public.shared (id int)"
    );
    client.batch_execute(&make).unwrap();
    let run = |arguments: &[&str], code| said(command(folder.path(), &database, arguments), code);
    let text = run(&["run", "--schemas", "tenant_*", "--jobs", "8"], 4);
    assert!(text.contains(&format!("/{count}] tenant_0001: 2 applied")), "{text}");
    assert!(text.contains("tenant_0007: failed:") && text.contains("tenant_0007.users"), "{text}");
    assert!(text.contains(&format!("1 of {count} failed")), "{text}");
    let applied = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relname = 't2000' AND nspname LIKE 'tenant\\_%'";
    assert_eq!(number(&database, applied), count - 1);
    client.batch_execute("DROP TABLE tenant_0007.users").unwrap();
    let text = run(&["run", "--schemas", "tenant_*", "--json", "--jobs", "8"], 0);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let worked: Vec<_> = lines
        .iter()
        .filter(|line| line["done"].as_array().is_some_and(|done| !done.is_empty()))
        .collect();
    assert_eq!(worked.len(), 1, "{worked:?}");
    assert_eq!(worked[0]["target"], "tenant_0007");
    let end = serde_json::json!({ "event": "end", "total": count, "done": count, "failed": 0, "left": 0, "exit_code": 0 });
    assert_eq!(lines.last().unwrap(), &end);
    assert_eq!(number(&database, applied), count);
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM pg_class WHERE relname = 't2000' AND relnamespace = 'public'::regnamespace"
        ),
        0
    );
    run(&["run", "--schemas", "nobody_*"], 2);
}

#[test]
fn a_list_of_databases_goes_on_after_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let databases: Vec<_> = (0..3).map(|_| fresh(server::newest())).collect();
    let list = format!(
        "# customers\n{}\n\n{}\nno_such_database\n{}\n",
        databases[0].name(),
        databases[1].tcp_url(),
        databases[2].name()
    );
    fs::write(folder.path().join("list"), list).unwrap();
    let run =
        |code| said(command(folder.path(), &databases[0], &["run", "--databases", "list"]), code);
    let text = run(7);
    assert!(text.contains("no_such_database: failed:") && text.contains("1 of 4 failed"), "{text}");
    for database in &databases {
        assert_eq!(number(database, "SELECT count(*) FROM migrations"), 2);
    }
    fs::write(folder.path().join("list"), "a\npostgres://u:canary@\n").unwrap();
    let text = run(2);
    assert!(text.contains("list:2:") && !text.contains("canary"), "{text}");
    fs::remove_file(folder.path().join("list")).unwrap();
    run(2);
    // Without a server a name means nothing, and none is started for it.
    fs::write(folder.path().join("list"), databases[2].name()).unwrap();
    let mut alone = command(folder.path(), &databases[0], &["run", "--databases", "list"]);
    alone.env_remove("DATABASE_URL");
    let text = said(alone, 2);
    assert!(text.contains("list:1: no server is configured"), "{text}");
    let url = databases[2].tcp_url();
    fs::write(folder.path().join("list"), url).unwrap();
    let mut alone = command(folder.path(), &databases[0], &["run", "--databases", "list"]);
    alone.env_remove("DATABASE_URL");
    assert!(said(alone, 0).contains("nothing is pending"));
}

/// What a tenant may need: an extension that all share, an index built concurrently.
fn tenants() -> History {
    let make = [
        "CREATE EXTENSION IF NOT EXISTS citext",
        "CREATE TABLE n (v citext)",
        "CREATE TYPE mood AS ENUM ('a')",
    ];
    let up = vec![
        transaction(&["ALTER TABLE n ADD COLUMN m mood"]),
        outside("CREATE INDEX CONCURRENTLY n_v ON n (v)"),
    ];
    let down =
        vec![outside("DROP INDEX CONCURRENTLY n_v"), transaction(&["ALTER TABLE n DROP COLUMN m"])];
    history(vec![
        simple(1, "Make", &make, &["DROP TYPE mood", "DROP TABLE n", "DROP EXTENSION citext"]),
        migration(2, "Index", up, down),
        table(3),
    ])
}

#[test]
fn a_schema_holds_all_that_its_history_makes() {
    for server in server::all() {
        let database = fresh(server);
        let migrator = |schema: &str| -> Migrator {
            tenants().migrator(Config::from_url(&database.tcp_url()).unwrap()).schema(schema)
        };
        for schema in ["one", "The \"2nd\" \\ one", "public"] {
            assert_eq!(migrator(schema).run().unwrap().done.len(), 3, "{schema}");
        }
        let made = "SELECT count(DISTINCT relnamespace) FROM pg_class WHERE relname IN ('n', 'n_v', 't3', 'migrations')";
        assert_eq!(number(&database, made), 3);
        let all = "SELECT count(*) FROM pg_class WHERE relname IN ('n', 'n_v', 't3', 'migrations')";
        assert_eq!(number(&database, all), 12);
        let home = "SELECT count(*) FROM pg_extension WHERE extname = 'citext' AND extnamespace = 'public'::regnamespace";
        assert_eq!(number(&database, home), 1);
        // the second one found the extension, and leaves it
        let second = "The \"2nd\" \\ one";
        let plan = migrator(second).plan_revert(Target::Version(0)).unwrap();
        assert_eq!(migrator(second).revert(&plan).unwrap().done.len(), 3);
        assert_eq!((number(&database, made), number(&database, home)), (3, 1));
        assert_eq!(number(&database, all), 9);
        assert_eq!(migrator("one").status().unwrap().pending().count(), 0);
    }
}
