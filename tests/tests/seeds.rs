//! Seeds: the same rows however often they are run, and by whomever.

#[path = "seeds/command.rs"]
mod command;
#[path = "seeds/encryption.rs"]
mod encryption;
#[path = "seeds/keys.rs"]
mod keys;

use std::thread;

use deepref_schema::seed::{Environment, SeedKey, SeedReport, Seeding, Seeds};
use deepref_schema::{Config, Error, History};
use tests::database::{TestDatabase, fresh};
use tests::seeded::{HISTORY, SEEDS, kinds, refused};
use tests::server::{self, all, newest};

fn config(database: &TestDatabase) -> Config {
    Config::from_url(&database.url()).unwrap()
}

/// A database with all migrations of the history.
fn migrated(server: &'static server::TestServer) -> TestDatabase {
    let database = fresh(server);
    HISTORY.migrator(config(&database)).run().unwrap();
    database
}

fn key() -> SeedKey {
    SeedKey::new([5; 32])
}

fn everywhere(environment: Environment) -> Seeding {
    Seeding::new(environment).key(key())
}

fn seed(database: &TestDatabase, seeds: &Seeds, seeding: &Seeding) -> Result<SeedReport, Error> {
    HISTORY.migrator(config(database)).seed(seeds, seeding)
}

fn changed(report: &SeedReport) -> Vec<(&'static str, u64)> {
    report.done.iter().map(|seeded| (seeded.name, seeded.changed)).collect()
}

/// Every row of the tables, with the version of the row and where it lies.
fn rows(database: &TestDatabase) -> Vec<String> {
    let tables = ["plans", "limits", "tags", "notes", "kinds"];
    let mut client = database.client();
    let mut rows = Vec::new();
    for table in tables {
        let query = format!(
            "SELECT '{table} ' || xmin || ' ' || ctid || ' ' || t::text FROM {table} AS t ORDER BY ctid"
        );
        rows.extend(client.query(&query, &[]).unwrap().iter().map(|row| row.get::<_, String>(0)));
    }
    rows
}

fn count(database: &TestDatabase, table: &str) -> i64 {
    database.client().query_one(&format!("SELECT count(*) FROM {table}"), &[]).unwrap().get(0)
}

#[test]
fn seeds_run_twice_and_by_sixteen_at_once_leave_the_same_rows() {
    for server in all() {
        let database = migrated(server);
        let seeding = everywhere(Environment::Prod);
        let first = seed(&database, &SEEDS, &seeding).unwrap();
        assert_eq!(changed(&first), [("Plans", 4), ("Limits", 2), ("Secrets", 3)]);
        assert_eq!(first.left_out, ["DemoPlans"]);
        let before = rows(&database);
        assert_eq!(before.len(), 9, "{before:#?}");

        let again = seed(&database, &SEEDS, &seeding).unwrap();
        assert_eq!(changed(&again), [("Plans", 0), ("Limits", 0), ("Secrets", 0)]);
        assert_eq!(rows(&database), before);
    }
    let database = migrated(newest());
    let runners: Vec<_> = (0..16)
        .map(|_| {
            let config = config(&database);
            thread::spawn(move || {
                HISTORY.migrator(config).seed(&SEEDS, &everywhere(Environment::Prod))
            })
        })
        .collect();
    let reports = runners.into_iter().map(|runner| runner.join().unwrap().unwrap());
    let written: u64 = reports.flat_map(|report| report.done).map(|seeded| seeded.changed).sum();
    assert_eq!(written, 9, "one of them wrote all rows, and the others none");
    assert_eq!(rows(&database).len(), 9);
}

/// Each is stored in a form of its own, some have no equality.
#[test]
fn values_of_every_type_are_left_alone() {
    for server in all() {
        let database = migrated(server);
        let seeding = Seeding::new(Environment::Dev);
        assert_eq!(changed(&seed(&database, &kinds::SEEDS, &seeding).unwrap()), [("Kinds", 1)]);
        let before = rows(&database);
        assert_eq!(changed(&seed(&database, &kinds::SEEDS, &seeding).unwrap()), [("Kinds", 0)]);
        assert_eq!(rows(&database), before);
        for (change, expected) in [
            ("a_json = '{\"b\": 1, \"a\": 2}'", 1),
            ("a_citext = 'CASE'", 1),
            ("a_numeric = 1.500", 1),
            ("nothing = 'something'", 1),
            ("a_point = '(2,1)'", 1),
            ("texts = '{a,\"b c\",null,d}'", 1),
            ("a_jsonb = '{\"a\": 2, \"b\": 1}'", 0),
            ("an_interval = '26 hours'", 1),
        ] {
            database.client().batch_execute(&format!("UPDATE kinds SET {change}")).unwrap();
            let report = seed(&database, &kinds::SEEDS, &seeding).unwrap();
            assert_eq!(changed(&report), [("Kinds", expected)], "{change}");
        }
    }
}

