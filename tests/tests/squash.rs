//! The oldest migrations of DeepRef become one: databases in each state go on with it.

use std::fs;
use std::path::Path;

use postgres::Client;
use tests::catalog::{assert_same, read};
use tests::database::{TestDatabase, fresh};
use tests::project::{Project, assert_contains, said};
use tests::proxy::{Cut, Proxy};
use tests::server::{self, TestServer};

const THIRD: &str = "1732025000003";
const SQUASH: [&str; 5] = ["squash", "--to", THIRD, "--name", "FirstSchema"];

/// A project with the migrations of DeepRef.
fn deepref() -> Project {
    let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    for file in fs::read_dir(from.join("src/history")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), project.path().join("src/history").join(file.file_name())).unwrap();
    }
    for file in ["src/history.rs", "history.lock"] {
        fs::copy(from.join(file), project.path().join(file)).unwrap();
    }
    project
}

fn applied(project: &Project, server: &'static TestServer, to: &str) -> TestDatabase {
    let database = fresh(server);
    project.run(&database, &["run", "--to", to], 0);
    database
}

/// The catalog without the ledger.
fn schema(database: &TestDatabase) -> Vec<String> {
    let mut client = database.client();
    client.batch_execute("DROP TABLE IF EXISTS migrations, migrations_progress").unwrap();
    read(&mut client.transaction().unwrap())
}

fn ledger(client: &mut Client) -> Vec<String> {
    let rows = client.query("SELECT name FROM migrations ORDER BY \"timestamp\"", &[]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

const LEDGER: [&str; 4] = [
    "FirstSchema1732025000003",
    "EnhanceAISystemTables1732025000004",
    "CreateMFATables1732025000005",
    "CreateEmailLogsTable1732025000006",
];

#[test]
fn databases_in_each_state_go_on() {
    for server in [server::of_major(14), server::of_major(18)].into_iter().flatten() {
        let project = deepref();
        let second = applied(&project, server, "1732025000002");
        let third = applied(&project, server, THIRD);
        let reverted = applied(&project, server, THIRD);
        let sixth = applied(&project, server, "1732025000006");
        let wanted = applied(&project, server, "1732025000006");
        let at_third = applied(&project, server, THIRD);
        let empty = fresh(server);
        project.run(&empty, &SQUASH, 0);

        // A part of it: nothing runs, and the error says what to do.
        for command in [&["run"][..], &["plan"], &["revert", "--yes"]] {
            let text = project.run(&second, command, 4);
            let problem =
                "which was squashed into `FirstSchema1732025000003`, but 1732025000003 is not";
            let help = "first run the program from before the squash here, up to 1732025000003";
            assert_contains(&text, &["`InitialSchema1732025000001` is applied", problem, help]);
        }
        assert_eq!(ledger(&mut second.client()).len(), 2);

        // All of it: it counts as applied before it is recorded.
        let text = project.run(&third, &["show"], 0);
        assert_contains(&text, &["[X] 1732025000003 FirstSchema", "[ ] 1732025000004"]);
        let text = project.run(&third, &["run"], 0);
        assert_contains(&text, &["3 migrations were applied"]);
        assert_eq!(ledger(&mut third.client()), LEDGER);
        project.run(&sixth, &["show", "--check"], 0);
        project.run(&sixth, &["run"], 0);
        assert_eq!(ledger(&mut sixth.client()), LEDGER);
        assert_contains(&project.run(&sixth, &["run"], 0), &["nothing"]);
        let text = project.run(&empty, &["run"], 0);
        assert_contains(&text, &["applied FirstSchema1732025000003", "4 migrations were applied"]);
        assert_eq!(ledger(&mut empty.client()), LEDGER);

        // Back and forth, from either state; a revert records it first.
        project.run(&sixth, &["revert", "--to", THIRD, "--yes"], 0);
        project.run(&reverted, &["revert", "--yes"], 0);
        assert_eq!(ledger(&mut reverted.client()), Vec::<String>::new());
        project.run(&reverted, &["run"], 0);
        project.run(&reverted, &["verify", "--live"], 0);

        let (wanted, at_third) = (schema(&wanted), schema(&at_third));
        for database in [&third, &empty, &reverted] {
            assert_same(&wanted, &schema(database));
        }
        assert_same(&at_third, &schema(&sixth));
    }
}

#[test]
fn the_files_are_those_of_a_sealed_history() {
    let project = deepref();
    let database = fresh(server::newest());
    let before = files(&project);
    let text = project.run(&database, &[&SQUASH[..], &["--dry-run"]].concat(), 0);
    assert_contains(
        &text,
        &[
            "proved: the migration makes what the 3 that it replaces make",
            "m1732025000001_initial_schema.rs",
            "would write",
            "#[replaces(",
        ],
    );
    assert_eq!(files(&project), before);
    project.run(&database, &SQUASH, 0);
    let names: Vec<_> = files(&project).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "m1732025000003_first_schema.rs",
            "m1732025000004_enhance_ai_system_tables.rs",
            "m1732025000005_create_mfa_tables.rs",
            "m1732025000006_create_email_logs_table.rs"
        ]
    );
    let lock = fs::read_to_string(project.path().join("history.lock")).unwrap();
    assert_contains(&lock, &["# Released", "\nm1732025000003_first_schema v1:"]);
    assert!(!lock.contains("m1732025000004"), "{lock}");
    let text = project.run(&database, &["seal"], 0);
    assert!(!text.contains("first_schema"), "it is sealed already:\n{text}");
    // Squashed once more, up to a later one.
    let again = ["squash", "--to", "1732025000005", "--name", "Second"];
    let text = project.run(&database, &again, 6);
    assert_contains(&text, &["m1732025000004_enhance_ai_system_tables: ", "nothing was written"]);
}

