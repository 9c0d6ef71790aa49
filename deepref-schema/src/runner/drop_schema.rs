//! Dropping what the migrations made, and nothing else.

use deepref_schema_core::ident::quoted;

use super::connection::{Failed, Failure};
use super::migrator::Migrator;
use super::state::State;
use super::words::{Words, qualified};
use super::{lock, plan, session};
use crate::migration::{History, Segment};
use crate::runner::plan::Policy;
use crate::{Ahead, Error};

/// What `drop_schema` drops, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropPlan {
    /// The name of the database, which the caller has to repeat.
    pub database: String,
    /// Each object with its kind: `table users`.
    pub objects: Vec<String>,
    statements: Vec<String>,
}

/// The kinds of objects, in the order in which they can be dropped. Tables
/// go together, because their foreign keys can go round in circles.
const KINDS: [&str; 8] =
    ["MATERIALIZED VIEW", "VIEW", "TABLE", "SEQUENCE", "FUNCTION", "PROCEDURE", "TYPE", "SCHEMA"];

/// An object by kind and qualified name.
type Object = (&'static str, String);

pub(super) async fn plan(migrator: &mut Migrator) -> Result<DropPlan, Error> {
    let (_connection, state) = session::open(migrator, "schema drop").await?;
    plan_of(migrator, &state)
}

fn plan_of(migrator: &Migrator, state: &State) -> Result<DropPlan, Error> {
    let policy = Policy { out_of_order: true, ahead: Ahead::Error };
    plan::compare(&migrator.history, state, &migrator.names, policy)?;
    check_unprotected(state)?;
    let made = objects(&migrator.history, state);
    let mut plan = DropPlan {
        database: migrator.config.database().to_string(),
        objects: Vec::new(),
        statements: Vec::new(),
    };
    for kind in KINDS {
        let names: Vec<_> = made
            .iter()
            .rev()
            .filter(|(other, _)| *other == kind)
            .map(|(_, name)| name.clone())
            .collect();
        plan.objects.extend(names.iter().map(|name| format!("{} {name}", kind.to_lowercase())));
        if !names.is_empty() {
            plan.statements.push(format!("DROP {kind} IF EXISTS {}", names.join(", ")));
        }
    }
    for (exists, table) in [
        (state.ledger.is_some(), migrator.names.ledger()),
        (state.progress_exists(), migrator.names.progress()),
    ] {
        if exists {
            plan.objects.push(format!("table {table}"));
            // before the schemas, one of which may be theirs
            let schemas =
                plan.statements.iter().position(|statement| statement.starts_with("DROP SCHEMA"));
            plan.statements
                .insert(schemas.unwrap_or(plan.statements.len()), format!("DROP TABLE {table}"));
        }
    }
    Ok(plan)
}

fn check_unprotected(state: &State) -> Result<(), Error> {
    let comment = state.ledger.as_ref().map_or("", |table| &table.comment);
    if comment.contains("environment=production") || comment.contains("protected") {
        return Err(Error::Refused {
            problem: "the database is marked as production".into(),
            help: "nothing was dropped; the mark is in the comment of the ledger".into(),
        });
    }
    Ok(())
}

pub(super) async fn drop_schema(
    migrator: &mut Migrator,
    database: &str,
) -> Result<DropPlan, Error> {
    if database != migrator.config.database() {
        return Err(Error::Refused {
            problem: format!("the database is `{}`, not `{database}`", migrator.config.database()),
            help: "nothing was dropped".into(),
        });
    }
    let (mut connection, state) = session::open(migrator, "schema drop").await?;
    session::check_writable(migrator, &state)?;
    let wait = migrator.options.lock_wait;
    let look =
        lock::acquire(&mut connection, &migrator.names, wait, &mut migrator.observer, |_| {
            Ok(false)
        })
        .await?;
    let plan = plan_of(migrator, &look.state)?;
    let timeout = format!("SET LOCAL lock_timeout = {}", migrator.options.lock_timeout.as_millis());
    let statements: Vec<_> = ["BEGIN".to_string(), timeout]
        .into_iter()
        .chain(plan.statements.iter().cloned())
        .chain(["COMMIT".to_string()])
        .collect();
    match connection.send(&statements.join(";\n")).await {
        Ok(_) => lock::release(&mut connection, &migrator.names).await.map(|()| plan),
        Err(failed) => Err(refused(failed)),
    }
}

/// What depends on an object from outside is listed, and nothing is dropped.
fn refused(failed: Failed) -> Error {
    match &failed.failure {
        Failure::Server(error) if error.sqlstate == "2BP01" => {
            let detail = error.detail.clone().unwrap_or_default();
            let lines: String = detail.lines().map(|line| format!("\n  - {line}")).collect();
            Error::Refused {
                problem: format!("objects that no migration made depend on the schema{lines}"),
                help: "nothing was dropped; drop them first".into(),
            }
        }
        _ => failed.into_error("nothing was dropped"),
    }
}

/// What the applied migrations made, by the first words of their statements:
/// made, renamed and dropped in order.
fn objects(history: &History, state: &State) -> Vec<Object> {
    let mut objects = Vec::new();
    let begun = |version| state.progress.iter().any(|row| row.version == version);
    for migration in
        history.migrations.iter().filter(|m| state.row(m.version).is_some() || begun(m.version))
    {
        for step in migration.up.iter().flat_map(|segment: &Segment| segment.steps) {
            follow(&mut objects, step.sql);
        }
    }
    objects
}

fn follow(objects: &mut Vec<Object>, sql: &str) {
    let mut words = Words::of(sql);
    match words.keyword().as_deref() {
        Some("create") => {
            if words.accept("or") {
                words.accept("replace");
            }
            words.accept("unlogged");
            if let Some(object) = object(&mut words)
                && !objects.contains(&object)
            {
                objects.push(object);
            }
        }
        Some("drop") => {
            if let Some(dropped) = object(&mut words) {
                objects.retain(|known| *known != dropped);
            }
        }
        Some("alter") => rename(objects, &mut words),
        _ => {}
    }
}

fn rename(objects: &mut [Object], words: &mut Words<'_>) {
    let Some(object) = object(words) else { return };
    if !(words.accept("rename") && words.accept("to")) {
        return;
    }
    let Some(name) = words.next().map(|word| quoted(&word.name())) else { return };
    if let Some((_, known)) = objects.iter_mut().find(|known| **known == object) {
        *known = match known.rsplit_once('.') {
            Some((schema, _)) => format!("{schema}.{name}"),
            None => name,
        };
    }
}

/// A kind and a name. Functions are dropped by name alone, which the server
/// accepts where the name is not overloaded.
fn object(words: &mut Words<'_>) -> Option<Object> {
    let materialized = words.accept("materialized");
    let kind = if materialized {
        words.accept("view").then_some("MATERIALIZED VIEW")
    } else {
        KINDS[1..].iter().copied().find(|kind| words.accept(kind))
    }?;
    if words.accept("if") {
        words.accept("not");
        words.accept("exists");
    }
    qualified(words).map(|name| (kind, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_names() {
        let mut objects = Vec::new();
        for sql in [
            "CREATE TABLE app.\"T\" (x int)",
            "CREATE TYPE e AS ENUM ('a')",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "ALTER TABLE app.\"T\" RENAME TO u",
            "ALTER TABLE app.u RENAME COLUMN a TO b",
            "CREATE INDEX i ON app.u (b)",
            "DROP VIEW v",
        ] {
            follow(&mut objects, sql);
        }
        assert_eq!(objects, [("TABLE", "app.u".to_string()), ("TYPE", "e".to_string())]);
    }
}
