//! Partitions that are detached while their table is used: cut anywhere, held up, begun and not
//! finished.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use deepref_schema::testing::snapshot;
use deepref_schema::{Config, Error, Event, Health, Migrator, Target};
use postgres::Client;
use tests::catalog;
use tests::database::{TestDatabase, fresh, prepared};
use tests::proxy::{Cut, Proxy};
use tests::server::{self, TestServer};

deepref_schema::migrations! {
    migration Make = 1 {
        up {
            sql "CREATE TABLE events (id int, day date NOT NULL) PARTITION BY RANGE (day);
                CREATE TABLE old PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
                CREATE TABLE new PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
                INSERT INTO events SELECT i, date '2020-12-01' + i FROM generate_series(0, 59) AS i"
                down "DROP TABLE events";
        }
    }

    #[lock_timeout = "300ms"]
    #[attempts = 2]
    migration Detach = 2 {
        up {
            create table notes { text: text }
            sql "INSERT INTO notes VALUES ('the year is over');
                ALTER TABLE events DETACH PARTITION old CONCURRENTLY;
                COMMENT ON TABLE old IS 'was a part of the events'"
                down "COMMENT ON TABLE old IS NULL;
                ALTER TABLE events ATTACH PARTITION old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
                ALTER TABLE old DROP CONSTRAINT old_day_check";
        }
    }
}

const CUTS: [Cut; 3] = [Cut::Before, Cut::During, Cut::After];

fn direct(database: &TestDatabase) -> Migrator {
    HISTORY.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn through(proxy: &Proxy, database: &TestDatabase) -> Migrator {
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    HISTORY.migrator(Config::from_url(&url).unwrap())
}

/// The table with both partitions.
fn whole(server: &'static TestServer) -> TestDatabase {
    prepared(server, "partition_whole", |_| {
        let url = server.tcp_url("partition_whole");
        HISTORY.migrator(Config::from_url(&url).unwrap()).to(1).run().unwrap();
    })
}

/// The same after a run that was held up, and ended between the two transactions.
fn half_detached(server: &'static TestServer) -> TestDatabase {
    prepared(server, "partition_half", |client| {
        let url = server.tcp_url("partition_half");
        let migrator = || HISTORY.migrator(Config::from_url(&url).unwrap());
        migrator().to(1).run().unwrap();
        read_events(client);
        migrator().run().unwrap_err();
        client.batch_execute("COMMIT").unwrap();
    })
}

/// A session that has read the table, and may read it again.
fn read_events(reader: &mut Client) {
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM events")
        .unwrap();
}

/// Whether the partition is one: pending or not; `None` where it is none.
fn pending(database: &TestDatabase) -> Option<bool> {
    let query = "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 'old'::regclass";
    database.client().query_opt(query, &[]).unwrap().map(|row| row.get(0))
}

#[track_caller]
fn assert_detached(database: &TestDatabase, context: &str) {
    assert_eq!(pending(database), None, "{context}");
    let query = "SELECT (SELECT count(*) FROM old), (SELECT count(*) FROM events), (SELECT count(*) FROM notes), \
        obj_description('old'::regclass), (SELECT count(*) FROM migrations_progress), (SELECT count(*) FROM migrations)";
    let row = database.client().query_one(query, &[]).unwrap();
    let counts: [i64; 5] = [0, 1, 2, 4, 5].map(|at| row.get(at));
    assert_eq!(counts, [31, 29, 1, 0, 2], "{context}");
    assert_eq!(row.get::<_, &str>(3), "was a part of the events", "{context}");
}

fn revert(migrator: &mut Migrator) -> Result<(), Error> {
    let plan = migrator.plan_revert(Target::Version(1))?;
    migrator.revert(&plan.accept()).map(drop)
}

#[test]
fn a_partition_is_detached_attached_and_detached_again() {
    for server in server::all() {
        let database = whole(server);
        let before = catalog::snapshot(&mut database.client());
        direct(&database).run().unwrap();
        assert_detached(&database, "up");
        revert(&mut direct(&database)).unwrap();
        database.client().batch_execute("DROP TABLE migrations_progress").unwrap();
        catalog::assert_same(&before, &catalog::snapshot(&mut database.client()));
        direct(&database).run().unwrap();
        assert_detached(&database, "up again");
    }
}

#[test]
fn it_is_cut_out_of_the_text_around_it() {
    let text = snapshot(HISTORY.migrations[1]);
    let cut = "-- up 2 of 3: outside of a transaction\nALTER TABLE events DETACH PARTITION old CONCURRENTLY;\n\n-- up 3 of 3";
    assert!(text.contains(cut), "{text}");
}

/// Cuts a run at every message; each next run ends well. Without `DEEPREF_KILL_POINTS=1` the
/// newest server takes every second point, which is each message, the others take fewer.
fn cut_everywhere(server: &'static TestServer, start: fn(&'static TestServer) -> TestDatabase) {
    let proxy = Proxy::before(server.port());
    through(&proxy, &start(server)).run().unwrap();
    let messages = proxy.queries();
    assert!(messages >= 8, "{messages}");
    let all = std::env::var_os("DEEPREF_KILL_POINTS").is_some_and(|value| !value.is_empty());
    let step = match server.major() == server::newest().major() {
        _ if all => 1,
        true => 2,
        false => 7,
    };
    let points = (0..messages).flat_map(|at| CUTS.map(|cut| (at, cut)));
    for (message, cut) in points.step_by(step) {
        let context = format!("{cut:?} at message {message} on {}", server.major());
        let database = start(server);
        proxy.reset();
        proxy.cut_for_good(message, cut);
        if let Err(error) = through(&proxy, &database).run() {
            assert_eq!(error.exit_code(), 8, "{context}: {error}");
        }
        direct(&database).run().unwrap_or_else(|error| panic!("{context}: {error}"));
        assert_detached(&database, &context);
    }
}

