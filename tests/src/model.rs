//! The model against real servers: what a migration in the language does to it and to them.

use deepref_schema_core::history::{Fold, Verified};
use deepref_schema_core::migration::Settings;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::statement::{Batches, Run, Segment};
use deepref_schema_syntax::{Origins, migration_in_file};
use postgres::{Client, GenericClient};

use crate::catalog::{difference, read, snapshot};
use crate::database;
use crate::server::TestServer;

/// Two migrations: what is there, and the change that is tried.
pub struct Change<'a> {
    /// The statements before, in the language; may be empty.
    pub before: &'a str,
    /// The body of the migration that is tried: `up { … }`, `down { … }`.
    pub body: &'a str,
    /// The oldest version that the history supports.
    pub oldest: u32,
}

/// What the model makes of a change.
pub struct Checked {
    /// The schema before the change.
    pub before: Schema,
    /// What makes it.
    pub setup: Vec<Segment>,
    /// The change.
    pub verified: Verified,
    /// The schema after it.
    pub after: Schema,
}

/// Checks a migration on top of another, in the model alone.
pub fn check(change: &Change<'_>) -> Checked {
    let settings = Settings { oldest_postgres: change.oldest, ..Settings::default() };
    let mut fold = Fold::new(settings);
    let mut setup = Vec::new();
    if !change.before.trim().is_empty() {
        let verified = step(&mut fold, 1, &format!("up {{ {} }}", change.before));
        assert_accepted(&verified);
        setup = verified.up;
    }
    let before = fold.schema().clone();
    let verified = step(&mut fold, 2, change.body);
    Checked { before, setup, verified, after: fold.schema().clone() }
}

/// Reads one migration and goes on with it.
pub fn step(fold: &mut Fold, version: i64, body: &str) -> Verified {
    let text = format!("migration! {{ Step{version} = {version}; {body} }}");
    let mut origins = Origins::default();
    let parsed = migration_in_file(&text, &mut origins).expect("the text is made of Rust's tokens");
    let Some(migration) = parsed.value.filter(|_| parsed.diagnostics.is_empty()) else {
        return Verified { diagnostics: parsed.diagnostics, ..Verified::default() };
    };
    fold.step(&format!("m{version}_step{version}"), &migration)
}

/// Fails where the model refuses a migration.
#[track_caller]
pub fn assert_accepted(verified: &Verified) {
    let texts: Vec<_> = verified.diagnostics.iter().map(|diagnostic| diagnostic.text()).collect();
    assert!(texts.is_empty(), "the model refuses it:\n{}", texts.join("\n"));
}

/// Proves a change on a server: the server takes it, up, down and up again; what it leaves is what
/// the model says, each time. Gives what went wrong.
pub fn prove(server: &'static TestServer, change: &Change<'_>) -> Result<(), String> {
    let checked = check(change);
    assert_accepted(&checked.verified);
    let down = checked.verified.down.as_ref().ok_or("there is no way back")?;
    let database = database::fresh(server);
    let mut client = database.client();
    apply(&mut client, &checked.setup)?;
    let at_first = snapshot(&mut client);
    same("the setup", &model_catalog(server, &checked.before)?, &at_first)?;
    apply(&mut client, &checked.verified.up)?;
    let applied = snapshot(&mut client);
    same("up", &model_catalog(server, &checked.after)?, &applied)?;
    apply(&mut client, down)?;
    same("down", &at_first, &snapshot(&mut client))?;
    apply(&mut client, &checked.verified.up)?;
    same("up again", &applied, &snapshot(&mut client))
}

/// Compares catalogs or rows.
pub fn same(what: &str, wanted: &[String], found: &[String]) -> Result<(), String> {
    let difference = difference(wanted, found);
    if difference.is_empty() {
        Ok(())
    } else {
        Err(format!("what is after {what} differs (- wanted, + found):\n{difference}"))
    }
}

/// The catalog of an empty database in which a schema of the model was made.
pub fn model_catalog(server: &'static TestServer, schema: &Schema) -> Result<Vec<String>, String> {
    let database = database::fresh(server);
    catalog_of(&mut database.client(), schema)
}

/// The same on a database that is empty and stays so.
pub fn catalog_of(empty: &mut Client, schema: &Schema) -> Result<Vec<String>, String> {
    let mut transaction = empty.transaction().map_err(|error| error.to_string())?;
    for statement in schema.statements() {
        execute(&mut transaction, &statement.sql)?;
    }
    Ok(read(&mut transaction))
}

/// Runs segments as the runner does.
pub fn apply(client: &mut Client, segments: &[Segment]) -> Result<(), String> {
    for segment in segments {
        let transaction = matches!(segment.run, Run::InTransaction);
        if transaction {
            execute(client, "BEGIN")?;
        }
        for statement in &segment.statements {
            match &statement.run {
                Run::Batches(batches) => execute(client, &whole(batches))?,
                _ => execute(client, &statement.sql)?,
            }
        }
        if transaction {
            execute(client, "COMMIT")?;
        }
    }
    Ok(())
}

fn whole(batches: &Batches) -> String {
    let condition = match batches.condition.as_str() {
        "" => String::new(),
        condition => format!(" WHERE {condition}"),
    };
    format!("UPDATE {} SET {}{condition}", batches.table.sql(), batches.set)
}

/// Runs statements; the error tells what the server said.
pub fn execute(client: &mut impl GenericClient, sql: &str) -> Result<(), String> {
    client.batch_execute(sql).map_err(|error| {
        let server = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        format!("the server rejects `{sql}`: {server}")
    })
}
