//! How fast batched updates go, and what they wait for.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use deepref_schema::{Config, Error, Event, History, Migrator};
use postgres::Client;
use tests::database::fresh;
use tests::history::{count_in_ranges, history, migration, simple, transaction};
use tests::own::OwnServer;
use tests::server;

/// A table of 400 rows, and an update of four ranges.
fn counting() -> History {
    let fill = "CREATE TABLE k (id int PRIMARY KEY, v int NOT NULL);
        INSERT INTO k SELECT i, 0 FROM generate_series(1, 400) i";
    let update = count_in_ranges(100);
    history(vec![
        simple(1, "Fill", &[fill], &["DROP TABLE k"]),
        migration(2, "Count", vec![transaction(&["SELECT 1"]), update], vec![]),
    ])
}

type Heard = Arc<Mutex<Vec<String>>>;

/// What a run said about its ranges and about standbys.
fn observed(migrator: Migrator) -> (Migrator, Heard) {
    let heard = Heard::default();
    let said = heard.clone();
    let migrator = migrator.observe(move |event| match event {
        Event::Batch { rows, scanned, estimate, .. } => {
            said.lock().unwrap().push(format!("{rows} {scanned} {estimate}"));
        }
        Event::Lagging { standby, .. } => said.lock().unwrap().push(format!("behind: {standby}")),
        _ => {}
    });
    (migrator, heard)
}

#[test]
fn an_update_says_how_far_it_is_and_keeps_to_a_rate() {
    let database = fresh(server::newest());
    let config = Config::from_url(&database.url()).unwrap();
    counting().migrator(config.clone()).to(1).run().unwrap();
    database.client().batch_execute("VACUUM ANALYZE k").unwrap();
    let (mut migrator, heard) = observed(counting().migrator(config).batch_rate(200));
    let since = Instant::now();
    migrator.run().unwrap();
    // The last range begins when 300 rows were due.
    assert!(since.elapsed() >= Duration::from_millis(1500), "{:?}", since.elapsed());
    let heard = heard.lock().unwrap();
    assert_eq!(*heard, ["100 100 400", "200 200 400", "300 300 400", "400 400 400"]);
}

#[test]
fn a_role_that_can_not_see_standbys_can_not_wait_for_them() {
    let database = fresh(server::newest());
    let mut client = database.client();
    let role = format!("limited_{}", database.name());
    let make = format!("CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}");
    client.batch_execute(&make).unwrap();
    let config = Config::from_url(&database.url().replace("postgres@", &format!("{role}@")));
    let config = config.unwrap();
    let migrator = || counting().migrator(config.clone()).max_lag(1 << 20);
    let error = migrator().run().unwrap_err();
    assert!(matches!(error, Error::Refused { .. }) && error.exit_code() == 6, "{error}");
    assert!(error.to_string().contains("pg_monitor"), "{error}");
    assert_eq!(client.query_one("SELECT sum(v) FROM k", &[]).unwrap().get::<_, i64>(0), 0);
    client.batch_execute(&format!("GRANT pg_monitor TO {role}")).unwrap();
    migrator().run().unwrap();
    assert_eq!(client.query_one("SELECT sum(v) FROM k", &[]).unwrap().get::<_, i64>(0), 400);
    client.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn an_update_waits_for_a_standby_that_is_behind() {
    let mut primary = OwnServer::start(&[]);
    let standby = primary.standby();
    let config = Config::from_url(&primary.url()).unwrap();
    counting().migrator(config.clone()).to(1).run().unwrap();
    primary.wait_until(
        "(SELECT count(*) = 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn())",
    );
    let (mut first, mut behind) = (primary.client(), standby.client());
    behind.batch_execute("SELECT pg_wal_replay_pause()").unwrap();
    standby.wait_until("pg_get_wal_replay_pause_state() = 'paused'");
    let (mut migrator, heard) = observed(counting().migrator(config).max_lag(16));
    let running = thread::spawn(move || migrator.run().map(|_| ()));
    while !heard.lock().unwrap().iter().any(|said| said == "behind: copy") {
        assert!(!running.is_finished(), "{:?}", running.join());
        thread::sleep(Duration::from_millis(20));
    }
    let done = |client: &mut Client| -> i64 {
        client.query_one("SELECT sum(v) FROM k", &[]).unwrap().get(0)
    };
    assert!(done(&mut first) < 400);
    behind.batch_execute("SELECT pg_wal_replay_resume()").unwrap();
    running.join().unwrap().unwrap();
    assert_eq!(done(&mut first), 400);
}