#[test]
fn what_is_otherwise_is_written_and_the_rest_stays() {
    let database = migrated(newest());
    let seeding = Seeding::new(Environment::Dev);
    let report = seed(&database, &SEEDS, &seeding).unwrap();
    assert_eq!(changed(&report), [("Plans", 4), ("Limits", 2), ("DemoPlans", 1)]);
    assert_eq!(report.left_out, ["Secrets"]);
    database
        .client()
        .batch_execute(
            "UPDATE plans SET price = 99, changed_at = '2000-01-01' WHERE name = 'team';
             UPDATE plans SET price = 7, note = 'mine' WHERE name = 'demo';
             INSERT INTO plans (name) VALUES ('own');
             DELETE FROM limits WHERE most = 5",
        )
        .unwrap();
    let report = seed(&database, &SEEDS, &seeding).unwrap();
    assert_eq!(changed(&report), [("Plans", 1), ("Limits", 1), ("DemoPlans", 0)]);
    let query = "SELECT string_agg(concat_ws('|', name, price, note, extract(year FROM changed_at) = 2000), ' ' ORDER BY name) FROM plans";
    let plans: String = database.client().query_one(query, &[]).unwrap().get(0);
    assert_eq!(plans, "basic|0|f demo|7|mine|f own|0|f team|12.50|it's for\nteams|t");
    assert_eq!(count(&database, "limits"), 2);
}

#[test]
fn one_seed_brings_those_that_it_needs() {
    let database = migrated(newest());
    let only = |name: &str| Seeding::new(Environment::Dev).only([name]);
    let report = seed(&database, &SEEDS, &only("Limits")).unwrap();
    assert_eq!(changed(&report), [("Plans", 4), ("Limits", 2)]);
    assert!(report.left_out.is_empty());
    let error = seed(&database, &SEEDS, &only("Limit")).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert_eq!(error.to_string(), "there is no seed `Limit`\n  help: did you mean `Limits`?");
}

#[test]
fn seeds_of_another_environment_are_refused() {
    let database = migrated(newest());
    let asked = |environment, name: &str| {
        seed(&database, &SEEDS, &everywhere(environment).only([name])).unwrap_err()
    };
    let error = asked(Environment::Prod, "DemoPlans");
    assert_eq!(error.exit_code(), 6);
    assert!(
        error.to_string().starts_with("seed `DemoPlans` is for dev, and this is prod"),
        "{error}"
    );
    let error = asked(Environment::Dev, "Secrets");
    assert!(
        error.to_string().starts_with("seed `Secrets` is for staging, prod, and this is dev"),
        "{error}"
    );
    assert!(rows(&database).is_empty());

    // What the database says of itself counts as well.
    let marks = [
        ("production", Environment::Prod),
        ("Staging", Environment::Staging),
        ("dev", Environment::Dev),
    ];
    for (mark, own) in marks {
        HISTORY.migrator(config(&database)).environment(mark).run().unwrap();
        for environment in Environment::ALL.into_iter().filter(|other| *other != own) {
            let error = seed(&database, &SEEDS, &everywhere(environment)).unwrap_err();
            assert_eq!(error.exit_code(), 6);
            let text = format!("the database is marked as {own}, and this is {environment}");
            assert!(error.to_string().starts_with(&text), "{error}");
        }
        assert!(rows(&database).is_empty());
    }
    assert!(seed(&database, &SEEDS, &everywhere(Environment::Dev)).is_ok());
    HISTORY.migrator(config(&database)).environment("eu-1").run().unwrap();
    assert!(seed(&database, &SEEDS, &everywhere(Environment::Prod)).is_ok());
}

