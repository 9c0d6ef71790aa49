//! Functions of migrations that fail: nothing of their migration stays.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use deepref_schema::{
    BoxError, Error, Function, Migration, Segment, SegmentKind, StatementError, StatementFailure,
    Step, Transaction,
};
use tests::database::fresh;
use tests::history::{call, history, migration, step, table, transaction};
use tests::server;

use super::migrator;

/// A migration with a table before the function, and one after it.
fn around(work: fn(&mut Transaction) -> Result<(), BoxError>) -> Migration {
    let function = Function { path: "steps::work", call: work };
    let steps: Vec<Step> = vec![
        step("CREATE TABLE before (id int)"),
        call(function),
        step("CREATE TABLE after (id int)"),
    ];
    let up = Segment { kind: SegmentKind::Transaction, steps: steps.leak() };
    let down = transaction(&["DROP TABLE after", "DROP TABLE before"]);
    migration(2, "Around", vec![up], vec![down])
}

/// What a run says of a function that fails; the migration before it stays, and of its own
/// migration nothing does.
#[track_caller]
fn refused(call: fn(&mut Transaction) -> Result<(), BoxError>) -> Error {
    let database = fresh(server::newest());
    let history = history(vec![table(1), around(call)]);
    let mut migrator = migrator(&history, &database);
    let error = migrator.run().unwrap_err();
    let left = "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class \
                WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    let tables: Vec<String> = database.client().query_one(left, &[]).unwrap().get(0);
    assert_eq!(tables, ["migrations", "t1"], "{error}");
    assert_eq!(migrator.status().unwrap().pending().count(), 1, "{error}");
    error
}

fn failure(error: &Error) -> &StatementFailure {
    let Error::Migration { migration, failure, applied, .. } = error else { panic!("{error}") };
    assert_eq!((migration.as_str(), applied.as_slice()), ("Around2", &["Table11".to_owned()][..]));
    assert_eq!(failure.description, "run steps::work (statement 2 of 3)");
    assert_eq!(error.exit_code(), 1);
    failure
}

#[test]
fn an_error_rolls_the_migration_back() {
    let error = refused(|_| Err("the file is not there".into()));
    assert_eq!(failure(&error).sqlstate, "");
    assert_eq!(
        error.to_string(),
        "`Around2` failed and was rolled back (1 done before it: Table11)\n  \
         run steps::work (statement 2 of 3): the file is not there"
    );
}

#[test]
fn a_panic_rolls_the_migration_back() {
    let error = refused(|transaction| {
        transaction.execute("INSERT INTO before VALUES (1)", &[])?;
        panic!("out of {}", "luck");
    });
    assert_eq!(failure(&error).message, "it panicked: out of luck");
}

#[test]
fn a_refused_statement_is_shown() {
    let error = refused(|transaction| {
        transaction.execute("INSERT INTO before\nVALUES ($1, 2)", &[&1])?;
        Ok(())
    });
    let failure = failure(&error);
    assert_eq!((failure.sqlstate.as_str(), failure.line), ("42601", Some(2)), "{error}");
    assert!(error.to_string().contains("     2 | VALUES ($1, 2)\n"), "{error}");
}

#[test]
fn the_error_of_a_function_is_told_with_its_causes() {
    #[derive(Debug)]
    struct Outer(StatementError);
    impl std::fmt::Display for Outer {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(formatter, "the prices are wrong")
        }
    }
    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    let error = refused(|transaction| {
        transaction.query("SELECT price FROM before", &[]).map(drop).map_err(|error| {
            assert_eq!(error.sqlstate(), Some("42703"));
            Outer(error).into()
        })
    });
    let failure = failure(&error);
    assert_eq!(failure.message, "the prices are wrong: column \"price\" does not exist");
    assert_eq!(failure.sqlstate, "42703");
}

#[test]
fn values_of_rows_are_not_shown() {
    let error = refused(|transaction| {
        let secret = "INSERT INTO before VALUES (4711); CREATE UNIQUE INDEX ON before (id); INSERT INTO before VALUES (4711)";
        Ok(transaction.batch_execute(&secret.replace("4711", "4000 + 711"))?)
    });
    assert_eq!(failure(&error).sqlstate, "23505");
    assert!(!error.to_string().contains("4711"), "{error}");
}

