//! Laws on random histories: what the model accepts the server accepts, the catalog is what the
//! model says after each step up, and what it was after each step down; what is written is read as
//! the same; the difference of two schemas leads from one to the other.
//!
//! `DEEPREF_RANDOM_HISTORIES=10000 cargo test --release -p tests --test random_histories` tries more
//! of them, `DEEPREF_RANDOM_SEED=7` others.

use std::env;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use deepref_schema_core::history::{Fold, Verified};
use deepref_schema_core::ident::Ident;
use deepref_schema_core::migration::{Allow, Item, Migration, Settings};
use deepref_schema_core::operation::Operation;
use deepref_schema_core::origin::Origin;
use deepref_schema_core::rules;
use postgres::Client;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tests::catalog::snapshot;
use tests::database::{TestDatabase, fresh};
use tests::laws;
use tests::model::{apply, catalog_of, same};
use tests::random::{Step, history};
use tests::server::{TestServer, all};

/// How many histories are tried, on all servers together.
const HISTORIES: u32 = 200;

/// What each history begins with, so that the first steps find something.
const BEGINNING: &str = "up {
    create enum mood { happy, sad }
    create table users { id: bigint primary key identity, name: text unique = \"x\", mood: mood? }
    create table Orders { id: serial primary key, user: bigint references users on delete cascade, price: numeric(8, 2) check (price > 0) }
    create index on Orders (user) where price > 5;
}";

#[test]
fn random_histories_keep_the_laws() {
    let servers = servers();
    let each = number("DEEPREF_RANDOM_HISTORIES").unwrap_or(HISTORIES) / servers.len() as u32;
    let seed = number("DEEPREF_RANDOM_SEED").unwrap_or(1);
    let steps = AtomicUsize::new(0);
    let wrong: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = servers
            .iter()
            .map(|server| scope.spawn(|| histories(server, each.max(1), seed, &steps)))
            .collect();
        runs.into_iter().filter_map(|run| run.join().expect("no panic").err()).collect()
    });
    let steps = steps.into_inner();
    println!("{} histories of {steps} steps on {} servers", each, servers.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(steps > 2 * each as usize, "only {steps} steps were taken");
}

/// The oldest, the newest, and one between them.
fn servers() -> Vec<&'static TestServer> {
    let all = all();
    let mut some = vec![all[0]];
    some.extend(all.get(all.len() / 2).filter(|_| all.len() > 2));
    some.extend(all.last().filter(|_| all.len() > 1));
    some
}

fn number(variable: &str) -> Option<u32> {
    env::var(variable).ok()?.parse().ok()
}

