//! Indexes that are built again: others than before, and nothing is left of builds that were cut.

use std::thread;
use std::time::{Duration, Instant};

use deepref_schema::testing::snapshot;
use deepref_schema::{Config, Migrator, Target};
use postgres::Client;
use tests::catalog;
use tests::database::{TestDatabase, prepared};
use tests::proxy::{Cut, Proxy};
use tests::server::{self, TestServer};

deepref_schema::migrations! {
    migration Make = 1 {
        up {
            create extension btree_gist;
            create table n { id: int primary key, v: int, w: text, exclude EX_v using gist (v with =) where (v > 0) }
            create index IDX_the_name_of_this_index_is_as_long_as_PostgreSQL_lets_it_be on n (v);
            create table p { id: int primary key }
            sql "CREATE TABLE parts (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);
                CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (1000);
                CREATE INDEX parts_v ON parts (v);
                INSERT INTO n SELECT i, -i, repeat('x', i) FROM generate_series(1, 100) AS i;
                INSERT INTO parts SELECT i, i FROM generate_series(1, 100) AS i"
                down "DROP TABLE parts";
        }
    }

    migration Index = 2 {
        up {
            reindex index IDX_the_name_of_this_index_is_as_long_as_PostgreSQL_lets_it_be concurrently;
        }
    }

    migration Table = 3 {
        up {
            reindex table n concurrently;
        }
    }

    migration Others = 4 {
        up {
            reindex index n_pkey concurrently;
            reindex table p concurrently;
            reindex index parts_v concurrently;
            reindex table parts concurrently;
        }
    }

    migration Plain = 5 {
        up {
            update n set v = v - 1 down none;
            #[allow(blocking_index, reason = "nobody is there")]
            reindex table n;
            #[allow(blocking_index, reason = "there is no other way")]
            reindex index EX_v;
        }
    }
}