#[test]
fn a_failure_can_not_be_passed_over() {
    let error = refused(|transaction| {
        transaction.execute("INSERT INTO missing VALUES (1)", &[]).ok();
        Ok(())
    });
    let text = &failure(&error).message;
    assert!(text.starts_with("it went on after a statement that failed: relation"), "{text}");
}

#[test]
fn a_mistake_in_values_can_be_passed_over() {
    let database = fresh(server::newest());
    let one = around(|transaction| {
        let wrong = transaction.query_one("SELECT 1 WHERE false", &[]);
        assert!(matches!(wrong, Err(StatementError::Values { .. })), "{wrong:?}");
        let wrong = transaction.execute("INSERT INTO before VALUES ($1)", &[&"text"]);
        assert!(matches!(wrong, Err(StatementError::Values { .. })), "{wrong:?}");
        Ok(())
    });
    migrator(&history(vec![one]), &database).run().unwrap();
}

#[test]
fn the_transaction_can_not_be_ended() {
    for ending in [
        "COMMIT",
        "/* */ commit/**/work",
        "END;",
        "ROLLBACK",
        "ABORT",
        "SAVEPOINT a",
        "ROLLBACK TO SAVEPOINT a",
        "PREPARE TRANSACTION 'x'",
        "BEGIN",
        "SET search_path = pg_temp",
        "COPY before FROM STDIN",
        "SELECT pg_advisory_unlock_all()",
    ] {
        refused_text(ending);
    }
}

/// Each way to send it is refused, whether or not the function tells.
fn refused_text(ending: &'static str) {
    static ENDING: Mutex<&str> = Mutex::new("");
    *ENDING.lock().unwrap() = ending;
    let texts = [
        refused(|transaction| Ok(transaction.execute(*ENDING.lock().unwrap(), &[]).map(drop)?)),
        refused(|transaction| {
            let text = format!("SELECT 1; {}", ENDING.lock().unwrap());
            transaction.batch_execute(&text).ok();
            Ok(())
        }),
    ];
    for error in texts {
        let text = &failure(&error).message;
        assert!(text.contains("can not stand in a migration"), "{ending}: {text}");
    }
}

#[test]
fn what_is_hidden_from_the_parser_is_found_by_the_server_or_the_fence() {
    let error = refused(|transaction| {
        let hidden = "DO $$ BEGIN EXECUTE 'SELECT pg_advisory_' || 'unlock_all()'; END $$";
        Ok(transaction.batch_execute(hidden)?)
    });
    assert!(matches!(error, Error::Fence { .. }), "{error}");
    let error = refused(|transaction| Ok(transaction.batch_execute("DO $$ BEGIN COMMIT; END $$")?));
    assert_eq!(failure(&error).sqlstate, "2D000");
}

#[test]
fn a_function_that_lacks_a_lock_is_called_again() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let database = fresh(server::newest());
    let one = around(|transaction| {
        let call = CALLS.fetch_add(1, Ordering::SeqCst);
        transaction.execute("INSERT INTO before VALUES ($1)", &[&i32::try_from(call)?])?;
        // whoever does not tell what failed is called again as well
        transaction.execute("LOCK TABLE t1", &[]).expect("the lock");
        Ok(())
    });
    let history = history(vec![table(1), one]);
    migrator(&history, &database).to(1).run().unwrap();
    let mut reader = database.client();
    reader.batch_execute("SET application_name = 'the reader'; BEGIN; SELECT * FROM t1").unwrap();
    let error = migrator(&history, &database)
        .lock_timeout(Duration::from_millis(50))
        .attempts(2)
        .run()
        .unwrap_err();
    let Error::Migration { failure, .. } = &error else { panic!("{error}") };
    assert_eq!((failure.sqlstate.as_str(), failure.attempts), ("55P03", 2));
    assert!(failure.blockers[0].contains("`the reader`"), "{failure}");
    assert_eq!(CALLS.load(Ordering::SeqCst), 2);
    let released = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        drop(reader);
    });
    let mut patient =
        migrator(&history, &database).lock_timeout(Duration::from_millis(50)).attempts(20);
    assert_eq!(patient.run().unwrap().done.len(), 1);
    released.join().unwrap();
    let rows = database.client().query_one("SELECT count(*), max(id) FROM before", &[]).unwrap();
    let last = i32::try_from(CALLS.load(Ordering::SeqCst)).unwrap() - 1;
    assert_eq!((rows.get::<_, i64>(0), rows.get::<_, i32>(1)), (1, last));
}
