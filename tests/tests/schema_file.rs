//! `sql --schema` and `diagram`: the schema that a history ends in, as text.

use std::process::{Command, Stdio};

use deepref_schema::Config;
use migrations::HISTORY;
use tests::catalog::{assert_same, snapshot};
use tests::database::{TestDatabase, fresh};
use tests::project::{Project, assert_contains};
use tests::server::{all, binaries, newest};

/// What PostgreSQL's own programs would restore is the same.
#[test]
fn the_schema_file_is_what_a_dump_restores() {
    for server in all() {
        let (migrated, restored, made) = (fresh(server), fresh(server), fresh(server));
        HISTORY.migrator(Config::from_url(&migrated.url()).unwrap()).run().unwrap();
        let dump = program(&migrated, "pg_dump", &["--schema-only", "--exclude-table=migrations*"]);
        let path = std::env::temp_dir().join(format!("{}.sql", restored.name()));
        std::fs::write(&path, dump).unwrap();
        program(&restored, "psql", &["-q", "-v", "ON_ERROR_STOP=1", "-f", path.to_str().unwrap()]);
        std::fs::remove_file(&path).unwrap();
        made.client().batch_execute(&HISTORY.schema().sql()).unwrap();
        assert_same(&snapshot(&mut restored.client()), &snapshot(&mut made.client()));
    }
}

/// What one of PostgreSQL's programs prints about a database.
fn program(database: &TestDatabase, name: &str, arguments: &[&str]) -> String {
    let path = binaries()[&database.server().major()].program(name);
    let mut command = Command::new(path);
    command.args(["-d", &database.url()]).args(arguments).stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn project() -> Project {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(
        1,
        "CreateUsers",
        "up { create table users { id: int primary key, email: text unique, price: numeric(10, 2)? } }",
    );
    project.add(
        2,
        "CreatePosts",
        r#"up {
            create table app_posts { id: int primary key, author: int? references users }
            create table profiles { owner: int unique references users }
            alter table users { drop column price, add column name: text? }
        }"#
        .replace("drop column price", "#[allow(data_loss, reason = \"x\")] drop column price")
        .as_str(),
    );
    project
}

#[test]
fn the_schema_is_printed_without_a_database() {
    let text = project().run(&fresh(newest()), &["sql", "--schema"], 0);
    assert_contains(&text, &["CREATE TABLE users (", "FOREIGN KEY (author) REFERENCES users (id)"]);
    assert!(!text.contains("price"), "{text}");
    assert!(!text.contains("raw SQL"), "{text}");
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let project = project();
    let database = fresh(newest());
    for arguments in [
        &["sql", "--offline"][..],
        &["sql", "--scratch-url", "postgres://a@b/c"],
        &["sql", "--schema", "--offline", "--scratch-url", "postgres://a@b/c"],
        &["sql", "--schema", "--scratch-url", "nonsense"],
    ] {
        let text = project.run(&database, arguments, 2);
        assert!(text.contains("error: "), "{text}");
    }
}

/// A scratch database tells what raw SQL made; without one it is still DDL, and says what is
/// missing in it.
#[test]
fn what_raw_sql_made_is_printed_or_named_in_a_comment() {
    let mut project = project();
    let body = r#"up { sql "-- who\nCREATE VIEW names AS SELECT name FROM users; INSERT INTO users VALUES (1, '')" down "DROP VIEW names"; }"#;
    project.add(3, "AddView", body);
    let (migrated, database) = (fresh(newest()), fresh(newest()));
    project.run(&migrated, &["run"], 0);
    let text = project.run(&database, &["sql", "--schema"], 0);
    assert!(!text.contains("Not in here"), "{text}");
    database.client().batch_execute(&text).unwrap();
    let mut wanted = snapshot(&mut migrated.client());
    wanted.retain(|line| !line.contains("migrations"));
    assert_same(&wanted, &snapshot(&mut database.client()));
    let database = fresh(newest());
    let text = project.run(&database, &["sql", "--schema", "--offline"], 0);
    let wanted = "\n\n-- Not in here, because only raw SQL has made or changed it:\n--   AddView3: CREATE VIEW names AS SELECT\n";
    assert!(text.ends_with(wanted), "{text}");
    database.client().batch_execute(&text).unwrap();
}

#[test]
fn diagrams_show_a_rename_as_a_rename() {
    let (mut project, database) = (project(), fresh(newest()));
    project.add(
        3,
        "Rename",
        "up {
            alter table users { rename column email to mail, rename to people }
            alter table people { rename column mail to address, add column age: int? }
        }",
    );
    let text = project.run(&database, &["diagram", "--migration", "3"], 0);
    let wanted = [
        "    people[\"people (was users)\"] {\n",
        "text address UK \"~ was email\"",
        "int age \"+ added; null\"",
        "class people changed",
    ];
    assert_contains(&text, &wanted);
    assert!(!text.contains("dropped"), "{text}");
    let svg = project.run(&database, &["diagram", "--format", "svg", "--migration", "3"], 0);
    assert_contains(&svg, &["people (was users)", "address (was email)"]);
}

#[test]
fn diagrams_show_tables_keys_and_changes() {
    let (project, database) = (project(), fresh(newest()));
    let text = project.run(&database, &["diagram"], 0);
    let wanted = "\
erDiagram
    app_posts {
        int id PK
        int author FK \"null\"
    }
    profiles {
        int owner FK, UK
    }
    users {
        int id PK
        text email UK
        text name \"null\"
    }
    users |o--o{ app_posts : \"author\"
    users ||--o| profiles : \"owner\"
";
    assert_eq!(text, wanted);
    let text = project.run(&database, &["diagram", "--migration", "2"], 0);
    let wanted = [
        "text name \"+ added; null\"",
        "numeric(10__2) price \"- dropped; numeric(10, 2); null\"",
        "users |o--o{ app_posts : \"+ author\"",
        "classDef added",
        "class app_posts,profiles added",
        "class users changed",
    ];
    assert_contains(&text, &wanted);
    let text = project.run(&database, &["diagram", "--format", "svg", "--migration", "2"], 0);
    assert_contains(
        &text,
        &["<svg ", "line-through", "class=\"head added\"", "class=\"line added\""],
    );
    assert_contains(
        &project.run(&database, &["diagram", "--migration", "9"], 2),
        &["no migration 9"],
    );
}
