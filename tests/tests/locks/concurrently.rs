//! What can not run in a transaction waits for one that writes: its locks are read meanwhile.

use std::thread;
use std::time::{Duration, Instant};

use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::Settings;
use deepref_schema_core::statement::Run;
use tests::database::prepared;
use tests::model::{assert_accepted, execute, step};

use super::observed::held_by;
use super::{cases, servers, set_up};

#[test]
fn locks_outside_of_a_transaction_are_those_of_the_server() {
    let mut fold = Fold::new(Settings::default());
    let setup = step(&mut fold, 1, &format!("up {{ {} }}", cases::BEFORE));
    assert_accepted(&setup);
    for server in servers() {
        for case in [
            "create index concurrently x on things (small);",
            "drop index concurrently IDX_name;",
            "reindex index IDX_name concurrently;",
            "reindex index UQ_no concurrently;",
            "reindex table things concurrently;",
        ] {
            let verified = step(&mut fold.clone(), 2, &format!("up {{ {case} }}"));
            assert_accepted(&verified);
            let [segment] = verified.up.as_slice() else { panic!("one segment") };
            assert_eq!(segment.run, Run::Outside);
            let database = prepared(server, "locks", |client| set_up(client, &setup.up));
            let statement = segment.statements[0].clone();
            let locks = statement.locks.expect("its locks are known");
            let [lock] = locks.as_slice() else { panic!("one lock: {locks:?}") };

            let (mut writer, mut worker) = (database.client(), database.client());
            let pid = worker.query_one("SELECT pg_backend_pid()", &[]).expect("a pid").get(0);
            let table: u32 = writer
                .query_one("SELECT 'things'::regclass::oid", &[])
                .expect("the table is there")
                .get(0);
            execute(&mut writer, "BEGIN; UPDATE things SET name = 'z' WHERE id = 1").unwrap();
            let work = thread::spawn(move || execute(&mut worker, &statement.sql));
            let end = Instant::now() + Duration::from_secs(20);
            let mode = loop {
                if let Some(mode) = held_by(&mut writer, pid).get(&table) {
                    break Some(*mode);
                }
                if Instant::now() > end {
                    break None;
                }
                thread::sleep(Duration::from_millis(10));
            };
            execute(&mut writer, "COMMIT").unwrap();
            work.join().expect("it does not panic").unwrap();
            assert_eq!(mode, Some(lock.mode), "{case} on {}", server.major());
            assert!(!lock.mode.blocks_writes());
        }
    }
}
