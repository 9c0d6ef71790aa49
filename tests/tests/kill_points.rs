//! A whole history, cut at every message of the protocol.
//!
//! Each message of the run and of the revert, those of the functions that migrations run among
//! them, is cut before it reaches the server, while the server
//! works, and after it was done. The next command, undisturbed, has to end well, and to leave what
//! a run without a cut leaves. `DEEPREF_KILL_POINTS=1` takes every point; without it every 20th.

use deepref_schema::{Config, Error, History, Migrator, Report, Target};
use tests::database::{TestDatabase, prepared};
use tests::proxy::{Cut, Proxy};
use tests::server::{TestServer, newest};
use tests::{catalog, rows};

#[path = "kill_points/example.rs"]
mod example;
use example::HISTORY;

const CUTS: [Cut; 3] = [Cut::Before, Cut::During, Cut::After];

/// What is in a database: the catalog, and the rows of all tables but the runner's own.
#[derive(PartialEq)]
struct Contents {
    catalog: Vec<String>,
    rows: Vec<String>,
}

impl Contents {
    fn of(database: &TestDatabase) -> Contents {
        let mut client = database.client();
        client.batch_execute("DROP TABLE IF EXISTS migrations_progress").unwrap();
        let rows = rows::snapshot(&mut client, &["migrations"]);
        Contents { catalog: catalog::snapshot(&mut client), rows }
    }

    fn assert(&self, database: &TestDatabase, context: &str) {
        let query = "SELECT count(*) FROM migrations_progress";
        let unfinished = database.client().query_one(query, &[]);
        assert_eq!(unfinished.map_or(0, |row| row.get::<_, i64>(0)), 0, "{context}");
        let found = Contents::of(database);
        let difference = catalog::difference(&self.catalog, &found.catalog)
            + &catalog::difference(&self.rows, &found.rows);
        assert!(*self == found, "{context}:\n{difference}");
    }
}

/// A way to change the database, with the states before and after it.
struct Course {
    name: &'static str,
    command: fn(&mut Migrator) -> Result<Report, Error>,
    start: fn(&'static TestServer) -> TestDatabase,
}

const RUN: Course = Course {
    name: "run",
    command: Migrator::run,
    start: |server| prepared(server, "kill_empty", |_| {}),
};

const REVERT: Course = Course {
    name: "revert",
    command: |migrator| {
        let plan = match migrator.plan_revert(Target::Version(0)) {
            // the first attempt had done it all
            Ok(plan) if plan.items().is_empty() => return Ok(Report::default()),
            Ok(plan) => plan.accept(),
            Err(error) => return Err(error),
        };
        migrator.revert(&plan)
    },
    start: |server| {
        prepared(server, "kill_applied", |_| {
            let url = server.tcp_url("kill_applied");
            HISTORY.migrator(Config::from_url(&url).unwrap()).run().unwrap();
        })
    },
};

impl Course {
    /// Undisturbed: how many messages it takes, and what it leaves.
    fn reference(&self, proxy: &Proxy) -> (usize, Contents) {
        let database = (self.start)(newest());
        proxy.reset();
        (self.command)(&mut through(proxy, &database)).unwrap();
        let messages = proxy.queries();
        (messages, Contents::of(&database))
    }

    /// Cut at each of these messages, every further attempt too; then undisturbed.
    fn cut(&self, proxy: &Proxy, cuts: &[(usize, Cut)], reference: &Contents) {
        let database = (self.start)(newest());
        let context = format!("{}, cut at {cuts:?}", self.name);
        for (message, cut) in cuts {
            proxy.reset();
            proxy.cut_at(*message, *cut);
            if let Err(error) = (self.command)(&mut through(proxy, &database)) {
                assert_eq!(error.exit_code(), 8, "{context}: {error}");
            }
        }
        (self.command)(&mut direct(&database)).unwrap_or_else(|error| panic!("{context}: {error}"));
        reference.assert(&database, &context);
    }
}

fn direct(database: &TestDatabase) -> Migrator {
    HISTORY.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn through(proxy: &Proxy, database: &TestDatabase) -> Migrator {
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", proxy.port(), database.name());
    HISTORY.migrator(Config::from_url(&url).unwrap())
}

fn statements(history: &History) -> usize {
    let segments = history.migrations.iter().flat_map(|migration| migration.up);
    segments.map(|segment| segment.steps.len()).sum()
}

fn every_point(course: &Course) -> usize {
    let all = std::env::var_os("DEEPREF_KILL_POINTS").is_some_and(|value| !value.is_empty());
    let proxy = Proxy::before(newest().port());
    let (messages, reference) = course.reference(&proxy);
    let points = (0..messages).flat_map(|message| CUTS.map(|cut| (message, cut)));
    for point in points.step_by(if all { 1 } else { 20 }) {
        course.cut(&proxy, &[point], &reference);
    }
    messages * CUTS.len()
}

#[test]
fn a_run_cut_anywhere_is_finished_by_the_next() {
    assert!(statements(&HISTORY) >= 100, "{}", statements(&HISTORY));
    let points = every_point(&RUN);
    assert!(points >= 300, "{points}");
}

#[test]
fn a_revert_cut_anywhere_is_finished_by_the_next() {
    let points = every_point(&REVERT);
    assert!(points >= 100, "{points}");
}

/// Random, and the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn cut_twice_the_third_finishes() {
    let proxy = Proxy::before(newest().port());
    let all = std::env::var_os("DEEPREF_KILL_POINTS").is_some_and(|value| !value.is_empty());
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for course in [RUN, REVERT] {
        let (messages, reference) = course.reference(&proxy);
        for _ in 0..if all { 100 } else { 4 } {
            let mut point = || (random.below(messages), CUTS[random.below(CUTS.len())]);
            course.cut(&proxy, &[point(), point()], &reference);
        }
    }
}
