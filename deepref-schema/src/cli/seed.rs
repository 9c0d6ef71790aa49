//! `seed`: write the rows that a database begins with.

use serde_json::json;

use super::arguments;
use super::database::Database;
use super::{json, output, progress};
use crate::config::{invalid, variable};
use crate::seed::{Environment, SeedKey, SeedReport, Seeding, Seeds};
use crate::{Error, History};

/// The variable that says where the program runs.
const VARIABLE: &str = "DEEPREF_ENV";

pub(super) fn execute(
    history: &History,
    seeds: &Seeds,
    options: &arguments::Seed,
) -> Result<(), Error> {
    if seeds.iter().next().is_none() {
        return Err(Error::Usage {
            problem: "this program has no seeds".into(),
            help: "write `seeds! { … }`, and `deepref_schema::cli::main_with_seeds(&HISTORY, &SEEDS)` in main.rs".into(),
        });
    }
    let named = environment(options.env.map(Environment::from))?;
    if options.dry_run {
        // Nothing is written, so a guess does no harm.
        return show(seeds, &seeding(named.unwrap_or(Environment::Dev), options));
    }
    let key = SeedKey::from_env_if_set()?;
    let database = Database::open(history)?;
    let embedded = database.embedded_url().map(|_| Environment::Dev);
    let mut seeding = seeding(named.or(embedded).ok_or_else(no_environment)?, options);
    if let Some(key) = key {
        seeding = seeding.key(key);
    }
    let migrator = database.migrator(history);
    if options.json {
        let result = json::follow(migrator).seed(seeds, &seeding);
        json_summary(&result);
        return result.map(drop);
    }
    database.say_where();
    let report = progress::follow(migrator).seed(seeds, &seeding)?;
    say(&report, &seeding);
    Ok(())
}

fn seeding(environment: Environment, options: &arguments::Seed) -> Seeding {
    Seeding::new(environment).only(&options.names).reencrypt(options.reencrypt)
}

/// The environment that is named: by the option, or by the variable. Two that
/// disagree are refused: the variable is there to protect a database.
fn environment(option: Option<Environment>) -> Result<Option<Environment>, Error> {
    let Some(text) = variable(VARIABLE)? else { return Ok(option) };
    let Some(set) = Environment::of_word(&text) else {
        return Err(invalid(VARIABLE, "must be `dev`, `staging` or `prod`"));
    };
    match option {
        Some(option) if option != set => Err(Error::Refused {
            problem: format!("`--env` says {option}, and {VARIABLE} says {set}"),
            help: "nothing was seeded; leave one of them out".into(),
        }),
        _ => Ok(Some(set)),
    }
}

fn no_environment() -> Error {
    Error::Usage {
        problem: "the environment is not named".into(),
        help: format!("say `--env dev`, `--env staging` or `--env prod`, or set {VARIABLE}"),
    }
}

/// The statements, without a database.
fn show(seeds: &Seeds, seeding: &Seeding) -> Result<(), Error> {
    let (chosen, left_out) = seeding.choose(seeds)?;
    for seed in &chosen {
        output::line(format_args!("-- {}", seed.name));
        for line in seed.text.lines() {
            output::line(format_args!("-- {line}").to_string().trim_end());
        }
        for statement in seed.statements() {
            output::line(format_args!("{statement};"));
        }
        output::line("");
    }
    say_left_out(&left_out, seeding);
    let count = chosen.len();
    output::line(format_args!("-- {count} for {}; nothing was run", seeding.environment()));
    Ok(())
}

fn say(report: &SeedReport, seeding: &Seeding) {
    say_left_out(&report.left_out, seeding);
    let changed: u64 = report.done.iter().map(|seeded| seeded.changed).sum();
    let rows: usize = report.done.iter().map(|seeded| seeded.rows).sum();
    output::line(match (report.done.len(), changed) {
        (0, _) => format!("no seed is for {}", seeding.environment()),
        (_, 0) => format!("nothing to do: {rows} rows are as declared"),
        (_, changed) => format!("{changed} of {rows} rows were written"),
    });
}

fn say_left_out(names: &[&str], seeding: &Seeding) {
    if !names.is_empty() {
        let environment = seeding.environment();
        output::line(format_args!("-- not for {environment}: {}", names.join(", ")));
    }
}

/// The last line: what was done, and how it ended.
fn json_summary(result: &Result<SeedReport, Error>) {
    let error = result.as_ref().err();
    let report = result.as_ref().ok();
    let done = match (report, error) {
        (Some(report), _) => report.names(),
        (_, Some(error)) => json::done_before(error),
        (None, None) => Vec::new(),
    };
    output::line(json!({
        "event": "end",
        "done": done,
        "left_out": report.map(|report| report.left_out.clone()).unwrap_or_default(),
        "exit_code": error.map_or(0, Error::exit_code),
        "error": error.map(ToString::to_string),
        "sqlstate": error.and_then(json::sqlstate),
    }));
}
