//! Texts that are stored encrypted.

use deepref_schema::seed::{Environment, Place, SeedKey, Seeding};
use deepref_schema::{Config, Error};
use tests::database::TestDatabase;
use tests::seeded::{HISTORY, SEEDS};
use tests::server::newest;

use super::{changed, key, migrated, rows, seed};

const BODY: Place<'static> = Place { table: "notes", column: "body", key: &["1"] };

fn secrets() -> Seeding {
    Seeding::new(Environment::Prod).only(["Secrets"])
}

fn body(database: &TestDatabase, id: i32) -> Option<String> {
    database.client().query_one("SELECT body FROM notes WHERE id = $1", &[&id]).unwrap().get(0)
}

fn refused(database: &TestDatabase, seeding: &Seeding, text: &str) {
    let before = rows(database);
    let error = seed(database, &SEEDS, seeding).unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    assert!(matches!(error, Error::Encryption { .. }), "{error}");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains(text) && !shown.contains("canary"), "{shown}");
    assert_eq!(rows(database), before);
}

#[test]
fn a_text_is_stored_encrypted_and_read_again() {
    let database = migrated(newest());
    seed(&database, &SEEDS, &secrets().key(key())).unwrap();
    let stored = body(&database, 1).unwrap();
    assert!(stored.starts_with("v1:") && stored[3..].bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(key().decrypt(&BODY, &stored).unwrap(), "the canary sings");
    assert_eq!(
        key().decrypt(&Place { key: &["2"], ..BODY }, &body(&database, 2).unwrap()).unwrap(),
        ""
    );
    assert_eq!(body(&database, 3), None);
    let text = format!("{:?}", rows(&database));
    assert!(!text.contains("canary"), "{text}");
    assert!(!format!("{:?}", *SEEDS).contains("canary"), "nor does Debug show it");
}

#[test]
fn another_key_changes_nothing_unless_it_is_told_to() {
    let database = migrated(newest());
    seed(&database, &SEEDS, &secrets().key(key())).unwrap();
    let other = SeedKey::new([6; 32]);
    let with_other = secrets().key(other.clone());
    refused(
        &database,
        &with_other,
        "notes.body of `1`: what is stored was encrypted with another key",
    );
    let report = seed(&database, &SEEDS, &with_other.clone().reencrypt(true)).unwrap();
    assert_eq!(changed(&report), [("Secrets", 2)]);
    let stored = body(&database, 1).unwrap();
    assert_eq!(other.decrypt(&BODY, &stored).unwrap(), "the canary sings");
    assert!(key().decrypt(&BODY, &stored).is_err());
    // What this key can read is left alone.
    assert_eq!(
        changed(&seed(&database, &SEEDS, &with_other.reencrypt(true)).unwrap()),
        [("Secrets", 0)]
    );
}

#[test]
fn what_was_moved_or_is_no_secret_is_not_written_over() {
    let database = migrated(newest());
    let seeding = secrets().key(key());
    seed(&database, &SEEDS, &seeding).unwrap();
    let execute = |sql: &str| database.client().batch_execute(sql).unwrap();
    execute("UPDATE notes SET body = (SELECT body FROM notes WHERE id = 1) WHERE id = 2");
    refused(
        &database,
        &seeding,
        "notes.body of `2`: what is stored was encrypted with another key, moved",
    );
    execute("UPDATE notes SET body = 'written by hand' WHERE id = 2");
    refused(&database, &seeding, "notes.body of `2`: what is stored is not encrypted by a seed");
    execute("UPDATE notes SET body = NULL WHERE id = 2");
    assert_eq!(changed(&seed(&database, &SEEDS, &seeding).unwrap()), [("Secrets", 1)]);
    // Another text under the same key is what a changed seed leaves.
    let older = key().encrypt(&BODY, "the canary slept").unwrap();
    execute(&format!("UPDATE notes SET body = '{older}' WHERE id = 1"));
    assert_eq!(changed(&seed(&database, &SEEDS, &seeding).unwrap()), [("Secrets", 1)]);
    assert_eq!(key().decrypt(&BODY, &body(&database, 1).unwrap()).unwrap(), "the canary sings");
}

#[test]
fn without_a_key_nothing_is_tried() {
    // Nobody answers there.
    let config = Config::from_url("postgresql://postgres@127.0.0.1:1/nowhere").unwrap();
    let error = HISTORY.migrator(config.clone()).seed(&SEEDS, &secrets()).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().starts_with("DEEPREF_SEED_KEY is not set"), "{error}");
    let error = HISTORY.migrator(config).seed(&SEEDS, &secrets().key(key())).unwrap_err();
    assert_eq!(error.exit_code(), 7);
    // Seeds without secrets need none.
    let database = migrated(newest());
    seed(&database, &SEEDS, &Seeding::new(Environment::Prod).only(["Limits"])).unwrap();
}