fn files(project: &Project) -> Vec<(String, String)> {
    let mut files: Vec<_> = fs::read_dir(project.path().join("src/history"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn what_can_not_be_squashed_is_refused_by_name() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "A", "up { create table a { id: int primary key, n: int? } }");
    project.add(2, "B", "up { create table b { id: int primary key } }");
    project.add(3, "C", "up { update a set n = 1 where n is null down none; }");
    project.add(4, "D", "up { sql \"INSERT INTO a VALUES (1)\" down none; }");
    let wrapper = "sql \"CREATE FOREIGN DATA WRAPPER w\" down \"DROP FOREIGN DATA WRAPPER w\";";
    project.add(5, "E", &format!("up {{ {wrapper} }}"));
    let database = fresh(server::newest());
    let before = files(&project);
    for (arguments, code, problem) in [
        (&["--to", "4"][..], 6, "these statements change rows, so they can not be squashed"),
        (&["--to", "4"], 6, "m3_c: update"),
        (&["--to", "4"], 6, "m4_d: sql INSERT INTO a VALUES"),
        (
            &["--to", "5", "--drop-data-statements"],
            6,
            "can not be written as one\n  - foreign data wrapper",
        ),
        (&["--to", "9"], 2, "there is no migration 9"),
        (&["--to", "1"], 2, "1 is the first migration: there is nothing to squash"),
        (&["--to", "2", "--name", "B"], 2, "there is a migration `B` already"),
        (&["--to", "2", "--name", "D"], 2, "there is a migration `D` already"),
        (&["--to", "2", "--name", "no_name"], 2, "PascalCase"),
    ] {
        let text = project.run(&database, &[&["squash"], arguments].concat(), code);
        assert_contains(&text, &[problem]);
        assert_eq!(files(&project), before);
    }
    project.run(&database, &["squash", "--to", "2"], 0);
    project.run(&database, &["run"], 0);
    assert_eq!(ledger(&mut database.client()), ["Squashed2", "C3", "D4", "E5"]);
}

/// Views and functions are written as they are in the end, with what they need before them; what
/// changes rows is left out where that is said.
#[test]
fn what_raw_sql_made_is_squashed_and_data_is_left_out() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(
        1,
        "A",
        r#"up {
            create table a { id: int primary key, n: int?, old: text? }
            sql "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'" down "DROP FUNCTION f(int)";
            sql "CREATE VIEW v AS SELECT id FROM a; CREATE VIEW gone AS SELECT old FROM a" down "DROP VIEW gone; DROP VIEW v";
        }"#,
    );
    project.add(
        2,
        "B",
        r#"up {
            create index IDX_f on a (f(n));
            sql "CREATE OR REPLACE VIEW v AS SELECT id, n FROM a WHERE f(n) > 1" down "DROP VIEW v; CREATE VIEW v AS SELECT id FROM a";
            sql "DROP VIEW gone" down "CREATE VIEW gone AS SELECT old FROM a";
            sql "CREATE DOMAIN grade AS int; INSERT INTO a VALUES (1)" down "DROP DOMAIN grade";
            update a set n = 1 where n is null down none;
        }"#,
    );
    project.add(
        3,
        "C",
        r#"up {
            #[allow(data_loss, reason = "unused")]
            alter table a drop column old;
            create table b { grade: grade?, a: int references a }
            sql "COMMENT ON VIEW v IS 'it is'" down "COMMENT ON VIEW v IS NULL";
        }"#,
    );
    project.add(4, "D", "up { create index on b (grade); }");
    let (all, squashed) = (applied(&project, server::newest(), "4"), fresh(server::newest()));
    let text = project.run(&squashed, &["squash", "--to", "3"], 6);
    assert_contains(&text, &["m2_b: sql INSERT INTO a VALUES", "--drop-data-statements"]);
    let text = project.run(&squashed, &["squash", "--to", "3", "--drop-data-statements"], 0);
    assert_contains(
        &text,
        &["left out, because they change rows:\n  m2_b: sql INSERT", "m2_b: update"],
    );
    project.run(&squashed, &["run"], 0);
    project.run(&squashed, &["verify"], 0);
    assert_same(&schema(&all), &schema(&squashed));
}

