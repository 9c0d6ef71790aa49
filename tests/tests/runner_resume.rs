//! Migrations of several segments: interrupted anywhere, finished by the next
//! run.

use deepref_schema::{
    Batches, Config, Error, History, Migration, Migrator, Report, Resolution, Target,
};
use tests::catalog;
use tests::database::{TestDatabase, fresh, prepared};
use tests::history::{batches, history, migration, outside, simple, table, transaction};
use tests::proxy::{Cut, Proxy};
use tests::server;

fn migrator(history: &History, database: &TestDatabase) -> Migrator {
    history.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn through(history: &History, proxy: &Proxy, database: &TestDatabase) -> Migrator {
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    history.migrator(Config::from_url(&url).unwrap())
}

/// A table of numbers; one transaction, an index outside, an update in
/// batches that is not idempotent, and one more transaction.
fn long() -> Vec<Migration> {
    let make = simple(
        1,
        "Make",
        &[
            "CREATE TABLE n (a int, b text COLLATE \"C\", v int NOT NULL DEFAULT 0, PRIMARY KEY (a, b))",
            "INSERT INTO n SELECT i % 7, 'it''s ' || i FROM generate_series(1, 100) AS i",
        ],
        &["DROP TABLE n"],
    );
    let up = vec![
        transaction(&["ALTER TABLE n ADD COLUMN w int"]),
        outside("CREATE INDEX CONCURRENTLY n_v ON public.n (v)"),
        batches(Batches {
            table: "public.n",
            key: &["a", "b"],
            key_types: &["integer", "text"],
            set: "v = v + 1",
            condition: "w IS NULL",
            size: 9,
        }),
        transaction(&["CREATE TABLE done (id int)"]),
    ];
    let down = vec![
        transaction(&["DROP TABLE done"]),
        outside("DROP INDEX CONCURRENTLY public.n_v"),
        transaction(&["ALTER TABLE n DROP COLUMN w"]),
    ];
    vec![make, migration(2, "Long", up, down)]
}

fn sum(database: &TestDatabase) -> (i64, i64) {
    let row = database.client().query_one("SELECT sum(v), count(*) FROM n", &[]).unwrap();
    (row.get(0), row.get(1))
}

fn unfinished(database: &TestDatabase) -> i64 {
    database.client().query_one("SELECT count(*) FROM migrations_progress", &[]).unwrap().get(0)
}

fn assert_finished(database: &TestDatabase, context: &str) {
    assert_eq!(sum(database), (100, 100), "{context}");
    assert_eq!(unfinished(database), 0, "{context}");
    let query = "SELECT count(*) FROM pg_index WHERE indexrelid = 'n_v'::regclass AND indisvalid";
    assert_eq!(database.client().query_one(query, &[]).unwrap().get::<_, i64>(0), 1, "{context}");
    let query = "SELECT count(*) FROM migrations WHERE name = 'Long2' AND duration_ms IS NOT NULL";
    assert_eq!(database.client().query_one(query, &[]).unwrap().get::<_, i64>(0), 1, "{context}");
}

#[test]
fn runs_all_kinds_of_segments_and_back() {
    for server in server::all() {
        let database = fresh(server);
        let history = history(long());
        migrator(&history, &database).to(1).run().unwrap();
        let before = catalog::snapshot(&mut database.client());
        migrator(&history, &database).run().unwrap();
        assert_finished(&database, "");
        let plan = migrator(&history, &database).plan_revert(Target::Steps(1)).unwrap();
        migrator(&history, &database).revert(&plan).unwrap();
        database.client().batch_execute("DROP TABLE migrations_progress").unwrap();
        catalog::assert_same(&before, &catalog::snapshot(&mut database.client()));
    }
}

#[test]
fn a_cut_at_every_message_loses_and_repeats_nothing() {
    let server = server::newest();
    let history = history(long());
    let start = || {
        prepared(server, "resume_start", |client| {
            let url = server.tcp_url("resume_start");
            drop(client.batch_execute("SELECT 1"));
            history.migrator(Config::from_url(&url).unwrap()).to(1).run().unwrap();
        })
    };
    let proxy = Proxy::before(server.port());
    through(&history, &proxy, &start()).run().unwrap();
    let messages = proxy.queries();
    assert!(messages > 15, "{messages}");
    for message in 0..messages {
        for cut in [Cut::Before, Cut::During, Cut::After] {
            let database = start();
            proxy.reset();
            proxy.cut_for_good(message, cut);
            let context = format!("{cut:?} at message {message}");
            assert_lost(
                through(&history, &proxy, &database).run(),
                message + 1 == messages,
                &context,
            );
            migrator(&history, &database)
                .run()
                .unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_finished(&database, &context);
        }
    }
}

#[test]
fn a_revert_cut_at_every_message_is_finished_by_the_next() {
    let server = server::newest();
    let history = history(long());
    let applied = || {
        prepared(server, "revert_start", |_| {
            let url = server.tcp_url("revert_start");
            history.migrator(Config::from_url(&url).unwrap()).run().unwrap();
        })
    };
    let revert = |migrator: &mut Migrator| {
        migrator.plan_revert(Target::Version(1)).and_then(|plan| migrator.revert(&plan))
    };
    let proxy = Proxy::before(server.port());
    revert(&mut through(&history, &proxy, &applied())).unwrap();
    let messages = proxy.queries();
    for message in 0..messages {
        let cut = [Cut::Before, Cut::During, Cut::After][message % 3];
        let database = applied();
        proxy.reset();
        proxy.cut_for_good(message, cut);
        let context = format!("{cut:?} at message {message}");
        let last = message + 1 == messages;
        assert_lost(revert(&mut through(&history, &proxy, &database)), last, &context);
        if !last {
            revert(&mut migrator(&history, &database))
                .unwrap_or_else(|error| panic!("{context}: {error}"));
        }
        assert_eq!(unfinished(&database), 0, "{context}");
        let left: i64 = database
            .client()
            .query_one("SELECT count(*) FROM pg_class WHERE relname IN ('done', 'n_v')", &[])
            .unwrap()
            .get(0);
        assert_eq!(left, 0, "{context}");
    }
}

#[test]
fn a_lost_answer_is_read_in_the_ledger() {
    let server = server::newest();
    let history = history(long());
    let proxy = Proxy::before(server.port());
    through(&history, &proxy, &fresh(server)).run().unwrap();
    let texts = proxy.texts();
    let commits = |(_, text): &(usize, &String)| text.trim_end().ends_with("COMMIT\n;");
    let commits: Vec<_> = texts.iter().enumerate().filter(commits).map(|(at, _)| at).collect();
    assert!(commits.len() > 15, "{texts:#?}");
    for message in commits.into_iter().step_by(3) {
        let context = format!("message {message}");
        let database = fresh(server);
        proxy.reset();
        proxy.cut_at(message, Cut::After);
        through(&history, &proxy, &database)
            .run()
            .unwrap_or_else(|error| panic!("{context}: {error}"));
        assert_finished(&database, &context);
        let database = fresh(server);
        proxy.reset();
        proxy.cut_at(message, Cut::Before);
        let result = through(&history, &proxy, &database).run();
        // the first look at the rows of a batched update changes nothing, and is simply repeated
        let looks_only =
            texts[message].contains("deepref_turn") && !texts[message].contains("UPDATE");
        match result {
            Ok(_) => assert!(looks_only, "message {message}"),
            Err(error) => assert_eq!(error.exit_code(), 8, "{error}"),
        }
    }
}

/// Exit code 8, but for the last message: it gives the lock back, which a lost connection does
/// as well.
fn assert_lost(result: Result<Report, Error>, last: bool, context: &str) {
    match result {
        Ok(_) => assert!(last, "{context}: no error"),
        Err(error) => assert!(!last && error.exit_code() == 8, "{context}: {error}"),
    }
}

fn with_index(sql: &str) -> History {
    let make = simple(
        1,
        "Make",
        &["CREATE TABLE n (v int)", "INSERT INTO n VALUES (1), (1)"],
        &["DROP TABLE n"],
    );
    history(vec![
        make,
        migration(2, "Index", vec![outside(sql)], vec![outside("DROP INDEX CONCURRENTLY n_v")]),
    ])
}

#[test]
fn a_failed_build_leaves_no_invalid_index() {
    let database = fresh(server::newest());
    let history = with_index("CREATE UNIQUE INDEX CONCURRENTLY n_v ON n (v)");
    let error = migrator(&history, &database).run().unwrap_err();
    let Error::Migration { failure, segment, .. } = &error else { panic!("{error}") };
    assert_eq!((failure.sqlstate.as_str(), *segment), ("23505", Some((1, 1))));
    let mut client = database.client();
    assert!(client.query("SELECT FROM pg_class WHERE relname = 'n_v'", &[]).unwrap().is_empty());
    client.batch_execute("DELETE FROM n").unwrap();
    migrator(&history, &database).run().unwrap();
    assert_eq!(client.query("SELECT FROM pg_class WHERE relname = 'n_v'", &[]).unwrap().len(), 1);
}

#[test]
fn an_invalid_index_of_that_name_is_built_again() {
    let database = fresh(server::newest());
    let history = with_index("CREATE INDEX CONCURRENTLY n_v ON n (v)");
    migrator(&history, &database).to(1).run().unwrap();
    let mut client = database.client();
    client.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY n_v ON n (v)").unwrap_err();
    migrator(&history, &database).run().unwrap();
    let row = client
        .query_one(
            "SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'n_v'::regclass",
            &[],
        )
        .unwrap();
    assert_eq!((row.get(0), row.get(1)), (true, false));
}

#[test]
fn a_valid_index_of_somebody_else_is_not_taken() {
    let database = fresh(server::newest());
    let history = with_index("CREATE INDEX CONCURRENTLY n_v ON n (v)");
    migrator(&history, &database).to(1).run().unwrap();
    database.client().batch_execute("CREATE INDEX n_v ON n ((v + 1))").unwrap();
    assert_eq!(migrator(&history, &database).run().unwrap_err().exit_code(), 4);
    database.client().batch_execute("DROP INDEX n_v").unwrap();
    migrator(&history, &database).run().unwrap();
}

#[test]
fn an_unknown_statement_that_was_interrupted_asks_a_person() {
    let database = fresh(server::newest());
    let history = with_index("VACUUM n");
    let proxy = Proxy::before(database.server().port());
    migrator(&history, &database).to(1).run().unwrap();
    // state, lock, begin, mark, then the statement
    proxy.cut_for_good(4, Cut::After);
    assert_eq!(through(&history, &proxy, &database).run().unwrap_err().exit_code(), 8);
    assert_eq!(proxy.texts()[4].trim(), "VACUUM n");
    let error = migrator(&history, &database).run().unwrap_err();
    assert_eq!(error.exit_code(), 5);
    assert!(error.to_string().contains("VACUUM n"), "{error}");
    migrator(&history, &database).resolve(Resolution::Retry).unwrap();
    migrator(&history, &database).run().unwrap();
    assert_eq!(unfinished(&database), 0);
}

#[test]
fn an_edit_of_a_half_applied_migration_is_found() {
    let database = fresh(server::newest());
    let history = with_index("CREATE UNIQUE INDEX CONCURRENTLY n_v ON n (v)");
    migrator(&history, &database).run().unwrap_err();
    let mut edited = *history.migrations[1];
    edited.checksum = [0; 32];
    let edited = tests::history::history(vec![*history.migrations[0], edited]);
    let error = migrator(&edited, &database).run().unwrap_err();
    assert!(error.exit_code() == 4 && error.to_string().contains("edited"), "{error}");
}

/// A column of text in an order of words, where the server knows one: it may be built without ICU.
fn text_column() -> &'static str {
    let known = "SELECT count(*) FROM pg_collation WHERE collname = 'und-x-icu'";
    let row = fresh(server::newest()).client().query_one(known, &[]).unwrap();
    if row.get::<_, i64>(0) == 0 { "text" } else { "text COLLATE \"und-x-icu\"" }
}

