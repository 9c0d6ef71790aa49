//! `schema drop` and `schema sync`.

use super::arguments::Drop;
use super::database::Database;
use super::output::{self, escape};
use crate::{Error, History};

pub(super) fn drop_schema(history: &History, options: &Drop) -> Result<(), Error> {
    let database = Database::open(history)?;
    let mut migrator = database.migrator(history);
    let plan = migrator.plan_drop_schema()?;
    database.say_where();
    if plan.objects.is_empty() {
        output::line("there is nothing to drop");
        return Ok(());
    }
    let name = match &options.name {
        Some(name) => name.clone(),
        None => ask(&plan.objects, &plan.database)?,
    };
    let dropped = migrator.drop_schema(&name)?;
    for object in &dropped.objects {
        output::line(format_args!("dropped {}", escape(object)));
    }
    Ok(())
}

fn ask(objects: &[String], database: &str) -> Result<String, Error> {
    output::note("this drops, with all data:");
    for object in objects {
        output::note(format_args!("  {}", escape(object)));
    }
    output::ask("type the name of the database to go on:").ok_or_else(|| Error::Refused {
        problem: "nobody confirmed that the schema is to be dropped".into(),
        help: format!("nothing was dropped; say `--name {}` where it is meant", escape(database)),
    })
}

/// Always refused.
pub(super) fn sync() -> Result<(), Error> {
    Err(Error::Refused {
        problem:
            "a schema that follows the code without migrations loses data and can not be reviewed"
                .into(),
        help: "write a migration: `cargo migrate create Name`, then `cargo migrate run`".into(),
    })
}
