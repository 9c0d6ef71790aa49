//! What the attributes of a migration say about its waiting and working, instead of what the
//! program says for all of them.

use std::thread;
use std::time::{Duration, Instant};

use deepref_schema::{
    Config, Error, Function, History, Limits, Migration, Migrator, StatementFailure,
};
use deepref_schema::{Segment, SegmentKind, Target};
use tests::database::{TestDatabase, fresh};
use tests::history::{call, history, migration, outside, simple, table};
use tests::server;

fn migrator(history: &History, database: &TestDatabase) -> Migrator {
    history.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

/// A database with a table, and a history that changes it under these limits.
fn altering(limits: Limits) -> (TestDatabase, History) {
    let database = fresh(server::newest());
    let alter =
        simple(2, "Alter", &["ALTER TABLE t1 ADD COLUMN x int"], &["ALTER TABLE t1 DROP COLUMN x"]);
    let history = history(vec![table(1), Migration { limits, ..alter }]);
    migrator(&history, &database).to(1).run().unwrap();
    (database, history)
}

/// Reads the table for so long, in a transaction that is not ended.
fn hold(database: &TestDatabase, time: Duration) -> thread::JoinHandle<()> {
    let mut reader = database.client();
    reader.batch_execute("BEGIN; SELECT * FROM t1").unwrap();
    thread::spawn(move || {
        thread::sleep(time);
        drop(reader);
    })
}

fn failure(error: &Error) -> &StatementFailure {
    let Error::Migration { failure, .. } = error else { panic!("{error}") };
    failure
}

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(20);

#[test]
fn a_migration_waits_longer_than_the_others() {
    let (database, history) =
        altering(Limits { lock_timeout: Some(LONG), attempts: Some(1), ..Limits::NONE });
    let mut impatient = migrator(&history, &database).lock_timeout(SHORT).attempts(1);
    let holder = hold(&database, 6 * SHORT);
    assert_eq!(impatient.run().unwrap().done.len(), 1);
    holder.join().unwrap();
    let holder = hold(&database, 6 * SHORT);
    let plan = impatient.plan_revert(Target::Steps(1)).unwrap();
    assert_eq!(impatient.revert(&plan).unwrap().done.len(), 1);
    holder.join().unwrap();
}

#[test]
fn without_the_attribute_it_does_not() {
    let (database, history) = altering(Limits::NONE);
    let holder = hold(&database, 6 * SHORT);
    let error = migrator(&history, &database).lock_timeout(SHORT).attempts(1).run().unwrap_err();
    assert_eq!(failure(&error).sqlstate, "55P03", "{error}");
    holder.join().unwrap();
}

#[test]
fn a_migration_gives_up_earlier_than_the_others() {
    let (database, history) =
        altering(Limits { lock_timeout: Some(SHORT), attempts: Some(2), ..Limits::NONE });
    let mut holder = database.client();
    holder.batch_execute("BEGIN; SELECT * FROM t1").unwrap();
    let start = Instant::now();
    let error = migrator(&history, &database).lock_timeout(LONG).attempts(20).run().unwrap_err();
    assert_eq!((failure(&error).sqlstate.as_str(), failure(&error).attempts), ("55P03", 2));
    assert!(start.elapsed() < LONG / 2, "{:?}", start.elapsed());
    let text = error.to_string();
    assert!(text.contains("`#[lock_timeout = \"…\"]` before the migration's name"), "{text}");
}

#[test]
fn a_statement_outside_of_a_transaction_is_tried_as_often() {
    let raise = "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$";
    let raising = migration(1, "Raise", vec![outside(raise)], vec![]);
    for (attempts, tried) in [(None, 3), (Some(1), 1), (Some(2), 2)] {
        let limits = Limits { attempts, ..Limits::NONE };
        let history = history(vec![Migration { limits, ..raising }]);
        let database = fresh(server::newest());
        let error = migrator(&history, &database).attempts(3).run().unwrap_err();
        assert_eq!(failure(&error).attempts, tried, "{error}");
    }
}

/// A migration whose statement works for half a second.
fn slow(limits: Limits) -> History {
    history(vec![Migration { limits, ..simple(1, "Slow", &["SELECT pg_sleep(0.5)"], &[]) }])
}

#[test]
fn a_statement_may_work_longer_than_the_others() {
    let unlimited = slow(Limits { statement_timeout: Some(Duration::ZERO), ..Limits::NONE });
    let longer = slow(Limits { statement_timeout: Some(LONG), ..Limits::NONE });
    for history in [unlimited, longer] {
        let database = fresh(server::newest());
        migrator(&history, &database).statement_timeout(SHORT).run().unwrap();
    }
    let shorter = slow(Limits { statement_timeout: Some(SHORT), ..Limits::NONE });
    for (history, all) in [(slow(Limits::NONE), SHORT), (shorter, LONG)] {
        let database = fresh(server::newest());
        let error = migrator(&history, &database).statement_timeout(all).run().unwrap_err();
        assert_eq!(failure(&error).sqlstate, "57014", "{error}");
    }
}

#[test]
fn a_function_may_think_as_long_as_its_migration_says() {
    let think = Function {
        path: "think",
        call: |transaction| {
            thread::sleep(Duration::from_millis(600));
            Ok(transaction.batch_execute("SELECT 1")?)
        },
    };
    let thinking = |limits| {
        let segment = Segment { kind: SegmentKind::Transaction, steps: vec![call(think)].leak() };
        let one = migration(1, "Think", vec![segment], vec![]);
        history(vec![Migration { limits, ..one }])
    };
    let idle = |time| Limits { idle_in_transaction_session_timeout: Some(time), ..Limits::NONE };
    let database = fresh(server::newest());
    let error = migrator(&thinking(idle(SHORT)), &database).run().unwrap_err();
    assert_eq!(error.exit_code(), 8, "{error}");
    for part in ["idle-in-transaction timeout", "`#[idle_in_transaction_session_timeout = \"…\"]`"]
    {
        assert!(error.to_string().contains(part), "{error}");
    }
    migrator(&thinking(idle(LONG)), &database).run().unwrap();
}
