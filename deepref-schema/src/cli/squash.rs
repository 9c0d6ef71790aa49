//! `squash`: the oldest migrations become one that makes the same.

mod files;
mod proof;

use deepref_schema_core::history::Fold;
use deepref_schema_core::language::{Style, authored};
use deepref_schema_core::migration::{self, Replaced, file_stem};
use deepref_schema_core::operation::Operation;
use deepref_schema_core::schema::{Schema, differences};
use deepref_schema_core::sql::data_statements as in_text;
use deepref_schema_core::statement::Segment;
use deepref_schema_syntax::history::Written;

use super::arguments::Squash;
use super::create::{check_name, read_list, usage};
use super::database::Database;
use super::written::{check, lines, written_text};
use super::{output, sources};
use crate::inspect::Objects;
use crate::{Error, History, Migration};

use files::Files;

pub(super) fn execute(history: &History, options: &Squash) -> Result<(), Error> {
    let (list, list_text) = read_list(history)?;
    let replaced = replaced(history, options)?;
    let written = sources::written(history)?;
    let data = data_statements(&written, replaced.len());
    if !data.is_empty() && !options.drop_data_statements {
        return Err(Error::Refused {
            problem: lines(
                "these statements change rows, so they can not be squashed",
                data.iter(),
            ),
            help: "nothing was written; squash up to the migration before the first of them, or \
                   leave them out where an empty database needs none of them: \
                   `--drop-data-statements`"
                .into(),
        });
    }
    let database = Database::scratch(history, options.scratch_url.as_deref())?;
    database.say_scratch();
    let wanted = proof::wanted(history, &database.config, replaced)?;
    let squashed = Squashed::of(&written, replaced, &options.name, &wanted.objects)?;
    let files = Files::of(history, &squashed, list, &list_text)?;
    proof::prove(history, &database.config, wanted, &squashed.up)?;
    if !data.is_empty() {
        output::line("left out, because they change rows:");
        data.iter().for_each(|one| output::line(format_args!("  {}", output::escape(one))));
    }
    output::line(format_args!(
        "proved: the migration makes what the {} that it replaces make",
        replaced.len()
    ));
    if options.dry_run {
        files.show();
        return Ok(());
    }
    files.write()
}

/// One migration that was written and read again, and is in no file yet.
struct Squashed<'a> {
    replaced: &'a [&'static Migration],
    stem: String,
    text: String,
    read: migration::Migration,
    up: Vec<Segment>,
}

/// The oldest ones, up to the version that was named.
fn replaced(history: &History, options: &Squash) -> Result<&'static [&'static Migration], Error> {
    check_name(&options.name)?;
    let at = history.migrations.iter().position(|one| one.version == options.to);
    let at = at.ok_or_else(|| {
        usage(&format!("there is no migration {}", options.to), "`cargo migrate show` lists them")
    })?;
    if at == 0 {
        return Err(usage(
            &format!("{} is the first migration: there is nothing to squash", options.to),
            "name the last one that is to become part of it",
        ));
    }
    let taken = |one: &&&Migration| one.name == options.name;
    if let Some(taken) = history.migrations[at..].iter().find(taken) {
        return Err(usage(
            &format!("there is a migration `{}` already", taken.name),
            "choose another name: `--name`",
        ));
    }
    Ok(&history.migrations[..=at])
}

/// The statements that change rows, by their migrations.
fn data_statements(written: &Written, count: usize) -> Vec<String> {
    let mut found = Vec::new();
    for (stem, migration) in &written.migrations[..count] {
        for item in &migration.up {
            let statements = match &item.operation {
                Operation::Update(_) | Operation::RunFunction(_) => vec![item.operation.describe()],
                Operation::Sql(sql) => in_text(&sql.text),
                _ => Vec::new(),
            };
            found.extend(statements.iter().map(|statement| format!("{stem}: {statement}")));
        }
    }
    found
}

impl<'a> Squashed<'a> {
    fn of(
        written: &Written,
        replaced: &'a [&'static Migration],
        name: &str,
        objects: &Objects,
    ) -> Result<Self, Error> {
        let mut schemas = Vec::with_capacity(written.migrations.len());
        written.fold(|fold| schemas.push(fold.schema().clone())).ok_or_else(unreadable)?;
        let wanted = schemas.get(replaced.len() - 1).ok_or_else(unreadable)?;
        let version = replaced[replaced.len() - 1].version;
        let stem = file_stem(version, name);
        let operations = objects.woven(wanted).operations();
        let text = text(written, replaced, &operations, name)?;
        let (read, verified, fold) = check(&text, &stem, written.settings.clone())?;
        same(wanted, fold.schema())?;
        let end = follow(fold, &written.migrations[replaced.len()..])?;
        same(schemas.last().unwrap_or(wanted), end.schema())?;
        Ok(Self { replaced, stem, text, read, up: verified.up })
    }
}

fn text(
    written: &Written,
    replaced: &[&'static Migration],
    operations: &[Operation],
    name: &str,
) -> Result<String, Error> {
    let style = Style {
        settings: written.settings.clone(),
        concurrently: false,
        reason: Some("it was so before the migrations were squashed".into()),
    };
    let (first, last) = (replaced[0], replaced[replaced.len() - 1]);
    let up = authored(&Schema::empty(), operations, &style);
    let text = format!(
        "What {} migrations made, from {} to {}.",
        replaced.len(),
        first.ledger_name(),
        last.ledger_name()
    );
    let replaces =
        replaced.iter().map(|one| Replaced { version: one.version, checksum: one.checksum });
    written_text(&migration::Migration {
        text,
        replaces: replaces.collect(),
        ..migration::Migration::computed(last.version, name, up)
    })
}

/// The migrations after it must still be right.
fn follow(mut fold: Fold, rest: &[(String, migration::Migration)]) -> Result<Fold, Error> {
    for (stem, migration) in rest {
        let verified = fold.step(stem, migration);
        if !verified.is_right() {
            return Err(Error::Refused {
                problem: lines(
                    &format!("`{stem}` would not compile after it"),
                    verified.diagnostics.iter().map(|diagnostic| diagnostic.text()),
                ),
                help: "nothing was written".into(),
            });
        }
    }
    Ok(fold)
}

fn same(wanted: &Schema, found: &Schema) -> Result<(), Error> {
    let differences = differences(wanted, found);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::Differs {
        problem: "one migration does not make the same in the model".into(),
        differences,
        help: "nothing was written".into(),
    })
}

fn unreadable() -> Error {
    usage("the history can not be read", "`cargo check` says what is wrong")
}
