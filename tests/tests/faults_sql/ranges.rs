//! Batched updates beside others that write, and their memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::{counting, execute, migrator, number, run};
use deepref_schema::{Config, Event};
use tests::database::fresh;
use tests::history::{count_in_ranges, history, migration, table, transaction};
use tests::server;

#[test]
fn rows_that_are_written_meanwhile_keep_both_changes() {
    let database = fresh(server::newest());
    let history = counting();
    migrator(&history, &database).to(1).run().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writer = thread::spawn({
        let (mut client, stop) = (database.client(), stop.clone());
        move || {
            let mut written = 0;
            for id in (0..).map(|i| i * 7 % 300 + 1) {
                if stop.load(Ordering::SeqCst) {
                    return written;
                }
                written += client.execute("UPDATE k SET w = w + 1 WHERE id = $1", &[&id]).unwrap();
                client
                    .execute(
                        "INSERT INTO k (id) VALUES ($1) ON CONFLICT DO NOTHING",
                        &[&(id + 1000)],
                    )
                    .unwrap();
            }
            written
        }
    });
    thread::sleep(Duration::from_millis(50));
    run(&history, &database).unwrap();
    stop.store(true, Ordering::SeqCst);
    let written = writer.join().unwrap() as i64;
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE id <= 300 AND v = 1"), 300);
    assert_eq!(number(&database, "SELECT sum(w) FROM k WHERE id <= 300"), written);
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE v > 1"), 0);
}

#[test]
fn a_range_that_meets_a_deadlock_is_tried_again() {
    let database = fresh(server::newest());
    let history = counting();
    migrator(&history, &database).to(1).run().unwrap();
    let mut other = database.client();
    other
        .batch_execute("SET deadlock_timeout = '60s'; BEGIN; UPDATE k SET w = 1 WHERE id = 9")
        .unwrap();
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let running = thread::spawn({
        let (migrator, reasons) = (migrator(&history, &database), reasons.clone());
        move || {
            let listen = move |event: &Event<'_>| {
                if let Event::Retry { reason, .. } = event {
                    reasons.lock().unwrap().push(reason.to_string());
                }
            };
            migrator.lock_timeout(Duration::from_secs(30)).observe(listen).run().map(|_| ())
        }
    });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while number(&database, waits) == 0 {
        thread::sleep(Duration::from_millis(10));
    }
    // the runner looks for deadlocks after a second, this session after a minute
    other.batch_execute("UPDATE k SET w = 1 WHERE id = 1; COMMIT").unwrap();
    running.join().unwrap().unwrap();
    let reasons = reasons.lock().unwrap();
    assert!(reasons.iter().any(|reason| reason.contains("deadlock")), "{reasons:?}");
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE v = 1"), 300);
    assert_eq!(number(&database, "SELECT sum(w) FROM k"), 2);
}

/// The memory of this process.
#[cfg(target_os = "linux")]
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// In a program of its own, so that the memory of other tests does not count.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "not a test: what the test of flat memory runs"]
fn child_that_updates_many_rows() {
    let Ok(url) = std::env::var("DEEPREF_TEST_CHILD_URL") else { return };
    let update = count_in_ranges(100);
    let history = history(vec![
        table(1),
        migration(2, "Many", vec![transaction(&["SELECT 1"]), update], vec![]),
    ]);
    let (mut few, mut count) = (0, 0);
    let peak = Arc::new(Mutex::new((0, 0)));
    let heard = peak.clone();
    let listen = move |event: &Event<'_>| {
        if let Event::Batch { .. } = event {
            count += 1;
            if count == 50 {
                few = resident_kilobytes();
            }
            *heard.lock().unwrap() = (few, resident_kilobytes());
        }
    };
    history.migrator(Config::from_url(&url).unwrap()).observe(listen).run().unwrap();
    let (few, all) = *peak.lock().unwrap();
    assert!(few > 0 && all < few + 2048, "{few} kB after 50 ranges, {all} kB after all");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_over_many_ranges() {
    let database = fresh(server::newest());
    let history = history(vec![table(1)]);
    run(&history, &database).unwrap();
    // a hundred times the ranges that the child begins with
    execute(
        &database,
        "CREATE TABLE k (id int PRIMARY KEY, v int NOT NULL); INSERT INTO k SELECT i, 0 FROM generate_series(1, 200000) AS i",
    );
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ranges::child_that_updates_many_rows", "--ignored"])
        .env("DEEPREF_TEST_CHILD_URL", database.tcp_url())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!(number(&database, "SELECT count(*) FROM k WHERE v = 1"), 200_000);
}
