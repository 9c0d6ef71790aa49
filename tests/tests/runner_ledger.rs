//! Disagreements between ledger and program: found before any work.

use deepref_schema::{Ahead, Config, Error, History, Loss, Migrator, Target};
use tests::database::{TestDatabase, fresh};
use tests::history::{history, migration, outside, simple, table, transaction};
use tests::server;

fn migrator(history: &History, database: &TestDatabase) -> Migrator {
    history.migrator(Config::from_url(&database.url()).unwrap())
}

fn tables(count: i64) -> History {
    history((1..=count).map(table).collect())
}

fn execute(database: &TestDatabase, sql: &str) {
    database.client().batch_execute(sql).unwrap();
}

/// The run is refused with exit code 4 and this text, and nothing runs.
fn refused(history: &History, database: &TestDatabase, text: &str) {
    let count = |database: &TestDatabase| -> i64 {
        database.client().query_one("SELECT count(*) FROM pg_class", &[]).unwrap().get(0)
    };
    let before = count(database);
    let error = migrator(history, database).run().expect_err(text);
    assert_eq!(error.exit_code(), 4, "{error}");
    assert!(error.to_string().contains(text), "{error}");
    assert_eq!(count(database), before, "{error}");
    let status = migrator(history, database).status();
    assert!(status.map_or_else(Some, |status| status.problem).is_some(), "{text}");
}

#[test]
fn an_edited_migration() {
    let database = fresh(server::newest());
    migrator(&tables(2), &database).run().unwrap();
    let mut edited = table(1);
    edited.checksum = [9; 32];
    refused(&history(vec![edited, table(2), table(3)]), &database, "`Table11` was edited");
}

#[test]
fn a_renamed_migration() {
    let database = fresh(server::newest());
    migrator(&tables(1), &database).run().unwrap();
    let mut renamed = table(1);
    renamed.name = "Other";
    refused(&history(vec![renamed, table(2)]), &database, "is recorded as `Table11`");
}

#[test]
fn a_newer_database() {
    let database = fresh(server::newest());
    migrator(&tables(3), &database).run().unwrap();
    refused(&tables(2), &database, "`Table33` is applied, but the database is ahead");
    assert!(migrator(&tables(2), &database).ahead(Ahead::Warn).run().unwrap().done.is_empty());
}

#[test]
fn an_older_pending_migration() {
    let database = fresh(server::newest());
    migrator(&history(vec![table(1), table(3)]), &database).run().unwrap();
    refused(&tables(3), &database, "`Table22` is pending, but `Table33`");
    assert_eq!(migrator(&tables(3), &database).out_of_order(true).run().unwrap().done.len(), 1);
}

#[test]
fn damaged_rows() {
    for (sql, text) in [
        (
            "UPDATE migrations SET checksum = '\\x01' WHERE \"timestamp\" = 1",
            "a damaged `checksum`",
        ),
        ("UPDATE migrations SET \"timestamp\" = -1 WHERE \"timestamp\" = 1", "`timestamp` -1"),
        (
            "DROP INDEX migrations_timestamp_idx; UPDATE migrations SET \"timestamp\" = 1",
            "two rows for 1",
        ),
    ] {
        let database = fresh(server::newest());
        migrator(&tables(2), &database).run().unwrap();
        execute(&database, sql);
        refused(&tables(3), &database, text);
    }
}

#[test]
fn another_kind_of_table() {
    for (sql, text) in [
        (
            "CREATE VIEW migrations AS SELECT 1::bigint AS \"timestamp\", 'x'::text AS name",
            "it is not an ordinary table",
        ),
        ("CREATE TABLE migrations (id int)", "it has no column `timestamp`"),
        (
            "CREATE TABLE migrations (\"timestamp\" text, name text)",
            "it has no column `timestamp` of type bigint",
        ),
        ("CREATE TABLE migrations (\"timestamp\" bigint, name int)", "it has no column `name`"),
        (
            "CREATE TABLE migrations (\"timestamp\" bigint, name text, checksum int)",
            "`checksum` is of type integer",
        ),
    ] {
        let database = fresh(server::newest());
        execute(&database, sql);
        refused(&tables(1), &database, text);
    }
}

