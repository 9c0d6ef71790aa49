//! `adopt`: takes over a database that is there, and writes nothing before the proof.

use std::fs;

use tests::catalog::{assert_same, snapshot};
use tests::database::{TestDatabase, fresh};
use tests::project::{Project, assert_contains, said};
use tests::proxy::{Cut, Proxy};
use tests::server;

const FIRST: &str =
    "up { create table users { id: bigint primary key identity, email: text unique } }";
const SECOND: &str = "up { create index IDX_email on users (lower(email)); }";
const THIRD: &str = "up { alter table users add column phone: text?; }";

/// What the first two of these make, as another tool may have made it.
const MADE: &str = "
    CREATE TABLE users (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, email text NOT NULL UNIQUE);
    CREATE INDEX \"IDX_email\" ON users (lower(email));";

/// The ledger of each tool after the first two, and its name.
const LEDGERS: &[(&str, &str)] = &[
    ("sqlx", "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text, success boolean, checksum bytea);
        INSERT INTO _sqlx_migrations VALUES (1, 'a', true, ''), (2, 'b', true, '')"),
    ("diesel", "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp DEFAULT now());
        INSERT INTO __diesel_schema_migrations VALUES ('00000000000001'), ('00000000000002')"),
    ("refinery", "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));
        INSERT INTO refinery_schema_history VALUES (1, 'a', '', ''), (2, 'b', '', '')"),
    ("golang-migrate", "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
        INSERT INTO schema_migrations VALUES (2, false)"),
    ("Flyway", "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), script varchar(1000), success boolean);
        INSERT INTO flyway_schema_history VALUES (1, '1', 'a', true), (2, '2', 'b', true), (3, NULL, 'r', true)"),
    ("the other tool", "CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
        CREATE TABLE ar_internal_metadata (key varchar PRIMARY KEY);
        INSERT INTO schema_migrations VALUES ('1'), ('2')"),
    ("TypeORM", "CREATE TABLE migrations (id serial PRIMARY KEY, \"timestamp\" bigint NOT NULL, name varchar NOT NULL);
        INSERT INTO migrations (\"timestamp\", name) VALUES (1, 'CreateUsers1'), (2, 'IndexUsers2')"),
];

fn project() -> Project {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "CreateUsers", FIRST);
    project.add(2, "IndexUsers", SECOND);
    project.add(3, "AddPhone", THIRD);
    project
}

fn database(sql: &[&str]) -> TestDatabase {
    let database = fresh(server::newest());
    database.client().batch_execute(&sql.join(";\n")).unwrap();
    database
}

#[test]
fn the_ledger_of_another_tool_is_taken_over() {
    let project = project();
    for (tool, ledger) in LEDGERS {
        let database = database(&[MADE, ledger]);
        let proved =
            format!("proved: the database is what 2 migrations make, which {tool} has applied");
        assert_contains(&project.run(&database, &["adopt"], 0), &[&proved, "recorded IndexUsers2"]);
        let text = project.run(&database, &["show"], 0);
        assert_contains(&text, &["[X] 1 CreateUsers", "[X] 2 IndexUsers", "[ ] 3 AddPhone"]);
    }
}

#[test]
fn a_database_that_was_taken_over_is_one_of_ours() {
    let project = project();
    let database = database(&[MADE, LEDGERS[0].1]);
    let before = snapshot(&mut database.client());
    let text = project.run(&database, &["adopt", "--dry-run"], 0);
    assert_contains(&text, &["would record CreateUsers1", "would record IndexUsers2"]);
    assert_same(&before, &snapshot(&mut database.client()));
    project.run(&database, &["adopt"], 0);
    project.run(&database, &["run"], 0);
    project.run(&database, &["verify", "--live"], 0);
    assert_contains(&project.run(&database, &["adopt"], 6), &["is taken over already"]);
}

#[test]
fn a_database_that_differs_is_not_taken_over() {
    let project = project();
    let database = database(&[MADE, LEDGERS[0].1, "DROP INDEX \"IDX_email\""]);
    let before = snapshot(&mut database.client());
    let text = project.run(&database, &["adopt"], 4);
    assert_contains(
        &text,
        &[
            "the database is not what 2 migrations make, which sqlx has applied",
            "- index `IDX_email` of table `users` is missing",
        ],
    );
    assert_same(&before, &snapshot(&mut database.client()));
}

#[test]
fn what_the_history_does_not_have_is_not_taken_over() {
    let project = project();
    for (change, problem) in [
        (
            "INSERT INTO _sqlx_migrations VALUES (9, 'c', true, '')",
            "sqlx has applied 9, which the history does not have",
        ),
        (
            "UPDATE _sqlx_migrations SET success = false WHERE version = 2",
            "sqlx has left 2 half-way",
        ),
    ] {
        let database = database(&[MADE, LEDGERS[0].1, change]);
        assert_contains(&project.run(&database, &["adopt"], 6), &[problem]);
    }
}

/// What a baseline has to write.
const BASELINE: &str = r#"
    CREATE EXTENSION citext;
    CREATE SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('happy', 'in between');
    CREATE FUNCTION app.slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
    CREATE TABLE app.users (
        id bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY (START 100),
        "eMail" citext NOT NULL CONSTRAINT once UNIQUE DEFERRABLE,
        mood app.mood DEFAULT 'happy' NOT NULL,
        price numeric(10,2) DEFAULT 0 CHECK (price >= 0 AND price IN (1, 2, 3)),
        kind varchar(20) DEFAULT 'a' CHECK (kind IN ('a', 'b')),
        note text COLLATE "C",
        at timestamptz(3) DEFAULT now(),
        total numeric GENERATED ALWAYS AS (price * 2) STORED);
    CREATE TABLE posts (
        id serial PRIMARY KEY,
        author bigint REFERENCES app.users ON DELETE CASCADE,
        parent int REFERENCES posts DEFERRABLE INITIALLY DEFERRED,
        during tstzrange,
        EXCLUDE USING gist (during WITH &&) WHERE (parent > 1));
    ALTER TABLE posts ADD CHECK (id > 0) NOT VALID;
    CREATE UNIQUE INDEX by_mail ON app.users (lower(note) DESC NULLS LAST, mood) INCLUDE (price) WHERE kind <> 'b';
    CREATE INDEX ON app.users (app.slug(note));
    CREATE INDEX ON app.users (note text_pattern_ops) WITH (fillfactor = 50);
    CREATE SEQUENCE numbers AS smallint INCREMENT -1 CYCLE;
    CREATE VIEW v AS SELECT id FROM posts;
    COMMENT ON TABLE posts IS 'it''s "said"';
    COMMENT ON COLUMN posts.author IS 'who';
    COMMENT ON TYPE app.mood IS 'how';
    INSERT INTO app.users ("eMail", price) VALUES ('a@b', 1);
"#;

#[test]
fn a_baseline_is_written_and_makes_the_same() {
    let servers = server::all();
    for server in [servers.first(), servers.last()].into_iter().flatten() {
        let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
        let database = fresh(server);
        database.client().batch_execute(BASELINE).unwrap();
        let before = snapshot(&mut database.client());
        let text = project.run(&database, &["adopt", "--dry-run"], 0);
        assert_contains(
            &text,
            &["proved: the migration makes what the database holds", "create table posts {"],
        );
        assert_same(&before, &snapshot(&mut database.client()));
        assert_eq!(fs::read_dir(project.path().join("src/history")).unwrap().count(), 0);

        let text = project.run(&database, &["adopt", "--name", "TakenOver"], 0);
        assert_contains(&text, &["_taken_over.rs", "recorded it as applied"]);
        assert_contains(&project.run(&database, &["show", "--check"], 0), &["[X] ", "TakenOver"]);
        let text = project.run(&database, &["verify", "--live"], 0);
        assert!(!text.contains("not compared"), "{text}");
        let text = project.run(&database, &["verify"], 0);
        assert!(!text.contains("not compared"), "{text}");

        // On an empty database it makes what was there. One check is written otherwise by PostgreSQL after it has read what it wrote itself.
        let other = fresh(server);
        project.run(&other, &["run"], 0);
        let ours = |line: &String| {
            let others = ["migrations", "users_kind_check"];
            !others.iter().any(|other| line.contains(other))
        };
        let [before, after] = [before, snapshot(&mut other.client())]
            .map(|lines| lines.into_iter().filter(ours).collect::<Vec<_>>());
        assert_same(&before, &after);
    }
}

#[test]
fn other_databases_of_the_same_schema_are_taken_over_without_a_ledger() {
    let project = project();
    let database = database(&[MADE]);
    let text = project.run(&database, &["adopt"], 4);
    assert_contains(&text, &["column `phone` of table `users` is missing", "`--to`"]);
    assert_contains(&project.run(&database, &["adopt", "--to", "9"], 2), &["no migration 9"]);
    let text = project.run(&database, &["adopt", "--to", "2"], 0);
    assert_contains(&text, &["proved: the database is what 2 migrations make"]);
    assert_contains(&project.run(&database, &["show"], 0), &["[X] 2 IndexUsers", "[ ] 3 AddPhone"]);
}

#[test]
fn an_empty_database_has_nothing_to_take_over() {
    let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    let text = project.run(&database(&[]), &["adopt"], 2);
    assert_contains(&text, &["holds nothing that a migration could make", "migrate create"]);
}

/// Whatever was done when it was killed, the next one goes on or says what to do.
#[test]
fn an_interrupted_adoption_is_finished_or_explained() {
    let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    let database = database(&[MADE]);
    let list = project.path().join("src/history.rs");
    let empty = fs::read_to_string(&list).unwrap();
    project.run(&database, &["adopt"], 0);
    let complete = fs::read_to_string(&list).unwrap();
    let file = fs::read_dir(project.path().join("src/history")).unwrap().next().unwrap();
    let file = file.unwrap().path();
    database
        .client()
        .batch_execute("DROP TABLE IF EXISTS migrations, migrations_progress")
        .unwrap();
    // Killed before it was recorded.
    let text = project.run(&database, &["adopt"], 0);
    assert_contains(&text, &["proved: the database is what 1 migration make", "recorded Baseline"]);
    database
        .client()
        .batch_execute("DROP TABLE IF EXISTS migrations, migrations_progress")
        .unwrap();
    // Killed before it was listed.
    fs::write(&list, &empty).unwrap();
    let text = project.run(&database, &["adopt"], 6);
    assert_contains(&text, &["_baseline.rs is there and is not in the list", "delete it"]);
    // Killed after the entities, which are the same.
    fs::remove_file(&file).unwrap();
    let text = project.run(&database, &["adopt"], 0);
    assert_contains(&text, &["recorded it as applied"]);
    assert_eq!(fs::read_to_string(&list).unwrap().lines().count(), complete.lines().count());
}

/// The connection is lost after the server has recorded them: the ledger is asked.
#[test]
fn a_lost_answer_to_the_record_is_looked_up() {
    let project = project();
    let [shown, lost, never] = [(); 3].map(|()| database(&[MADE, LEDGERS[0].1]));
    let proxy = Proxy::before(shown.server().port());
    let through = |database: &TestDatabase, code: i32| {
        let mut command = project.command(database, &["adopt"]);
        let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
        command.env("DATABASE_URL", url);
        said(command, code)
    };
    through(&shown, 0);
    let is_record = |text: &String| text.contains("INSERT INTO public.migrations");
    let record = proxy.texts().iter().position(is_record).unwrap();
    for (database, cut, code) in [(&lost, Cut::After, 0), (&never, Cut::Before, 8)] {
        proxy.reset();
        proxy.cut_at(record, cut);
        through(database, code);
    }
    assert_contains(&project.run(&lost, &["show"], 0), &["[X] 1 CreateUsers", "[X] 2 IndexUsers"]);
    assert_contains(&project.run(&never, &["adopt"], 0), &["recorded IndexUsers2"]);
}
