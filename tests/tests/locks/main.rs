//! What the model says that statements lock, rewrite and scan, against what servers do: their
//! `pg_locks`, the files of their tables, their counts of scans.

mod blocking;
mod cases;
mod concurrently;
mod observed;

use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::Settings;
use deepref_schema_core::statement::Segment;
use postgres::Client;
use tests::database::prepared;
use tests::model::{apply, assert_accepted, execute, step};
use tests::server::{TestServer, all};

use observed::Observed;

/// The servers that the claims are held against: the oldest, the newest, one between.
fn servers() -> Vec<&'static TestServer> {
    all().into_iter().filter(|server| server.major() % 2 == 0).collect()
}

#[test]
fn locks_rewrites_and_scans_are_those_of_the_server() {
    let mut before = Fold::new(Settings::default());
    let setup = step(&mut before, 1, &format!("up {{ {} }}", cases::BEFORE));
    assert_accepted(&setup);
    let mut wrong = Vec::new();
    for server in servers() {
        let database = prepared(server, "locks", |client| set_up(client, &setup.up));
        let mut client = database.client();
        for case in cases::CASES {
            let mut fold = before.clone();
            let body = case.replace("#[lossy]", "#[allow(data_loss, reason = \"tested\")]");
            let body = format!("up {{ {body} }}");
            let verified = step(&mut fold, 2, &body);
            let refused: Vec<_> = verified.diagnostics.iter().map(|found| found.text()).collect();
            if !refused.is_empty() {
                wrong.push(format!("the model refuses {case}:\n{}", refused.join("\n")));
                continue;
            }
            if let Err(why) = compare(&mut client, &verified.up) {
                wrong.push(format!("{case} on {}:\n{why}", server.major()));
            }
            execute(&mut client, "ROLLBACK").unwrap_or_else(|why| panic!("{why}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

fn set_up(client: &mut Client, setup: &[Segment]) {
    apply(client, setup).unwrap_or_else(|why| panic!("{why}"));
    execute(client, cases::ROWS).unwrap_or_else(|why| panic!("{why}"));
}

/// Runs statements in one transaction, and compares after each.
fn compare(client: &mut Client, segments: &[Segment]) -> Result<(), String> {
    // A time zone in which a timestamp is not its timestamptz.
    execute(client, "BEGIN; SET LOCAL TIME ZONE 'Europe/Berlin'")?;
    let mut observed = Observed::new(client);
    for statement in segments.iter().flat_map(|segment| &segment.statements) {
        let locks = statement.locks.as_ref().ok_or("its locks are not known")?;
        observed.claim(client, locks);
        execute(client, &statement.sql)?;
        observed.check(client).map_err(|why| format!("{}\n{why}", statement.sql))?;
    }
    Ok(())
}
