//! `revert` and `redo`: take back what was applied last.

use super::arguments::{Redo, Revert};
use super::database::Database;
use super::output::{self, escape};
use super::{json, progress};
use crate::{Error, History, Migrator, RevertPlan, Target};

pub(super) fn execute(history: &History, options: &Revert) -> Result<(), Error> {
    let target = match (options.to, options.steps) {
        (Some(version), _) => Target::Version(version),
        (None, steps) => Target::Steps(steps.unwrap_or(1)),
    };
    with_plan(history, target, options.yes, options.json, |migrator, plan| {
        let result = migrator.revert(plan);
        if options.json {
            json::summary(&result);
            return result.map(drop);
        }
        let report = result?;
        output::line(match report.done.len() {
            0 => "nothing was reverted".to_string(),
            1 => "1 migration was reverted".to_string(),
            count => format!("{count} migrations were reverted"),
        });
        Ok(())
    })
}

pub(super) fn redo(history: &History, options: &Redo) -> Result<(), Error> {
    with_plan(history, Target::Steps(1), options.yes, false, |migrator, plan| {
        migrator.redo(plan).map(|_| ())
    })
}

fn with_plan(
    history: &History,
    target: Target,
    yes: bool,
    json: bool,
    act: impl FnOnce(&mut Migrator, &RevertPlan) -> Result<(), Error>,
) -> Result<(), Error> {
    let database = Database::open(history)?;
    let migrator = database.migrator(history);
    let mut migrator = if json {
        json::follow(migrator)
    } else {
        database.say_where();
        progress::follow(migrator)
    };
    let plan = migrator.plan_revert(target)?;
    for item in plan.items() {
        let name = escape(&item.name);
        for risk in &item.risks {
            output::note(format_args!("a revert of {name} {}", escape(risk.text)));
        }
    }
    let plan = if plan.needs_consent() { consent(plan, yes)? } else { plan };
    act(&mut migrator, &plan)
}

/// Shows what goes, and asks.
fn consent(plan: RevertPlan, yes: bool) -> Result<RevertPlan, Error> {
    for item in plan.items() {
        for loss in &item.losses {
            output::note(format_args!(
                "{} deletes {}",
                escape(&item.name),
                escape(&loss.to_string())
            ));
        }
        if !item.stored_statements.is_empty() {
            output::note(format_args!(
                "{} is not known to this program; the ledger says how to revert it:",
                escape(&item.name)
            ));
        }
        for statement in &item.stored_statements {
            output::note(format_args!("  {};", escape(statement).replace('\n', "\n  ")));
        }
    }
    if yes
        || output::ask("go on? [y/N]").is_some_and(|answer| {
            answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes")
        })
    {
        return Ok(plan.accept());
    }
    Err(match plan.losses() {
        losses if losses.is_empty() => Error::Refused {
            problem: "statements from the ledger run only after somebody read them".into(),
            help: "say `--yes` where they are right".into(),
        },
        losses => Error::DataLoss { losses },
    })
}