fn direct(database: &TestDatabase) -> Migrator {
    HISTORY.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn through(proxy: &Proxy, database: &TestDatabase) -> Migrator {
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    HISTORY.migrator(Config::from_url(&url).unwrap())
}

fn made(server: &'static TestServer) -> TestDatabase {
    prepared(server, "reindex_made", |_| {
        let url = server.tcp_url("reindex_made");
        HISTORY.migrator(Config::from_url(&url).unwrap()).to(1).run().unwrap();
    })
}

const TABLES: &str = "i.indrelid IN ('n'::regclass, 'p'::regclass, 'part'::regclass)";

fn names(client: &mut Client, condition: &str) -> Vec<String> {
    let query = format!(
        "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE {condition} ORDER BY 1"
    );
    client.query(&query, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

/// The indexes with their files.
fn files(client: &mut Client) -> Vec<(String, u32)> {
    let query = format!(
        "SELECT c.relname::text, c.relfilenode FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE {TABLES} ORDER BY 1"
    );
    client.query(&query, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn invalid(database: &TestDatabase) -> Vec<String> {
    names(&mut database.client(), "NOT i.indisvalid")
}

fn revert(migrator: &mut Migrator) {
    let plan = migrator.plan_revert(Target::Version(1)).unwrap();
    migrator.revert(&plan.accept()).unwrap();
}

#[test]
fn indexes_are_built_again_there_and_back() {
    for server in server::all() {
        let database = made(server);
        let mut client = database.client();
        let (catalog, start) = (catalog::snapshot(&mut client), files(&mut client));
        direct(&database).to(4).run().unwrap();
        let concurrently = files(&mut client);
        for (old, new) in start.iter().zip(&concurrently) {
            // Of an exclusion constraint PostgreSQL builds none concurrently.
            assert_eq!(old.0, new.0);
            assert_eq!(old.1 == new.1, old.0 == "EX_v", "{old:?} on {}", server.major());
        }
        direct(&database).run().unwrap();
        let plain = files(&mut client);
        let of_n = |name: &str| !name.starts_with('p');
        for (old, new) in concurrently.iter().zip(&plain) {
            assert_eq!(old.1 != new.1, of_n(&old.0), "{old:?} on {}", server.major());
        }
        revert(&mut direct(&database));
        client.batch_execute("DROP TABLE migrations_progress").unwrap();
        catalog::assert_same(&catalog, &catalog::snapshot(&mut client));
        direct(&database).run().unwrap();
        assert_eq!(invalid(&database), Vec::<String>::new());
    }
}

/// What holds concurrent builds up.
const LOOK: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM n";

/// What a session leaves that is stopped while an old snapshot holds it up.
fn leave_copies(database: &TestDatabase, statement: &str) {
    let mut reader = database.client();
    reader.batch_execute(LOOK).unwrap();
    let mut stopped = database.client();
    stopped.batch_execute("SET lock_timeout = '100ms'; SET client_min_messages = error").unwrap();
    let error = stopped.batch_execute(statement).unwrap_err();
    assert_eq!(error.code().unwrap().code(), "55P03", "{error:?}");
}

#[test]
fn what_stopped_builds_left_is_dropped() {
    for server in server::all() {
        for (statement, left) in [
            ("REINDEX INDEX CONCURRENTLY n_pkey", 1),
            (
                "REINDEX INDEX CONCURRENTLY \"IDX_the_name_of_this_index_is_as_long_as_PostgreSQL_lets_it_be\"",
                1,
            ),
            // two indexes, and that of the table of long values
            ("REINDEX TABLE CONCURRENTLY n", 3),
            ("REINDEX TABLE CONCURRENTLY parts", 2),
            ("REINDEX INDEX CONCURRENTLY parts_v", 1),
        ] {
            let database = made(server);
            leave_copies(&database, statement);
            let copies = invalid(&database);
            assert!(
                copies.len() >= 1.max(left - 1) && copies.len() <= left,
                "{statement}: {copies:?}"
            );
            assert!(copies.iter().all(|name| name.contains("_ccnew")), "{copies:?}");
            // Another's index that is invalid, too, is none of ours.
            let mut client = database.client();
            client.batch_execute("INSERT INTO p VALUES (1), (2)").unwrap();
            client
                .batch_execute("CREATE UNIQUE INDEX CONCURRENTLY other ON p ((id / 10))")
                .unwrap_err();
            direct(&database).run().unwrap();
            assert_eq!(invalid(&database), ["other"], "{statement} on {}", server.major());
        }
    }
}

#[test]
fn cut_while_it_waits_it_is_finished_by_the_next() {
    for server in server::all() {
        let proxy = Proxy::before(server.port());
        for version in [2, 3] {
            let before = || {
                let database = made(server);
                direct(&database).to(version - 1).run().unwrap();
                proxy.reset();
                database
            };
            through(&proxy, &before()).to(version).run().unwrap();
            let texts = proxy.texts();
            let statement = texts.iter().position(|text| text.starts_with("REINDEX"));
            let database = before();
            let mut reader = database.client();
            reader.batch_execute(LOOK).unwrap();
            proxy.cut_for_good(statement.expect("the statement"), Cut::During);
            let error = through(&proxy, &database).to(version).run().unwrap_err();
            assert_eq!(error.exit_code(), 8, "{error}");
            ended(&database);
            assert!(!invalid(&database).is_empty(), "{version} on {}", server.major());
            reader.batch_execute("COMMIT").unwrap();
            direct(&database).to(version).run().unwrap();
            assert_eq!(invalid(&database), Vec::<String>::new(), "{version} on {}", server.major());
        }
    }
}

/// Waits until no build goes on: a server looks every two seconds whether its client is there.
fn ended(database: &TestDatabase) {
    let start = Instant::now();
    let building = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'REINDEX%' AND state = 'active'";
    let mut client = database.client();
    while client.query_one(building, &[]).unwrap().get::<_, i64>(0) > 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "the server goes on");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_reviewer_sees_whom_it_blocks_and_that_nothing_comes_back() {
    let text = |version: usize| snapshot(HISTORY.migrations[version - 1]);
    let concurrent =
        "-- up: outside of a transaction\nREINDEX TABLE CONCURRENTLY n;\n\n-- down: nothing\n";
    assert!(text(3).ends_with(concurrent), "{}", text(3));
    for line in [
        "-- locks n against writes while it builds an index; ",
        "n_pkey against reads and writes while it builds an index\nREINDEX TABLE n;\n",
        "-- down: nothing\n",
    ] {
        assert!(text(5).contains(line), "{}", text(5));
    }
}

/// Why the compiler refuses it.
#[test]
fn an_exclusion_constraint_is_not_built_again_concurrently() {
    for server in server::all() {
        let database = made(server);
        let mut client = database.client();
        let error = client.batch_execute("REINDEX INDEX CONCURRENTLY \"EX_v\"").unwrap_err();
        assert_eq!(error.code().unwrap().code(), "0A000", "{error:?}");
    }
}
