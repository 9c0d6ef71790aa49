//! A whole history, cut at every message of the protocol.
//!
//! Each message of a run, of a revert and of seeds, those of the functions that migrations run among
//! them, is cut before it reaches the server, while the server
//! works, and after it was done. The next command, undisturbed, has to end well, and to leave what
//! a run without a cut leaves. `DEEPREF_KILL_POINTS=1` takes every point; without it every 20th.

use deepref_schema::seed::{Environment, SeedKey, Seeding};
use deepref_schema::{Config, Error, History, Migrator, Target};
use tests::database::{TestDatabase, prepared};
use tests::proxy::{Cut, Proxy};
use tests::server::{TestServer, newest};
use tests::{catalog, rows, seeded};

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
        // What is stored encrypted is otherwise each time.
        let rows = rows::snapshot(&mut client, &["migrations", "notes"]);
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
    history: fn() -> History,
    command: fn(&mut Migrator) -> Result<(), Error>,
    start: fn(&'static TestServer) -> TestDatabase,
}

const RUN: Course = Course {
    name: "run",
    history: || *HISTORY,
    command: |migrator| migrator.run().map(drop),
    start: |server| prepared(server, "kill_empty", |_| {}),
};

const REVERT: Course = Course {
    name: "revert",
    history: || *HISTORY,
    command: |migrator| {
        let plan = migrator.plan_revert(Target::Version(0))?;
        // The first attempt may have done it all.
        if plan.items().is_empty() {
            return Ok(());
        }
        migrator.revert(&plan.accept()).map(drop)
    },
    start: |server| {
        prepared(server, "kill_applied", |_| {
            let url = server.tcp_url("kill_applied");
            HISTORY.migrator(Config::from_url(&url).unwrap()).run().unwrap();
        })
    },
};

const SEED: Course = Course {
    name: "seed",
    history: || *seeded::HISTORY,
    command: |migrator| {
        let seeding = Seeding::new(Environment::Dev).key(SeedKey::new([5; 32]));
        migrator.seed(&seeded::SEEDS, &seeding).map(drop)
    },
    start: |server| {
        prepared(server, "kill_seeded", |client| {
            let url = server.tcp_url("kill_seeded");
            seeded::HISTORY.migrator(Config::from_url(&url).unwrap()).run().unwrap();
            // The same in each run, be it the first or the second attempt.
            let same = "ALTER TABLE plans ALTER COLUMN changed_at SET DEFAULT '2020-01-01';
                CREATE FUNCTION by_name() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id := hashtext(NEW.name); RETURN NEW; END';
                CREATE TRIGGER by_name BEFORE INSERT ON plans FOR EACH ROW EXECUTE FUNCTION by_name()";
            client.batch_execute(same).unwrap();
        })
    },
};

impl Course {
    /// Undisturbed: how many messages it takes, and what it leaves.
    fn reference(&self, proxy: &Proxy) -> (usize, Contents) {
        let database = (self.start)(newest());
        proxy.reset();
        (self.command)(&mut self.through(proxy, &database)).unwrap();
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
            if let Err(error) = (self.command)(&mut self.through(proxy, &database)) {
                assert_eq!(error.exit_code(), 8, "{context}: {error}");
            }
        }
        (self.command)(&mut self.direct(&database))
            .unwrap_or_else(|error| panic!("{context}: {error}"));
        reference.assert(&database, &context);
    }

    fn direct(&self, database: &TestDatabase) -> Migrator {
        self.migrator(&database.tcp_url())
    }

    fn through(&self, proxy: &Proxy, database: &TestDatabase) -> Migrator {
        let port = proxy.port();
        self.migrator(&format!("postgres://postgres@127.0.0.1:{port}/{}", database.name()))
    }

    fn migrator(&self, url: &str) -> Migrator {
        (self.history)().migrator(Config::from_url(url).unwrap())
    }
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
    let few = messages < 20;
    for point in points.step_by(if all || few { 1 } else { 20 }) {
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

#[test]
fn seeds_cut_anywhere_are_written_by_the_next() {
    let points = every_point(&SEED);
    assert!(points >= 15, "{points}");
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
