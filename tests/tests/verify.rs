//! `verify`: what it proves, and what it finds.

use deepref_schema::{Config, Error};
use tests::database::fresh;
use tests::project::{Project, assert_contains, said};
use tests::{history, server};

const USERS: &str = r#"
    up {
        create enum mood { happy, sad }
        create table users {
            id: bigint primary key identity,
            email: varchar(255) unique check (email in ("a@b", "c@d") and email <> ""),
            mood: mood = "happy",
        }
        sql "CREATE VIEW moods AS SELECT mood FROM users" down "DROP VIEW moods";
    }
"#;

const POSTS: &str = r#"
    up {
        create table posts { id: serial primary key, author: bigint references users on delete cascade }
        create index concurrently IDX_author on posts (author) where author > 1;
        alter table users alter column email drop not null;
    }
"#;

fn project() -> Project {
    let mut project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    project.add(1, "CreateUsers", USERS);
    project.add(2, "CreatePosts", POSTS);
    project
}

#[test]
fn a_right_history_is_verified_on_every_server() {
    let project = project();
    for server in server::all() {
        let database = fresh(server);
        let text = project.run(&database, &["verify"], 0);
        assert_contains(
            &text,
            &[
                "scratch databases: beside ",
                "verified CreateUsers1: up, down, up in",
                "2 migrations were verified",
            ],
        );
        assert!(!text.contains("not compared"), "{text}");
    }
    let left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'deepref_scratch%'";
    let mut client = server::newest().connect("postgres");
    assert_eq!(client.query_one(left, &[]).unwrap().get::<_, i64>(0), 0);
}

#[test]
fn what_a_down_leaves_is_found() {
    let mut project = project();
    project.add(3, "AddView", r#"up { sql "CREATE VIEW v AS SELECT id FROM posts" down none; }"#);
    let text = project.run(&fresh(server::newest()), &["verify"], 4);
    assert_contains(
        &text,
        &[
            "verified CreatePosts2",
            "`AddView3`: `down` does not lead back",
            "view `v` is left over",
        ],
    );
}

/// Such as a partition that was detached, beside tables of the model.
#[test]
fn tables_that_raw_sql_made_are_compared_from_step_to_step() {
    let mut project = project();
    let parts = r#"up {
        sql "CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parts DEFAULT" down "DROP TABLE parts";
        sql "ALTER TABLE parts DETACH PARTITION part" down "ALTER TABLE parts ATTACH PARTITION part DEFAULT";
        sql "CREATE TABLE likely (LIKE users INCLUDING ALL); CREATE TABLE counted (id serial)" down "DROP TABLE likely, counted";
    }"#;
    project.add(3, "Detach", parts);
    project.add(4, "AddNote", "up { alter table posts add column note: text?; }");
    for server in server::all() {
        let text = project.run(&fresh(server), &["verify"], 0);
        assert!(!text.contains("not compared"), "{text}");
    }
    let left = r#"up { sql "CREATE TABLE more (id int)" down none; }"#;
    project.add(5, "Leave", left);
    let text = project.run(&fresh(server::newest()), &["verify"], 4);
    let wanted = "`Leave5`: `down` does not lead back\n  - table `more` is left over";
    assert_contains(&text, &["verified AddNote4", wanted]);
}

/// Their text is in the program, as the compiler and the user's macros left it.
#[test]
fn migrations_in_the_list_are_verified_step_by_step() {
    let project = Project::new(env!("CARGO_BIN_EXE_inline-migrations"));
    let database = fresh(server::newest());
    let text = project.run(&database, &["verify"], 0);
    assert_contains(&text, &["verified Tables1: up, down, up", "verified Rename2: up, down, up"]);
    assert!(!text.contains("not compared"), "{text}");
    let changed = project.run(&database, &["diagram", "--migration", "2"], 0);
    assert_contains(&changed, &["text label \"~ was name\"", "jsonb data \"- dropped"]);
    let text = project.run(&database, &["generate", "More"], 2);
    assert_contains(&text, &["the migrations of this crate are written inline"]);
}

#[test]
fn what_the_model_does_not_see_is_found() {
    let mut project = project();
    let hidden = r#"up { sql "DO $$ BEGIN EXECUTE 'ALTER TABLE posts ADD hidden int DEFAULT 5'; END $$" down "ALTER TABLE posts DROP hidden"; }"#;
    project.add(3, "Hide", hidden);
    let text = project.run(&fresh(server::newest()), &["verify"], 4);
    let wanted = "`Hide3`: `up` makes something else than the model says\n  - column `hidden` of table `posts` is left over";
    assert_contains(&text, &[wanted]);
}