/// The connection is lost after the server has recorded it: the ledger is asked, and the run goes on.
#[test]
fn a_lost_answer_to_the_record_is_looked_up() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "A", "up { create table a { id: int primary key } }");
    project.add(2, "B", "up { create table b { id: int primary key } }");
    project.add(3, "C", "up { create table c { id: int primary key } }");
    let [shown, lost, never] = [(); 3].map(|()| applied(&project, server::newest(), "2"));
    project.run(&shown, &["squash", "--to", "2"], 0);
    let proxy = Proxy::before(shown.server().port());
    let through = |database: &TestDatabase, code: i32| {
        let mut command = project.command(database, &["run"]);
        let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
        command.env("DATABASE_URL", url);
        said(command, code)
    };
    through(&shown, 0);
    let is_record = |text: &String| text.contains("DELETE FROM") && text.contains("Squashed2");
    let record = proxy.texts().iter().position(is_record).unwrap();
    proxy.reset();
    proxy.cut_at(record, Cut::After);
    let text = through(&lost, 0);
    assert_contains(&text, &["recorded Squashed2 instead of", "applied C3"]);
    proxy.reset();
    proxy.cut_at(record, Cut::Before);
    through(&never, 8);
    assert_eq!(ledger(&mut lost.client()), ["Squashed2", "C3"]);
    assert_eq!(ledger(&mut never.client()), ["A1", "B2"]);
}

/// What was edited after it was applied is not taken for what was squashed; a ledger without
/// checksums, as TypeORM's, is trusted.
#[test]
fn an_edited_migration_is_not_taken_over() {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "A", "up { create table a { id: int primary key } }");
    project.add(2, "B", "up { create table b { id: int primary key } }");
    let [edited, plain] = [(); 2].map(|()| applied(&project, server::newest(), "2"));
    edited
        .client()
        .batch_execute("UPDATE migrations SET checksum = sha256('x') WHERE name = 'A1'")
        .unwrap();
    plain.client().batch_execute("UPDATE migrations SET checksum = NULL").unwrap();
    project.run(&edited, &["squash", "--to", "2"], 0);
    let text = project.run(&edited, &["run"], 4);
    assert_contains(
        &text,
        &["which was squashed into `Squashed2`, but another of them was edited"],
    );
    let text = project.run(&plain, &["run"], 0);
    assert_contains(&text, &["recorded Squashed2 instead of the 2 that it replaces"]);
    assert_eq!(ledger(&mut plain.client()), ["Squashed2"]);
}

/// What it replaces comes through the compiler.
#[test]
fn a_compiled_migration_says_what_it_replaces() {
    mod compiled {
        deepref_schema::migrations! {
            #[replaces(
                1 = "0101010101010101010101010101010101010101010101010101010101010101",
                2 = "0202020202020202020202020202020202020202020202020202020202020202",
            )]
            migration Squashed = 2 {
                up { create table a { id: int primary key } }
            }
        }
    }
    let found = compiled::HISTORY.migrations[0].replaces;
    let found: Vec<_> = found.iter().map(|one| (one.version, one.checksum)).collect();
    assert_eq!(found, [(1, [1; 32]), (2, [2; 32])]);
}