#[test]
fn a_database_of_somebody_else() {
    let database = fresh(server::newest());
    execute(&database, "CREATE TABLE theirs (id int)");
    refused(&tables(1), &database, "it holds public.theirs");
    let lost = fresh(server::newest());
    migrator(&tables(1), &lost).run().unwrap();
    execute(&lost, "DROP TABLE migrations");
    refused(&tables(1), &lost, "there is no ledger public.migrations");
}

#[test]
fn an_extension_is_nobodys_table() {
    let database = fresh(server::newest());
    execute(&database, "CREATE EXTENSION pg_stat_statements");
    migrator(&tables(1), &database).run().unwrap();
}

#[test]
fn privileges_and_read_only_servers() {
    let database = fresh(server::newest());
    let name = database.name();
    migrator(&tables(1), &database).run().unwrap();
    execute(
        &database,
        &format!(
            "CREATE ROLE {name}_r LOGIN; GRANT ALL ON SCHEMA public TO {name}_r; GRANT SELECT, INSERT ON migrations TO {name}_r"
        ),
    );
    let url = database.url().replace("postgres@", &format!("{name}_r@"));
    let as_role = |history: &History| history.migrator(Config::from_url(&url).unwrap()).run();
    let error = as_role(&tables(2)).unwrap_err();
    assert!(
        error.exit_code() == 4 && error.to_string().contains("lacks UPDATE, DELETE"),
        "{error}"
    );
    assert!(as_role(&tables(1)).unwrap().done.is_empty());
    execute(
        &database,
        &format!(
            "DROP OWNED BY {name}_r; DROP ROLE {name}_r; ALTER DATABASE {name} SET default_transaction_read_only = on"
        ),
    );
    let error = migrator(&tables(2), &database).run().unwrap_err();
    assert!(error.exit_code() == 7 && error.to_string().contains("read-only"), "{error}");
    assert!(migrator(&tables(1), &database).run().unwrap().done.is_empty());
}

#[test]
fn a_server_that_is_too_old() {
    let server = server::all()[0];
    let database = fresh(server);
    let mut history = tables(1);
    history.oldest_postgres = server.major() + 1;
    assert_eq!(migrator(&history, &database).run().unwrap_err().exit_code(), 2);
}

#[test]
fn reverts_by_steps_and_versions() {
    let database = fresh(server::newest());
    let history = tables(5);
    migrator(&history, &database).run().unwrap();
    let revert = |target| {
        let plan = migrator(&history, &database).plan_revert(target)?;
        let report = migrator(&history, &database).revert(&plan)?;
        Ok::<_, Error>(report.done.iter().map(|done| done.version).collect::<Vec<_>>())
    };
    assert_eq!(revert(Target::Steps(1)).unwrap(), [5]);
    assert_eq!(revert(Target::Version(2)).unwrap(), [4, 3]);
    assert_eq!(revert(Target::Version(9)).unwrap_err().exit_code(), 2);
    assert_eq!(revert(Target::Steps(3)).unwrap_err().exit_code(), 2);
    assert_eq!(revert(Target::Version(0)).unwrap(), [2, 1]);
    assert_eq!(migrator(&history, &database).run().unwrap().done.len(), 5);
    let plan = migrator(&history, &database).plan_revert(Target::Steps(1)).unwrap();
    let report = migrator(&history, &database).redo(&plan).unwrap();
    assert_eq!(
        report.done.iter().map(|done| (done.version, done.up)).collect::<Vec<_>>(),
        [(5, false), (5, true)]
    );
}

#[test]
fn a_plan_that_is_out_of_date_is_refused() {
    let database = fresh(server::newest());
    let history = tables(3);
    migrator(&history, &database).to(2).run().unwrap();
    let plan = migrator(&history, &database).plan_revert(Target::Steps(1)).unwrap();
    migrator(&history, &database).run().unwrap();
    assert_eq!(migrator(&history, &database).revert(&plan).unwrap_err().exit_code(), 4);
}