#[test]
fn a_detachment_cut_anywhere_is_finished_by_the_next() {
    for server in server::all() {
        cut_everywhere(server, whole);
    }
}

#[test]
fn the_end_of_a_detachment_cut_anywhere_is_finished_by_the_next() {
    for server in server::all() {
        assert_eq!(pending(&half_detached(server)), Some(true));
        cut_everywhere(server, half_detached);
    }
}

#[test]
fn cut_while_it_waits_it_is_finished_by_the_next() {
    for server in server::all() {
        let proxy = Proxy::before(server.port());
        through(&proxy, &whole(server)).run().unwrap();
        let texts = proxy.texts();
        let detach = texts.iter().position(|text| text.starts_with("ALTER TABLE events DETACH"));
        let database = whole(server);
        let mut reader = database.client();
        read_events(&mut reader);
        proxy.reset();
        proxy.cut_for_good(detach.expect("the statement"), Cut::During);
        let error = through(&proxy, &database).run().unwrap_err();
        assert_eq!(error.exit_code(), 8, "{error}");
        // The server has ended its first transaction; the second one never comes.
        let (start, working) = (
            Instant::now(),
            "SELECT count(*) FROM pg_stat_activity \
            WHERE datname = current_database() AND query LIKE 'ALTER TABLE events DETACH%'",
        );
        let mut client = database.client();
        while client.query_one(working, &[]).unwrap().get::<_, i64>(0) > 0 {
            assert!(start.elapsed() < Duration::from_secs(20), "the server goes on");
            thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(pending(&database), Some(true), "{}", server.major());
        reader.batch_execute("COMMIT").unwrap();
        proxy.reset();
        through(&proxy, &database).run().unwrap();
        assert!(proxy.texts().iter().any(|text| text.ends_with("FINALIZE")), "{:?}", proxy.texts());
        assert_detached(&database, "cut while it waits");
    }
}

#[test]
fn a_reader_holds_it_up_for_the_lock_timeout_and_is_named() {
    for server in server::all() {
        let database = whole(server);
        let mut reader = database.client();
        reader.batch_execute("SET application_name = 'the reader'").unwrap();
        read_events(&mut reader);
        let told = Arc::new(Mutex::new(Vec::new()));
        for run in 0..2 {
            let heard = told.clone();
            let listen = move |event: &Event<'_>| {
                if let Event::Retry { blockers, .. } = event {
                    heard.lock().unwrap().push(blockers.join("; "));
                }
            };
            let error = direct(&database).observe(listen).run().unwrap_err();
            let Error::Migration { failure, segment, .. } = &error else { panic!("{error}") };
            assert_eq!((failure.sqlstate.as_str(), *segment), ("55P03", Some((2, 3))), "{error}");
            assert_eq!(failure.attempts, 2);
            assert_eq!(pending(&database), Some(true), "run {run} on {}", server.major());
            // Nobody else is held up meanwhile.
            database.client().batch_execute("INSERT INTO events VALUES (1, '2021-05-01'); DELETE FROM events WHERE day = '2021-05-01'").unwrap();
        }
        let told = told.lock().unwrap();
        assert!(told.len() == 2 && told.iter().all(|who| who.contains("`the reader`")), "{told:?}");
        reader.batch_execute("COMMIT").unwrap();
        direct(&database).run().unwrap();
        assert_detached(&database, "after the reader");
    }
}

#[test]
fn a_doctor_finds_what_is_half_detached() {
    for (database, health, text) in [
        (whole(server::newest()), Health::Good, "none is half detached"),
        (half_detached(server::newest()), Health::Bad, "old of events"),
    ] {
        let findings = direct(&database).doctor().unwrap();
        let found = findings.iter().find(|finding| finding.topic == "partitions").unwrap();
        assert!(found.health == health && found.text.contains(text), "{found:?}");
    }
}

#[test]
fn what_a_person_finished_is_not_asked_for_again() {
    let database = half_detached(server::newest());
    let finish = "ALTER TABLE events DETACH PARTITION old FINALIZE";
    database.client().batch_execute(finish).unwrap();
    direct(&database).run().unwrap();
    assert_detached(&database, "finished by hand");
}

#[test]
fn a_default_partition_forbids_it() {
    for server in server::all() {
        let database = whole(server);
        let mut client = database.client();
        client.batch_execute("CREATE TABLE rest PARTITION OF events DEFAULT").unwrap();
        let error = direct(&database).run().unwrap_err();
        assert!(
            error.exit_code() == 1 && error.to_string().contains("default partition"),
            "{error}"
        );
        assert_eq!(pending(&database), Some(false));
        client.batch_execute("DROP TABLE rest").unwrap();
        direct(&database).run().unwrap();
        assert_detached(&database, "without a default partition");
    }
}

#[test]
fn what_is_no_partition_is_not_detached() {
    let database = fresh(server::newest());
    direct(&database).to(1).run().unwrap();
    let mut client = database.client();
    client.batch_execute("ALTER TABLE events DETACH PARTITION old").unwrap();
    let error = direct(&database).run().unwrap_err();
    assert!(error.exit_code() == 1 && error.to_string().contains("not a partition"), "{error}");
}