/// Tries histories on one server; the error tells the shortest one that breaks a law.
fn histories(
    server: &'static TestServer,
    count: u32,
    seed: u32,
    steps: &AtomicUsize,
) -> Result<(), String> {
    let config = Config {
        cases: count,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_be_bytes());
    bytes[4..8].copy_from_slice(&server.major().to_be_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let place = std::cell::RefCell::new(None);
    let passed = AtomicUsize::new(0);
    let tried = runner.run(&history(), |migrations| {
        let mut free = place.borrow_mut();
        let mut trial = free.take().unwrap_or_else(|| Place::new(server));
        let taken = trial.history(&migrations).map_err(TestCaseError::fail)?;
        steps.fetch_add(taken, Ordering::Relaxed);
        let passed = passed.fetch_add(1, Ordering::Relaxed) + 1;
        // A place where something went wrong is not used again, and no place for
        // long: what fell stays in its catalogs, which makes them slow.
        *free = Some(trial).filter(|_| !passed.is_multiple_of(20));
        if passed.is_multiple_of(100) {
            println!("on {}: {passed} of {count} histories", server.major());
        }
        Ok(())
    });
    tried.map_err(|error| {
        let why = match error {
            TestError::Fail(why, _) => format!("on {}: {why}", server.major()),
            other => format!("on {}: {other}", server.major()),
        };
        // The other servers may go on for an hour.
        println!("{why}");
        why
    })
}

/// Where histories are tried, one after the other: each is reverted at its end.
struct Place {
    client: Client,
    /// Where the schemas of the model are made, to see their catalogs.
    empty: Client,
    beginning: Fold,
    catalog: Vec<String>,
    /// Dropped after their clients.
    _databases: [TestDatabase; 2],
}

/// A step that was taken.
struct Taken {
    text: String,
    before: Fold,
    verified: Verified,
    /// The catalog after it.
    catalog: Vec<String>,
}

impl Place {
    fn new(server: &'static TestServer) -> Self {
        let mut beginning = Fold::new(Settings::default());
        let verified = tests::model::step(&mut beginning, 1, BEGINNING);
        tests::model::assert_accepted(&verified);
        let databases = [fresh(server), fresh(server)];
        let [mut client, empty] = databases.each_ref().map(TestDatabase::client);
        apply(&mut client, &verified.up).unwrap_or_else(|why| panic!("{why}"));
        let catalog = snapshot(&mut client);
        Self { client, empty, beginning, catalog, _databases: databases }
    }

    /// Takes a history, there and back. Gives the number of its steps.
    fn history(&mut self, migrations: &[Vec<Step>]) -> Result<usize, String> {
        let mut taken: Vec<Taken> = Vec::new();
        let mut fold = self.beginning.clone();
        let tried = self.there_and_back(migrations, &mut fold, &mut taken);
        tried.map_err(|why| {
            let texts = taken.iter().map(|taken| taken.text.as_str());
            format!("{}\n{why}", texts.collect::<Vec<_>>().join("\n"))
        })?;
        Ok(taken.len())
    }

    fn there_and_back(
        &mut self,
        migrations: &[Vec<Step>],
        fold: &mut Fold,
        taken: &mut Vec<Taken>,
    ) -> Result<(), String> {
        for (at, steps) in migrations.iter().enumerate() {
            let Some(text) = migration(fold, 2 + at as i64, steps)? else { continue };
            let catalog = taken.last().map_or(&self.catalog, |last| &last.catalog).clone();
            let step =
                self.up_down_up(fold, &text, &catalog).map_err(|why| format!("{text}\n{why}"))?;
            taken.push(step);
        }
        let Some(last) = taken.last() else { return Ok(()) };
        laws::from_nothing(&Settings::default(), fold.schema())?;
        self.bridge(fold, &last.before, &last.catalog)?;
        self.bridge(fold, &taken[0].before, &last.catalog)?;
        for step in taken.iter().rev() {
            let down = step.verified.down.as_deref().unwrap_or_default();
            apply(&mut self.client, down)?;
        }
        same("all the way back", &self.catalog, &snapshot(&mut self.client))
    }

    /// Takes a step up, down and up.
    fn up_down_up(
        &mut self,
        fold: &mut Fold,
        text: &str,
        catalog: &[String],
    ) -> Result<Taken, String> {
        let before = fold.clone();
        let migration = laws::read(text)?;
        let verified = fold.step(&stem(&migration), &migration);
        laws::written_is_read(&before, &body(text))?;
        let down = verified.down.as_deref().ok_or("there is no way back")?;
        apply(&mut self.client, &verified.up)?;
        let after = snapshot(&mut self.client);
        same("up", &catalog_of(&mut self.empty, fold.schema())?, &after)?;
        apply(&mut self.client, down)?;
        same("down", catalog, &snapshot(&mut self.client))?;
        apply(&mut self.client, &verified.up)?;
        same("up again", &after, &snapshot(&mut self.client))?;
        Ok(Taken { text: text.to_owned(), before, verified, catalog: after })
    }

    /// Takes the difference to an earlier schema, and back.
    fn bridge(&mut self, from: &Fold, to: &Fold, catalog: &[String]) -> Result<(), String> {
        laws::difference_leads(&Settings::default(), to, from)?;
        let Some(bridge) = laws::difference_leads(&Settings::default(), from, to)? else {
            return Ok(());
        };
        let mut texts = String::from("the difference:\n");
        for statement in bridge.up.iter().flat_map(|segment| &segment.statements) {
            let _ = writeln!(texts, "{};", statement.sql);
        }
        let mut taken = || {
            let positions = sequence_positions(&mut self.client);
            apply(&mut self.client, &bridge.up)?;
            let wanted = catalog_of(&mut self.empty, to.schema())?;
            same("the difference", &wanted, &snapshot(&mut self.client))?;
            apply(&mut self.client, bridge.down.as_deref().unwrap_or_default())?;
            self.client.batch_execute(&positions).map_err(|error| error.to_string())?;
            same("its way back", catalog, &snapshot(&mut self.client))
        };
        taken().map_err(|why: String| format!("{texts}{why}"))
    }
}

/// What sets every sequence to where it stands. A sequence that was dropped and
/// made again begins anew, where the bounds of an earlier step may not reach.
fn sequence_positions(client: &mut Client) -> String {
    let names = "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences";
    let names = client.query(names, &[]).expect("the sequences can be read").into_iter();
    let positions = names.map(|row| {
        let name: String = row.get(0);
        let position = format!(
            "SELECT format('SELECT setval(%L, %s, %L);', $1::text, last_value, is_called) FROM {name}"
        );
        client.query_one(&position, &[&name]).expect("the sequence can be read").get(0)
    });
    positions.collect::<Vec<String>>().concat()
}

/// What a step is made by: no other one's, since what it makes counts as new.
fn stem(migration: &Migration) -> String {
    format!("step{}", migration.version)
}

/// The body of a migration's text.
fn body(text: &str) -> String {
    let start = text.find("up {").unwrap_or_default();
    text[start..].trim_end().trim_end_matches('}').to_owned()
}

/// A migration of these steps, as far as the model accepts them.
fn migration(fold: &Fold, version: i64, steps: &[Step]) -> Result<Option<String>, String> {
    let mut items = Vec::new();
    let mut sound = None;
    let mut schema = fold.schema().clone();
    for step in steps {
        for operation in step.operations(&schema) {
            if let Some((text, after)) = with(fold, version, &mut items, operation)? {
                schema = after.schema().clone();
                sound = Some(text);
            }
        }
    }
    Ok(sound)
}

/// Adds an operation to a migration, where the model then accepts it; what may be accepted is.
fn with(
    fold: &Fold,
    version: i64,
    items: &mut Vec<Item>,
    operation: Operation,
) -> Result<Option<(String, Fold)>, String> {
    let known = items.len();
    items.push(Item { operation, allows: Vec::new(), origin: Origin::NONE });
    for _ in 0..2 {
        let Ok(text) = laws::write(&laws::migration(version, items.clone())) else { break };
        let migration = match laws::read(&text) {
            Ok(migration) => migration,
            Err(why) if why.contains("[syntax]") => return Err(why),
            Err(_) => break,
        };
        let mut after = fold.clone();
        let verified = after.step(&stem(&migration), &migration);
        if verified.diagnostics.is_empty() && verified.down.is_some() {
            return Ok(Some((text, after)));
        }
        let found = verified.diagnostics.iter().map(|finding| finding.rule);
        let mut found: Vec<_> = found.collect();
        found.dedup();
        if !found.iter().all(|rule| rules::is_allowable(rule)) {
            break;
        }
        let rules = found.into_iter().map(Ident::computed).collect();
        let allow = Allow { rules, reason: "tried".to_owned(), origin: Origin::NONE };
        items[known].allows = vec![allow];
    }
    items.truncate(known);
    Ok(None)
}
