//! What a run tells to `tracing`. Alone in its program, which has one listener for all threads.

use std::sync::{LazyLock, Mutex, Once};
use std::time::{Duration, Instant};

use deepref_schema::{Config, Error, Function, History, Segment, SegmentKind};
use tests::database::{TestDatabase, fresh};
use tests::history::{call, history, migration, outside, simple, step, table, transaction};
use tests::proxy::Proxy;
use tests::server;
use tracing::field::{Field, Visit};

/// What is known of a span.
#[derive(Clone)]
struct Seen {
    /// Its name, after those around it.
    path: String,
    description: String,
    opened: Instant,
    closed: Option<Instant>,
}

/// Writes down spans with those around them.
#[derive(Default)]
struct Spans {
    seen: Mutex<Vec<Seen>>,
    open: Mutex<Vec<u64>>,
}

/// The listener of the process.
struct Listener;

static SPANS: LazyLock<Spans> = LazyLock::new(Spans::default);

/// The value of `description`.
struct Description(String);

impl Visit for Description {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "description" {
            self.0 = value.into();
        }
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target() == "deepref_schema"
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        let mut seen = SPANS.seen.lock().unwrap();
        let around = SPANS.open.lock().unwrap().last().map(|id| *id as usize - 1);
        let around = around.map(|index| format!("{}/", seen[index].path)).unwrap_or_default();
        let mut description = Description(String::new());
        span.record(&mut description);
        let path = format!("{around}{}", span.metadata().name());
        let opened = Instant::now();
        seen.push(Seen { path, description: description.0, opened, closed: None });
        tracing::span::Id::from_u64(seen.len() as u64)
    }

    fn enter(&self, id: &tracing::span::Id) {
        SPANS.open.lock().unwrap().push(id.into_u64());
    }

    fn exit(&self, _: &tracing::span::Id) {
        SPANS.open.lock().unwrap().pop();
    }

    // of several handles the last one counts
    fn try_close(&self, id: tracing::span::Id) -> bool {
        let index = id.into_u64() as usize - 1;
        SPANS.seen.lock().unwrap()[index].closed = Some(Instant::now());
        true
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
}

/// Runs a history at this port, while no other test listens.
fn heard(
    history: &History,
    database: &TestDatabase,
    port: u16,
) -> (Result<usize, Error>, Vec<Seen>) {
    static TURN: Mutex<()> = Mutex::new(());
    static LISTEN: Once = Once::new();
    let _turn = TURN.lock();
    LISTEN.call_once(|| tracing::subscriber::set_global_default(Listener).unwrap());
    SPANS.seen.lock().unwrap().clear();
    let url = format!("postgres://postgres@127.0.0.1:{port}/{}", database.name());
    let report = history.migrator(Config::from_url(&url).unwrap()).run();
    (report.map(|report| report.done.len()), SPANS.seen.lock().unwrap().clone())
}

/// The statements with the time that each took, in order; none begins before the last one ended.
fn statements(seen: &[Seen]) -> Vec<(String, Duration)> {
    let seen: Vec<_> = seen.iter().filter(|span| span.path.ends_with("/statement")).collect();
    for pair in seen.windows(2) {
        assert!(pair[0].closed.unwrap() <= pair[1].opened, "{}", pair[1].description);
    }
    let took = |span: &&Seen| (span.description.clone(), span.closed.unwrap() - span.opened);
    seen.iter().map(took).collect()
}

/// The statement of this description took as long as it sleeps, and no other one half of that.
fn check_sleeper(seen: &[Seen], descriptions: &[&str], sleeper: &str) {
    let statements = statements(seen);
    let names: Vec<_> = statements.iter().map(|(description, _)| description.as_str()).collect();
    assert_eq!(names, descriptions);
    for (description, took) in &statements {
        // what it is told of the beginning may come late
        let slept = *took >= Duration::from_millis(400);
        let worked = *took < Duration::from_millis(250);
        assert!(if description == sleeper { slept } else { worked }, "{statements:?}");
    }
}

#[test]
fn spans_tell_migrations_segments_and_statements_apart() {
    let database = fresh(server::newest());
    let build = outside("CREATE INDEX CONCURRENTLY i ON t1 (id)");
    let segments = vec![transaction(&["SELECT 1", "SELECT 2"]), build];
    let history = history(vec![table(1), migration(2, "Two", segments, vec![])]);
    let (done, seen) = heard(&history, &database, database.server().port());
    assert_eq!(done.unwrap(), 2);
    let paths: Vec<_> = seen.iter().map(|span| span.path.as_str()).collect();
    let expected = [
        "migration",
        "migration/segment",
        "migration/segment/statement",
        "migration",
        "migration/segment",
        "migration/segment/statement",
        "migration/segment/statement",
        "migration/segment",
        "migration/segment/statement",
    ];
    assert_eq!(paths, expected);
    assert!(seen.iter().all(|span| span.closed.is_some()));
}

#[test]
fn a_statement_takes_its_own_time() {
    for server in server::all() {
        let database = fresh(server);
        let proxy = Proxy::before(server.port());
        let up = [
            "CREATE TABLE t (id int)",
            "INSERT INTO t VALUES (1)",
            "SELECT pg_sleep(0.5)",
            "CREATE INDEX i ON t (id)",
            "SELECT 1",
        ];
        let history = history(vec![simple(1, "Sleep", &up, &[])]);
        let (done, seen) = heard(&history, &database, proxy.port());
        assert_eq!(done.unwrap(), 1, "{}", server.major());
        let descriptions = [
            "create table t",
            "insert into t",
            "select pg_sleep(0.5)",
            "create index i",
            "select 1",
        ];
        check_sleeper(&seen, &descriptions, "select pg_sleep(0.5)");
        assert_eq!(proxy.queries(), 4, "state, lock, the migration, release: {}", server.major());
    }
}

#[test]
fn what_fails_ends_its_span() {
    let database = fresh(server::newest());
    let fail = "SELECT (pg_sleep(0.5)::text || 'x')::int";
    let history = history(vec![simple(1, "Fail", &["SELECT 1", fail, "SELECT 2"], &[])]);
    let (done, seen) = heard(&history, &database, database.server().port());
    assert_eq!(done.unwrap_err().exit_code(), 1);
    let failing = "select (pg_sleep(0.5)::text ||";
    check_sleeper(&seen, &["select 1", failing], failing);
}

#[test]
fn statements_around_a_function_take_their_own_time() {
    let database = fresh(server::newest());
    let function = Function { path: "nothing", call: |_| Ok(()) };
    let steps =
        vec![step("SELECT 1"), call(function), step("SELECT pg_sleep(0.5)"), step("SELECT 2")];
    let segment = Segment { kind: SegmentKind::Transaction, steps: steps.leak() };
    let history = history(vec![migration(1, "Call", vec![segment], vec![])]);
    let (done, seen) = heard(&history, &database, database.server().port());
    assert_eq!(done.unwrap(), 1);
    let names = ["select 1", "select pg_sleep(0.5)", "select 2"];
    check_sleeper(&seen, &names, "select pg_sleep(0.5)");
}