#[test]
fn loss_of_data_is_counted_and_asked_about() {
    let database = fresh(server::newest());
    let mut losing = table(1);
    losing.lost_on_revert = &[Loss::Table { table: "t1" }];
    let history = history(vec![losing]);
    migrator(&history, &database).run().unwrap();
    let plan = |database: &TestDatabase| {
        migrator(&history, database).plan_revert(Target::Steps(1)).unwrap()
    };
    assert!(!plan(&database).needs_consent(), "an empty table is no loss");
    execute(&database, "INSERT INTO t1 VALUES (1), (2)");
    let error = migrator(&history, &database).revert(&plan(&database)).unwrap_err();
    assert!(error.exit_code() == 6 && error.to_string().contains("table t1: 2 rows"), "{error}");
    migrator(&history, &database).revert(&plan(&database).accept()).unwrap();
    assert_eq!(migrator(&history, &database).status().unwrap().pending().count(), 1);
}

#[test]
fn the_irreversible_is_refused_before_any_work() {
    let database = fresh(server::newest());
    let mut final_one = table(1);
    final_one.down = None;
    final_one.irreversible = Some("the rows are gone");
    let history = history(vec![final_one, table(2)]);
    migrator(&history, &database).run().unwrap();
    let error = migrator(&history, &database).plan_revert(Target::Version(0)).unwrap_err();
    assert!(error.exit_code() == 6 && error.to_string().contains("the rows are gone"), "{error}");
    assert_eq!(migrator(&history, &database).status().unwrap().pending().count(), 0);
}

#[test]
fn an_older_program_reverts_by_the_plan_in_the_ledger() {
    let database = fresh(server::newest());
    let newer = history(vec![
        table(1),
        simple(
            2,
            "Newer",
            &["CREATE TABLE \"a\\b\" (x text DEFAULT 'it''s')"],
            &["DROP TABLE \"a\\b\"", "SELECT 'it''s\n\t\"'"],
        ),
    ]);
    migrator(&newer, &database).run().unwrap();
    let older = tables(1);
    let plan = migrator(&older, &database).plan_revert(Target::Steps(1)).unwrap();
    assert_eq!(plan.items()[0].stored_statements, ["DROP TABLE \"a\\b\"", "SELECT 'it''s\n\t\"'"]);
    assert_eq!(migrator(&older, &database).revert(&plan).unwrap_err().exit_code(), 6);
    migrator(&older, &database).revert(&plan.accept()).unwrap();
    assert!(migrator(&older, &database).run().unwrap().done.is_empty());
}

#[test]
fn an_extension_that_was_there_before_stays() {
    let up = "CREATE EXTENSION IF NOT EXISTS citext";
    let down = "DROP EXTENSION citext";
    let index = || {
        vec![
            transaction(&[up, "CREATE TABLE e (id int)"]),
            outside("CREATE INDEX CONCURRENTLY e_i ON e (id)"),
        ]
    };
    let back =
        || vec![outside("DROP INDEX CONCURRENTLY e_i"), transaction(&["DROP TABLE e", down])];
    for (name, add) in [
        ("single", simple(2, "Add", &[up], &[down])),
        ("several", migration(2, "Add", index(), back())),
    ] {
        let whole = history(vec![table(1), add]);
        for (before, program) in [(true, &whole), (false, &whole), (true, &tables(1))] {
            let database = fresh(server::newest());
            if before {
                execute(&database, "CREATE EXTENSION citext");
            }
            migrator(&whole, &database).run().unwrap();
            let plan = migrator(program, &database).plan_revert(Target::Steps(1)).unwrap();
            let shown = plan.items()[0].stored_statements.join(" ");
            assert!(!shown.contains("EXTENSION"), "{shown}");
            migrator(program, &database).revert(&plan.accept()).unwrap();
            let query = "SELECT count(*) FROM pg_extension WHERE extname = 'citext'";
            let left: i64 = database.client().query_one(query, &[]).unwrap().get(0);
            assert_eq!(left == 1, before, "{name}");
        }
    }
}

