//! Wrong migrations: the model says one thing about each mistake, by the name of a rule and at a
//! known place; where the same is an error in SQL, the servers refuse it too.

#[path = "mistakes/found.rs"]
mod found;
#[path = "mistakes/literals.rs"]
mod literals;
#[path = "mistakes/names.rs"]
mod names;
#[path = "mistakes/reverts.rs"]
mod reverts;
#[path = "mistakes/tables.rs"]
mod tables;
#[path = "mistakes/values.rs"]
mod values;

use tests::database::fresh;
use tests::model::{Change, apply, check, execute};
use tests::server::{all, newest};

/// One mistake in a migration.
struct Mistake {
    /// The body of the migration.
    body: &'static str,
    /// The rule that it breaks.
    rule: &'static str,
    /// The same as SQL; empty where it is none there.
    sql: &'static str,
}

/// A mistake in `up`.
const fn wrong(rule: &'static str, body: &'static str, sql: &'static str) -> Mistake {
    Mistake { body, rule, sql }
}

/// Checks that the model says the one thing about each, and that servers refuse the SQL.
#[track_caller]
fn refused(before: &str, mistakes: &[Mistake]) {
    let mut problems = Vec::new();
    for mistake in mistakes {
        problems.extend(said(before, mistake).err());
    }
    for server in [all()[0], newest()] {
        let database = fresh(server);
        let mut client = database.client();
        let nothing =
            check(&Change { before, body: "up { sql \"SELECT 1\" down none; }", oldest: 14 });
        apply(&mut client, &nothing.setup).unwrap_or_else(|why| panic!("{why}"));
        for mistake in mistakes.iter().filter(|mistake| !mistake.sql.is_empty()) {
            let mut transaction = client.transaction().expect("a transaction starts");
            if execute(&mut transaction, mistake.sql).is_ok() {
                problems.push(format!("PostgreSQL {} accepts {}", server.major(), mistake.sql));
            }
        }
    }
    assert!(problems.is_empty(), "{} wrong:\n{}", problems.len(), problems.join("\n"));
}

fn said(before: &str, mistake: &Mistake) -> Result<(), String> {
    let Mistake { body, rule, .. } = mistake;
    let body = match body.starts_with("up {") {
        true => (*body).to_owned(),
        false => format!("up {{ {body} }}"),
    };
    let found = check(&Change { before, body: &body, oldest: 14 }).verified.diagnostics;
    let [one] = found.as_slice() else {
        let texts: Vec<_> = found.iter().map(|diagnostic| diagnostic.text()).collect();
        return Err(format!(
            "{body}: {} findings, wanted `{rule}`: {}",
            found.len(),
            texts.join("; ")
        ));
    };
    if one.rule != *rule {
        return Err(format!("{body}: wanted `{rule}`, found {}", one.text()));
    }
    if !one.origin.is_known() {
        return Err(format!("{body}: no place for {}", one.text()));
    }
    Ok(())
}
