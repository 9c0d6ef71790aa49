//! `generate`: the migration that leads from the history to the entities.

mod answers;
mod renames;

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::diff::Plan;
use deepref_schema_core::history::Fold;
use deepref_schema_core::language::{self, Style};
use deepref_schema_core::migration::Migration;
use deepref_schema_core::rules::is_allowable;
use deepref_schema_core::schema::{Schema, differences};
use deepref_schema_syntax::{Origins, migration_in_file};

use super::arguments::{Create, Generate};
use super::create::{self, New, usage};
use super::entities::Entities;
use super::{output, sources};
use crate::{Error, History};

pub(super) fn execute(history: &History, options: &Generate) -> Result<(), Error> {
    let name = options.name.clone().unwrap_or_default();
    if options.empty {
        return create::execute(history, &Create { name });
    }
    if history.list_file.is_empty() {
        return Err(usage(
            "the migrations of this crate are written inline",
            "write the list of files into `src/history.rs`",
        ));
    }
    let fold = sources::fold(history)?;
    let entities = Entities::read(history)?;
    if options.check {
        return check(&fold, &entities);
    }
    let new = New::find(history, &name)?;
    let answered = answers::ask(&fold, &entities, options)?;
    if answered.plan.operations.is_empty() {
        output::line("nothing to write: the history ends in what the entities describe");
        return Ok(());
    }
    let text = migration(&fold, &answered.plan, &name, new.version, answered.reason.as_deref())?;
    prove(&fold, &answered.target, &new.stem, &text)?;
    if options.dry_run {
        output::line(text.trim_end());
        return Ok(());
    }
    new.write(&text)?;
    output::line("next: read it; `cargo migrate run` applies it");
    Ok(())
}

/// Says what is missing, without a question: a rename counts as what it looks
/// like.
fn check(fold: &Fold, entities: &Entities) -> Result<(), Error> {
    let target = entities.target(fold)?;
    let missing = differences(&target.schema, fold.schema());
    if missing.is_empty() {
        output::line("the history ends in what the entities describe");
        return Ok(());
    }
    for line in &missing {
        output::line(format_args!("in the history, {}", output::escape(line)));
    }
    let help = "`cargo migrate generate Name` writes it".to_owned();
    Err(Error::MigrationMissing { count: missing.len(), help })
}

/// The text of the migration.
fn migration(
    fold: &Fold,
    plan: &Plan,
    name: &str,
    version: i64,
    reason: Option<&str>,
) -> Result<String, Error> {
    let style = Style {
        settings: fold.settings().clone(),
        concurrently: true,
        reason: reason.map(str::to_owned),
    };
    let up = language::authored(fold.schema(), &plan.operations, &style);
    let migration = Migration::computed(version, name, up);
    language::file(&migration).map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(|error| format!("\n  {error}")).collect();
        usage(
            &format!("the migration can not be written{}", lines.concat()),
            "write that part with `cargo migrate create`, as `sql \"…\"`",
        )
    })
}

/// Nothing is written that does not compile, or that leads elsewhere.
fn prove(fold: &Fold, target: &Schema, stem: &str, text: &str) -> Result<(), Error> {
    let parsed = migration_in_file(text, &mut Origins::new());
    let mut findings = Vec::new();
    let mut after = fold.clone();
    if let Some(parsed) = parsed {
        findings.extend(parsed.diagnostics);
        if let Some(migration) = &parsed.value {
            let verified = after.step(stem, migration);
            findings.extend(verified.diagnostics);
            if !fold.settings().allow_blocking {
                findings.extend(verified.blocking);
            }
        }
    }
    if !findings.is_empty() {
        return Err(refused(&findings, text));
    }
    let rest = differences(target, after.schema());
    if rest.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = rest.iter().map(|line| format!("\n  {line}")).collect();
    Err(usage(
        &format!("no operation leads to what the entities describe{}", lines.concat()),
        "write these changes with `cargo migrate create`",
    ))
}

/// Why the migration would not compile.
fn refused(findings: &[Diagnostic], text: &str) -> Error {
    let lost = findings.iter().all(|finding| finding.rule == "data_loss");
    let acceptable = findings.iter().all(|finding| is_allowable(finding.rule));
    let lines: Vec<_> = findings
        .iter()
        .map(|finding| {
            format!("\n  {}", finding.text().replace("\n\n", "\n").replace('\n', "\n    "))
        })
        .collect();
    if lost {
        return usage(
            &format!("data would be lost{}", lines.concat()),
            "where that is meant, say why: `--reason \"…\"`",
        );
    }
    if acceptable {
        return usage(
            &format!("the migration needs a reason{}", lines.concat()),
            "where that is meant, say why: `--reason \"…\"`",
        );
    }
    let shown = text.trim_end().replace('\n', "\n    ");
    usage(
        &format!("the migration would not compile{}\n\n    {shown}\n", lines.concat()),
        "change the entity or the answer that it comes from, or write it with `cargo migrate create`",
    )
}
