//! What takes hold of the whole database: drops, and copies of it.

use std::thread;
use std::time::Duration;

use super::{counting, migrator, number, run, tables};
use deepref_schema::Config;
use tests::database::fresh;
use tests::history::{history, simple, table};
use tests::proxy::{Cut, Proxy};
use tests::server;

#[test]
fn dropping_the_schema_waits_for_a_runner() {
    let database = fresh(server::newest());
    migrator(&tables(1), &database).run().unwrap();
    let slow = history(vec![
        table(1),
        simple(2, "Slow", &["CREATE TABLE slow (id int)", "SELECT pg_sleep(1)"], &[]),
    ]);
    let running = thread::spawn({
        let mut migrator = migrator(&slow, &database);
        move || migrator.run().map(|report| report.done.len())
    });
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while number(&database, sleeps) == 0 {
        thread::sleep(Duration::from_millis(10));
    }
    let dropped = migrator(&slow, &database).drop_schema(database.name()).unwrap();
    assert_eq!(running.join().unwrap().unwrap(), 1);
    assert!(dropped.objects.contains(&"table slow".to_string()), "{dropped:?}");
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM pg_class WHERE relname IN ('slow', 't1', 'migrations')"
        ),
        0
    );
}

#[test]
fn dropping_the_schema_is_all_or_nothing() {
    let history = tables(5);
    let proxy = Proxy::before(server::newest().port());
    let left = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    for message in 0.. {
        let mut missed = false;
        for cut in [Cut::Before, Cut::During, Cut::After] {
            let database = fresh(server::newest());
            run(&history, &database).unwrap();
            proxy.reset();
            proxy.cut_for_good(message, cut);
            let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
            let result =
                history.migrator(Config::from_url(&url).unwrap()).drop_schema(database.name());
            missed = proxy.queries() <= message;
            if let Err(error) = result {
                assert_eq!(error.exit_code(), 8, "{cut:?} at {message}: {error}");
            }
            let tables = number(&database, left);
            assert!(
                tables == 6 || tables == 0 || cut == Cut::During,
                "{cut:?} at {message}: {tables}"
            );
            migrator(&history, &database).drop_schema(database.name()).unwrap();
            assert_eq!(number(&database, left), 0, "{cut:?} at {message}");
        }
        if missed {
            assert!(message > 2, "{message}");
            return;
        }
    }
}

#[test]
fn a_copy_that_was_made_during_a_run_goes_on() {
    let database = fresh(server::newest());
    let history = counting();
    let proxy = Proxy::before(database.server().port());
    proxy.cut_for_good(12, Cut::Before);
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    history.migrator(Config::from_url(&url).unwrap()).run().unwrap_err();
    assert_eq!(number(&database, "SELECT count(*) FROM migrations_progress"), 1);
    let changed = number(&database, "SELECT count(*) FROM k WHERE v = 1");
    assert!((1..300).contains(&changed), "{changed}");
    let copy = format!("{}_copy", database.name());
    let mut admin = database.server().connect("postgres");
    let idle =
        format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'", database.name());
    while admin.query_one(&idle, &[]).unwrap().get::<_, i64>(0) > 0 {
        thread::sleep(Duration::from_millis(10));
    }
    admin.batch_execute(&format!("CREATE DATABASE {copy} TEMPLATE {}", database.name())).unwrap();
    let url = database.server().tcp_url(&copy);
    assert_eq!(history.migrator(Config::from_url(&url).unwrap()).run().unwrap().done.len(), 1);
    let mut client = database.server().connect(&copy);
    let query = "SELECT count(*) FROM k WHERE v = 1";
    assert_eq!(client.query_one(query, &[]).unwrap().get::<_, i64>(0), 300);
    drop(client);
    admin.batch_execute(&format!("DROP DATABASE {copy} WITH (FORCE)")).unwrap();
}