#[test]
fn tables_of_an_older_version_are_completed() {
    let database = fresh(server::newest());
    let failing = |sql: &str| {
        let segments = vec![transaction(&["CREATE TABLE e (id int)"]), outside(sql)];
        history(vec![table(1), migration(2, "Later", segments, vec![])])
    };
    migrator(&failing("CREATE INDEX CONCURRENTLY e_i ON e (nothing)"), &database)
        .run()
        .unwrap_err();
    execute(
        &database,
        "ALTER TABLE migrations_progress DROP COLUMN found_extensions, DROP COLUMN down_plan; \
         ALTER TABLE migrations DROP COLUMN found_extensions, DROP COLUMN duration_ms, DROP COLUMN tool_version",
    );
    migrator(&failing("CREATE INDEX CONCURRENTLY e_i ON e (id)"), &database).run().unwrap();
    let row = database
        .client()
        .query_one("SELECT duration_ms IS NOT NULL, tool_version IS NOT NULL FROM migrations WHERE \"timestamp\" = 2", &[])
        .unwrap();
    assert_eq!((row.get(0), row.get(1)), (true, true));
    let other = fresh(server::newest());
    migrator(&tables(1), &other).run().unwrap();
    execute(&other, "CREATE TABLE migrations_progress (version bigint)");
    refused(&tables(2), &other, "migrations_progress is not the table of steps in progress");
}

#[test]
fn a_temporary_table_does_not_hide_the_ledger() {
    let database = fresh(server::newest());
    let shadow = simple(
        2,
        "Shadow",
        &[
            "CREATE TEMPORARY TABLE migrations (\"timestamp\" bigint, name text)",
            "CREATE TABLE s (id int)",
        ],
        &[],
    );
    migrator(&history(vec![table(1), shadow, table(3)]), &database).run().unwrap();
    let count = "SELECT count(*) FROM public.migrations";
    assert_eq!(database.client().query_one(count, &[]).unwrap().get::<_, i64>(0), 3);
}

#[test]
fn drops_its_own_objects_alone() {
    let database = fresh(server::newest());
    let history = history(vec![
        simple(
            1,
            "Make",
            &[
                "CREATE SCHEMA app",
                "CREATE TYPE app.e AS ENUM ('a')",
                "CREATE TABLE app.a (id int PRIMARY KEY, e app.e)",
                "CREATE TABLE b (id int REFERENCES app.a)",
            ],
            &[],
        ),
        simple(
            2,
            "Rename",
            &["ALTER TABLE b RENAME TO c", "CREATE VIEW v AS SELECT * FROM c"],
            &[],
        ),
    ]);
    migrator(&history, &database).run().unwrap();
    execute(&database, "CREATE TABLE theirs (id int REFERENCES app.a)");
    let error = migrator(&history, &database).drop_schema("other").unwrap_err();
    assert_eq!(error.exit_code(), 6);
    let error = migrator(&history, &database).drop_schema(database.name()).unwrap_err();
    assert!(error.exit_code() == 6 && error.to_string().contains("theirs"), "{error}");
    execute(&database, "DROP TABLE theirs; CREATE TABLE alone (id int)");
    migrator(&history, &database).drop_schema(database.name()).unwrap();
    let left = database
        .client()
        .query(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
            &[],
        )
        .unwrap();
    assert_eq!(left.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), ["alone"]);
}

#[test]
fn a_production_database_is_not_dropped() {
    let database = fresh(server::newest());
    let history = tables(1);
    migrator(&history, &database).environment("production").run().unwrap();
    assert!(migrator(&history, &database).run().unwrap().done.is_empty());
    let error = migrator(&history, &database).drop_schema(database.name()).unwrap_err();
    assert!(error.exit_code() == 6 && error.to_string().contains("production"), "{error}");
    assert!(migrator(&history, &database).environment("test").run().unwrap().done.is_empty());
    migrator(&history, &database).drop_schema(database.name()).unwrap();
}
