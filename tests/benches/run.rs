//! What the runner costs beside the same SQL without it.
//!
//! `cargo bench --profile dev -p tests --bench run` prints milliseconds for each of 1,000
//! migrations over their DDL sent raw, rows per second of a batched update against one UPDATE of
//! the whole table, and whether a run with nothing to do writes. Runs alternate, so that a busy
//! machine hits both; the best counts. `DEEPREF_BENCH_ROWS` says how many rows are updated.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use deepref_schema::{Batches, Config, Event, History, Target};
use tests::database::{TestDatabase, fresh};
use tests::history::{batches, history, migration, simple, transaction};
use tests::proxy::Proxy;
use tests::server;

const MIGRATIONS: i64 = 1000;
const RUNS: usize = 5;

fn main() {
    small_migrations();
    nothing_pending();
    batched_update();
}

fn ddl(number: i64) -> String {
    format!("CREATE TABLE t{number} (id int PRIMARY KEY, name text NOT NULL)")
}

fn small() -> History {
    let one = |i| simple(i, &format!("Table{i}"), &[&ddl(i)], &[&format!("DROP TABLE t{i}")]);
    history((1..=MIGRATIONS).map(one).collect())
}

fn config(database: &TestDatabase) -> Config {
    Config::from_url(&database.tcp_url()).expect("a URL")
}

fn client(database: &TestDatabase) -> postgres::Client {
    postgres::Client::connect(&database.tcp_url(), postgres::NoTls).expect("the server answers")
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn small_migrations() {
    let history = small();
    let (mut up, mut down, mut raw_up, mut raw_down) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let database = fresh(server::newest());
        up.push(timed(|| drop(history.migrator(config(&database)).run().expect("a run"))));
        let plan = history.migrator(config(&database)).plan_revert(Target::Version(0));
        let plan = plan.expect("a plan").accept();
        down.push(timed(|| {
            drop(history.migrator(config(&database)).revert(&plan).expect("a revert"))
        }));
        let database = fresh(server::newest());
        let send = |sql: &dyn Fn(i64) -> String| {
            let mut client = client(&database);
            (1..=MIGRATIONS).for_each(|i| client.batch_execute(&sql(i)).expect("raw SQL"));
        };
        raw_up.push(timed(|| send(&ddl)));
        raw_down.push(timed(|| send(&|i| format!("DROP TABLE t{i}"))));
    }
    let database = fresh(server::newest());
    let proxy = Proxy::before(database.server().port());
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    history.migrator(Config::from_url(&url).expect("a URL")).run().expect("a run");
    println!(
        "{MIGRATIONS} migrations of one segment, best of {RUNS}, in {} round trips",
        proxy.queries()
    );
    say_overhead("apply", &up, &raw_up);
    say_overhead("revert", &down, &raw_down);
}

fn say_overhead(what: &str, ours: &[Duration], raw: &[Duration]) {
    let per_migration = |times: &[Duration]| {
        times.iter().min().expect("a run").as_secs_f64() * 1000.0 / MIGRATIONS as f64
    };
    let (ours, raw) = (per_migration(ours), per_migration(raw));
    println!("  {what:<6}  {ours:.3} ms each, raw {raw:.3} ms, over it {:.3} ms", ours - raw);
}

fn nothing_pending() {
    let database = fresh(server::newest());
    let history = small();
    // whoever reads a page first may tidy it up
    for _ in 0..2 {
        history.migrator(config(&database)).run().expect("a run");
    }
    let mut client = client(&database);
    let mut position = || -> String {
        client
            .query_one("SELECT pg_current_wal_insert_lsn()::text", &[])
            .expect("a position")
            .get(0)
    };
    let before = position();
    let time = timed(|| drop(history.migrator(config(&database)).run().expect("a run")));
    let after = position();
    println!(
        "nothing pending: {:.1} ms with the connection, WAL {before} -> {after}",
        time.as_secs_f64() * 1000.0
    );
}

fn batched_update() {
    let rows = std::env::var("DEEPREF_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok());
    let rows: u64 = rows.unwrap_or(2_000_000);
    let (mut batched, mut whole, mut ranges) = (Vec::new(), Vec::new(), Vec::new());
    let before = resident_kilobytes();
    for _ in 0..2 {
        let database = filled(rows);
        batched.push(timed(|| ranges = run_batches(&database)));
        let database = filled(rows);
        let mut client = client(&database);
        whole.push(timed(|| client.batch_execute("UPDATE k SET v = v + 1").expect("an update")));
    }
    ranges.sort();
    let per_second =
        |times: &[Duration]| rows as f64 / times.iter().min().expect("a run").as_secs_f64();
    let (ours, theirs) = (per_second(&batched), per_second(&whole));
    println!("update of {rows} rows in batches of 10000, best of 2");
    println!("  {ours:.0} rows/s, one UPDATE {theirs:.0} rows/s, ratio {:.2}", ours / theirs);
    println!(
        "  median range {} ms, longest {} ms",
        ranges[ranges.len() / 2].as_millis(),
        ranges[ranges.len() - 1].as_millis()
    );
    println!("  memory grew by {} kB", resident_kilobytes().saturating_sub(before));
}

fn filled(rows: u64) -> TestDatabase {
    let database = fresh(server::newest());
    let fill = format!(
        "CREATE TABLE k (id bigint PRIMARY KEY, v int NOT NULL); INSERT INTO k SELECT i, 0 FROM generate_series(1, {rows}) AS i; \
         COMMENT ON TABLE k IS 'ledger of deepref-schema'; ANALYZE k; CHECKPOINT"
    );
    client(&database).batch_execute(&fill).expect("rows");
    client(&database).batch_execute("VACUUM k").expect("a tidy table");
    database
}

/// The time of each range.
fn run_batches(database: &TestDatabase) -> Vec<Duration> {
    let update = batches(Batches {
        table: "k",
        key: &["id"],
        key_types: &["bigint"],
        set: "v = v + 1",
        condition: "",
        size: 10_000,
    });
    let history =
        history(vec![migration(1, "Fill", vec![transaction(&["SELECT 1"]), update], vec![])]);
    let ranges = Arc::new(Mutex::new((Instant::now(), Vec::new())));
    let heard = ranges.clone();
    let listen = move |event: &Event<'_>| {
        if let Event::Batch { .. } = event {
            let mut heard = heard.lock().expect("the times");
            let now = Instant::now();
            let took = now - std::mem::replace(&mut heard.0, now);
            heard.1.push(took);
        }
    };
    history.migrator(config(database)).observe(listen).run().expect("a run");
    let ranges = ranges.lock().expect("the times");
    // the first one counts from before the connection
    ranges.1[1..].to_vec()
}

/// The memory of this process, where the system tells.
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
