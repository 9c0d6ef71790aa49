//! `doctor`: what would stop a run, and what to do about an error.

use serde_json::json;

use super::arguments::Doctor;
use super::database::Database;
use super::output::{self, escape};
use crate::{Error, Finding, Health, History};

pub(super) fn execute(history: &History, options: &Doctor) -> Result<(), Error> {
    if let Some(sqlstate) = &options.sqlstate {
        return explain(sqlstate);
    }
    let database = Database::open(history)?;
    let findings = database.migrator(history).doctor()?;
    if options.json {
        let findings: Vec<_> = findings.iter().map(as_json).collect();
        output::line(format_args!("{:#}", json!({ "findings": findings })));
    } else {
        findings.iter().for_each(say);
    }
    match findings.iter().filter(|finding| finding.health == Health::Bad).count() {
        0 => Ok(()),
        count => Err(Error::Unhealthy { count }),
    }
}

fn explain(sqlstate: &str) -> Result<(), Error> {
    let advice = crate::advice_on(sqlstate).ok_or_else(|| Error::Usage {
        problem: format!("there is no advice about `{}`", escape(sqlstate)),
        help: "a SQLSTATE has five characters, and stands after the message of an error".into(),
    })?;
    output::line(advice);
    Ok(())
}

fn say(finding: &Finding) {
    let mark = match finding.health {
        Health::Good => output::green("good   "),
        Health::Warning => output::yellow("warning"),
        Health::Bad => output::yellow("bad    "),
    };
    output::line(format_args!("{mark} {}: {}", finding.topic, escape(&finding.text)));
    if !finding.help.is_empty() {
        output::line(format_args!("        help: {}", finding.help));
    }
}

fn as_json(finding: &Finding) -> serde_json::Value {
    let health = match finding.health {
        Health::Good => "good",
        Health::Warning => "warning",
        Health::Bad => "bad",
    };
    json!({ "topic": finding.topic, "health": health, "text": finding.text, "help": finding.help })
}