#[test]
fn the_batches_see_rows_of_every_kind_of_key() {
    let keys: [(&str, &str, &str); 5] = [
        ("bigint", "bigint", "i::bigint * 1000000007"),
        ("uuid", "uuid", "md5(i::text)::uuid"),
        ("text", text_column(), "'it''s ' || chr(64 + i) || i"),
        (
            "timestamp with time zone",
            "timestamptz",
            "'2020-01-01'::timestamptz + i * '1.000001 s'::interval",
        ),
        ("numeric", "numeric", "i / 3.0"),
    ];
    for (ty, column, value) in keys {
        let database = fresh(server::newest());
        let make = format!("CREATE TABLE k (\"Key\" {column} PRIMARY KEY, v int DEFAULT 0)");
        let fill = format!("INSERT INTO k SELECT {value} FROM generate_series(1, 50) AS i");
        let types: &'static [&'static str] = vec![&*ty.to_string().leak()].leak();
        let update = batches(Batches {
            table: "k",
            key: &["\"Key\""],
            key_types: types,
            set: "v = v + 1",
            condition: "",
            size: 7,
        });
        let history = history(vec![
            table(1),
            migration(2, "Fill", vec![transaction(&[&make, &fill]), update], vec![]),
        ]);
        migrator(&history, &database).run().unwrap_or_else(|error| panic!("{ty}: {error}"));
        let row =
            database.client().query_one("SELECT min(v), max(v), count(*) FROM k", &[]).unwrap();
        assert_eq!(
            (row.get::<_, i32>(0), row.get::<_, i32>(1), row.get::<_, i64>(2)),
            (1, 1, 50),
            "{ty}"
        );
    }
}