#[test]
fn a_database_behind_or_ahead_is_refused() {
    let database = fresh(newest());
    let seeding = everywhere(Environment::Dev);
    let refused = |history: &History, text: &str| {
        let error = history.migrator(config(&database)).seed(&SEEDS, &seeding).unwrap_err();
        assert_eq!(error.exit_code(), 4, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    };
    refused(
        &HISTORY,
        "2 migrations are pending, and the seeds are for the schema after it\n  help: nothing was seeded; `cargo migrate run` applies what is pending",
    );
    assert!(
        database
            .client()
            .query("SELECT FROM pg_class WHERE relname = 'migrations'", &[])
            .unwrap()
            .is_empty()
    );
    HISTORY.migrator(config(&database)).to(1000).run().unwrap();
    refused(&HISTORY, "a migration is pending, ");
    HISTORY.migrator(config(&database)).run().unwrap();
    assert!(HISTORY.migrator(config(&database)).seed(&SEEDS, &seeding).is_ok());
    let older = History { migrations: &HISTORY.migrations[..1], ..*HISTORY };
    refused(&older, "the database is ahead of this program");
}

#[test]
fn a_seed_is_written_whole_or_not_at_all() {
    let database = migrated(newest());
    let seeding = Seeding::new(Environment::Dev);
    let error = seed(&database, &refused::SEEDS, &seeding).unwrap_err();
    assert_eq!(error.exit_code(), 1);
    let Error::Migration { migration, failure, applied, .. } = &error else { panic!("{error}") };
    assert_eq!((migration.as_str(), applied.as_slice()), ("seed Bad", &["Good".to_string()][..]));
    assert_eq!(failure.sqlstate, "23503");
    assert!(failure.description.starts_with("limits, row 1 of 1"), "{}", failure.description);
    assert_eq!(count(&database, "tags"), 1, "`good` is there, `bad` is not");
    // The lock was given back with the connection.
    assert!(seed(&database, &SEEDS, &seeding).is_ok());
}

/// A row that an application writes at the same moment is no conflict.
#[test]
fn rows_that_others_write_meanwhile_are_no_failure() {
    let database = migrated(newest());
    let mut other = database.client();
    other.batch_execute("BEGIN; INSERT INTO plans (name, price) VALUES ('basic', 3)").unwrap();
    let config = config(&database);
    let runner = thread::spawn(move || {
        HISTORY.migrator(config).seed(&SEEDS, &Seeding::new(Environment::Dev).only(["Plans"]))
    });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'deepref-schema seed' AND wait_event_type = 'Lock'";
    while database.client().query_one(waits, &[]).unwrap().get::<_, i64>(0) == 0 {
        assert!(!runner.is_finished(), "it does not wait for the row");
        thread::sleep(std::time::Duration::from_millis(20));
    }
    other.batch_execute("COMMIT").unwrap();
    assert_eq!(changed(&runner.join().unwrap().unwrap()), [("Plans", 4)]);
    assert_eq!(count(&database, "plans"), 2);
}

#[test]
fn the_prompts_of_deepref_are_seeded() {
    for server in all() {
        let database = fresh(server);
        let mut migrator = migrations::HISTORY.migrator(config(&database));
        migrator.run().unwrap();
        let seeding = everywhere(Environment::Prod);
        assert_eq!(
            changed(&migrator.seed(&migrations::SEEDS, &seeding).unwrap()),
            [("Prompts", 4)]
        );
        assert_eq!(
            changed(&migrator.seed(&migrations::SEEDS, &seeding).unwrap()),
            [("Prompts", 0)]
        );
        let query = "SELECT prompt_id, system_prompt_encrypted, usage_count FROM ai_prompts WHERE is_active ORDER BY 1";
        let rows = database.client().query(query, &[]).unwrap();
        let ids: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(
            ids,
            [
                "authenticity_analyzer",
                "interview_guide",
                "reference_coach",
                "verification_orchestrator"
            ]
        );
        for row in &rows {
            let place = deepref_schema::seed::Place {
                table: "ai_prompts",
                column: "system_prompt_encrypted",
                key: &[row.get(0)],
            };
            let text = key().decrypt(&place, row.get(1)).unwrap();
            assert!(text.starts_with("You are the ") && text.ends_with('\n'), "{text}");
        }
    }
}