#[test]
fn a_migration_that_fails_is_shown_with_its_statement() {
    let mut project = project();
    project.add(3, "Fail", r#"up { sql "SELECT 1" down none; sql "SELECT 1 / 0" down none; }"#);
    let text = project.run(&fresh(server::newest()), &["verify"], 1);
    assert_contains(&text, &["`Fail3` failed", "division by zero", "1 | SELECT 1 / 0"]);
}

#[test]
fn files_that_are_not_those_of_the_program_are_refused() {
    let project = project();
    let file = project.path().join("src/history/m2_create_posts.rs");
    let mut command = project.command(&fresh(server::newest()), &["verify"]);
    command.env("EXAMPLE_TOUCH", &file).env(
        "EXAMPLE_TEXT",
        "deepref_schema::migration! { CreatePosts = 2; up { sql \"SELECT 1\" down none; } }",
    );
    let text = said(command, 2);
    assert_contains(&text, &["m2_create_posts.rs is not what this program was compiled from"]);
}

#[test]
fn a_database_is_what_its_migrations_make_until_somebody_changes_it() {
    let project = project();
    for server in server::all() {
        let database = fresh(server);
        project.run(&database, &["run"], 0);
        let same = "the database is what its migrations make";
        assert_contains(&project.run(&database, &["verify", "--live"], 0), &[same]);
        let changes = "
            DROP INDEX \"IDX_author\";
            ALTER TABLE users ALTER mood DROP DEFAULT;
            ALTER TABLE users ADD phone text;
            DROP VIEW moods;
            CREATE VIEW emails AS SELECT email FROM users";
        database.client().batch_execute(changes).unwrap();
        let text = project.run(&database, &["verify", "--live"], 4);
        let wanted = [
            "not compared, because the model does not have it:\n  view `emails`",
            "- index `IDX_author` of table `posts` is missing",
            "- column `mood` of table `users`: the default `'happy'::mood` is missing",
            "- column `phone` of table `users` is left over",
            "- view `moods` is missing",
            "what would mend the database, in the language:",
            "create index concurrently IDX_author on posts (author) where author > 1;",
            "drop column phone",
            "alter column mood set default \"happy\"",
        ];
        assert_contains(&text, &wanted);
    }
}

/// What was changed by hand is in the history afterwards, and in every other database.
#[test]
fn what_was_done_by_hand_can_be_taken_over() {
    let project = project();
    let [database, other] = [(); 2].map(|()| fresh(server::newest()));
    project.run(&database, &["run", "--to", "1"], 0);
    let write = ["verify", "--live", "--write", "TakeOver"];
    let change = |sql: &str| database.client().batch_execute(sql).unwrap();
    change(
        "ALTER TABLE users ADD phone text; CREATE INDEX by_phone ON users (phone) WHERE phone IN ('a', 'b')",
    );
    assert_contains(&project.run(&database, &write, 6), &["`CreatePosts2` is pending"]);
    project.run(&database, &["run"], 0);
    let text = project.run(&database, &["verify", "--live"], 4);
    assert_contains(&text, &["--live --write Name"]);
    change("ALTER TABLE users RENAME email TO mail");
    assert_contains(&project.run(&database, &write, 6), &["may have been renamed"]);
    change("ALTER TABLE users RENAME mail TO email");
    assert_contains(&project.run(&database, &write, 0), &["recorded it as applied here"]);
    project.run(&database, &["verify", "--live"], 0);
    project.run(&other, &["run"], 0);
    project.run(&other, &["verify", "--live"], 0);
    let phone = "SELECT count(*) FROM pg_indexes WHERE indexname = 'by_phone'";
    assert_eq!(other.client().query_one(phone, &[]).unwrap().get::<_, i64>(0), 1);
    project.run(&other, &["verify"], 0);
    assert_contains(&project.run(&other, &["show"], 0), &["TakeOver"]);
    assert_contains(&project.run(&other, &["verify", "--write", "X"], 2), &["--live"]);
    let name = ["verify", "--live", "--write", "take_over"];
    assert_contains(&project.run(&other, &name, 2), &["PascalCase", "`AddPhoneToUsers`"]);
    let nothing = ["verify", "--live", "--write", "Again"];
    assert_contains(&project.run(&other, &nothing, 0), &["nothing is written"]);
}

#[test]
fn a_database_with_pending_migrations_is_compared_with_those_it_has() {
    let project = project();
    let database = fresh(server::newest());
    project.run(&database, &["run", "--to", "1"], 0);
    project.run(&database, &["verify", "--live"], 0);
}

#[test]
fn expressions_that_change_when_they_are_read_again_are_no_difference() {
    let project = project();
    let database = fresh(server::newest());
    project.run(&database, &["run"], 0);
    // As after a dump was restored: the text that PostgreSQL wrote is read once more.
    let again = "
        DO $$ DECLARE text text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'users_email_check');
        BEGIN
            ALTER TABLE users DROP CONSTRAINT users_email_check;
            EXECUTE 'ALTER TABLE users ADD CONSTRAINT users_email_check ' || text;
        END $$";
    database.client().batch_execute(again).unwrap();
    project.run(&database, &["verify", "--live"], 0);
}

#[test]
fn what_needs_a_function_of_raw_sql_is_compared_with_the_model() {
    let mut project = project();
    let slug = r#"up {
        sql "CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'" down "DROP FUNCTION slug(text)";
        create index IDX_slug on users (slug(email));
    }"#;
    project.add(3, "AddSlug", slug);
    let text = project.run(&fresh(server::newest()), &["verify"], 0);
    assert_contains(&text, &["verified AddSlug3: up, down, up"]);
    assert!(!text.contains("not compared"), "{text}");
}

#[test]
fn a_program_can_ask_for_it_when_it_starts() {
    let database = fresh(server::newest());
    let history = history::history(vec![history::table(1)]);
    let config = Config::from_url(&database.url()).unwrap();
    let mut migrator = history.migrator(config).verifying(None);
    assert_eq!(migrator.run().unwrap().done.len(), 1);
    database.client().batch_execute("ALTER TABLE t1 ADD x int").unwrap();
    let error = migrator.run().unwrap_err();
    assert_eq!(error.exit_code(), 4);
    let Error::Differs { differences, .. } = error else { panic!("{error}") };
    assert_eq!(differences, ["column `x` of table `t1` is left over"]);
}
