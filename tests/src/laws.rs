//! Laws of the model that need no server: what is written is read again as the same, and the
//! difference of two schemas leads from one to the other.

use deepref_schema_core::diff::{Answers, Plan, Question, Rename, Value, diff};
use deepref_schema_core::expr::Expr;
use deepref_schema_core::history::{Fold, Verified};
use deepref_schema_core::ident::Ident;
use deepref_schema_core::language::{self, Style};
use deepref_schema_core::migration::{Item, Migration, Settings};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{Schema, differences};
use deepref_schema_core::types::Type;
use deepref_schema_syntax::{Origins, migration_in_file};

/// Every law about a migration on top of a history. Gives what is broken.
pub fn hold(settings: &Settings, before: &Fold, after: &Fold, body: &str) -> Result<(), String> {
    written_is_read(before, body)?;
    from_nothing(settings, after.schema())?;
    difference_leads(settings, before, after)?;
    difference_leads(settings, after, before)?;
    let none = diff(after.schema(), after.schema(), &Answers::default());
    let nothing = none.operations.is_empty() && none.questions.is_empty() && none.rest.is_empty();
    if nothing { Ok(()) } else { Err(format!("a schema differs from itself: {none:?}")) }
}

/// Reads a migration that has to be sound.
///
/// # Errors
///
/// What the reader says about it.
pub fn read(text: &str) -> Result<Migration, String> {
    let mut origins = Origins::default();
    let parsed = migration_in_file(text, &mut origins)
        .ok_or_else(|| format!("these are no tokens of Rust:\n{text}"))?;
    let texts: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.text()).collect();
    match parsed.value.filter(|_| texts.is_empty()) {
        Some(migration) => Ok(migration),
        None => Err(format!("the reader refuses:\n{text}\n{}", texts.join("\n"))),
    }
}

/// The text of a migration, or what in it has no words.
///
/// # Errors
///
/// What the language has no words for.
pub fn write(migration: &Migration) -> Result<String, String> {
    language::file(migration)
        .map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    text: &str,
    a: &T,
    b: &T,
) -> Result<(), String> {
    if a == b { Ok(()) } else { Err(format!("{what} differs:\n{text}\n{a:?}\n{b:?}")) }
}

fn same_schema(what: &str, wanted: &Schema, found: &Schema) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    Err(format!("{what} leads elsewhere:\n{}", differences(wanted, found).join("\n")))
}

/// A migration that was written by its author, written anew.
///
/// # Errors
///
/// What differs.
pub fn written_is_read(before: &Fold, body: &str) -> Result<(), String> {
    let original = read(&format!("migration! {{ Step2 = 2; {body} }}"))?;
    let text = write(&original)?;
    let again = read(&text)?;
    same("what was written", &text, &write(&again)?, &text)?;
    same("its checksum", &text, &again.checksum, &read(&write(&again)?)?.checksum)?;
    let step = |migration: &Migration| {
        let mut fold = before.clone();
        let Verified { diagnostics, up, down, .. } = fold.step("m2_step2", migration);
        let rules: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.text()).collect();
        (rules, up, down, fold)
    };
    let (rules, up, down, fold) = step(&original);
    let (rules_again, up_again, down_again, fold_again) = step(&again);
    same("what is wrong with it", &text, &rules, &rules_again)?;
    same("what it does", &text, &up, &up_again)?;
    same("what reverts it", &text, &down, &down_again)?;
    same_schema(&text, fold.schema(), fold_again.schema())
}

/// A schema, written as the migration that makes it.
///
/// # Errors
///
/// What is refused, or what differs.
pub fn from_nothing(settings: &Settings, schema: &Schema) -> Result<(), String> {
    let empty = Fold::new(settings.clone());
    let items = language::authored(empty.schema(), &schema.operations(), &style(settings));
    if items.is_empty() {
        return same_schema("nothing", schema, empty.schema());
    }
    leads(empty, items, schema, false).map(|_| ())
}

/// The difference of two schemas, applied, and written and read. Gives the migration that leads
/// from one to the other without a rename, where there is one that can be written and reverted.
///
/// # Errors
///
/// What is refused, or what differs.
pub fn difference_leads(
    settings: &Settings,
    from: &Fold,
    to: &Fold,
) -> Result<Option<Verified>, String> {
    let first = diff(from.schema(), to.schema(), &Answers::default());
    applied_leads(&first, from.schema(), to.schema())?;
    let mut bridge = None;
    let renamed = Answers { renamed: asked(&first), ..Answers::default() };
    let not_renamed = Answers { not_renamed: asked(&first), ..Answers::default() };
    for answers in [renamed, not_renamed] {
        let open = diff(from.schema(), to.schema(), &answers);
        let answers = with_values(&open, answers);
        let plan = diff(from.schema(), to.schema(), &answers);
        applied_leads(&plan, from.schema(), to.schema())?;
        let items = language::authored(from.schema(), &plan.operations, &style(settings));
        if !items.is_empty() {
            let open = plan.questions.iter().any(|one| !matches!(one, Question::Rename(_)));
            bridge = leads(from.clone(), items, to.schema(), open)?;
        }
    }
    Ok(bridge)
}

fn applied_leads(plan: &Plan, from: &Schema, to: &Schema) -> Result<(), String> {
    let mut schema = from.clone();
    plan.operations.iter().for_each(|operation| operation.apply(&mut schema));
    let names: Vec<_> = plan.operations.iter().map(|operation| operation.describe()).collect();
    same_schema(&names.join("\n"), to, &schema)
}

/// What the language has no words for.
const IN_SQL_ONLY: [&str; 2] = [
    "a table without columns is written in SQL only",
    "an enum without values is written in SQL only",
];

/// Writes items, reads them and goes on with them: nothing is wrong, and they lead to a schema.
fn leads(
    mut fold: Fold,
    items: Vec<Item>,
    to: &Schema,
    open: bool,
) -> Result<Option<Verified>, String> {
    let text = match write(&migration(3, items)) {
        Err(why) if IN_SQL_ONLY.iter().any(|known| why.contains(known)) => return Ok(None),
        text => text?,
    };
    let verified = fold.step("m3_step3", &read(&text)?);
    let wrong = verified.diagnostics.iter().chain(&verified.blocking);
    let wrong: Vec<_> = wrong.filter(|one| !open || one.rule != "irreversible").collect();
    if !wrong.is_empty() {
        let wrong: Vec<_> = wrong.iter().map(|diagnostic| diagnostic.text()).collect();
        return Err(format!("the model refuses what was written:\n{text}\n{}", wrong.join("\n")));
    }
    same_schema(&text, to, fold.schema())?;
    Ok(verified.diagnostics.is_empty().then_some(verified))
}

/// A migration that does this.
pub fn migration(version: i64, up: Vec<Item>) -> Migration {
    Migration {
        name: Ident::computed(format!("Step{version}")),
        version,
        version_origin: Origin::NONE,
        text: String::new(),
        irreversible: None,
        allows: Vec::new(),
        up,
        up_origin: Origin::NONE,
        down: None,
        down_origin: Origin::NONE,
        checksum: [0; 32],
        replaces: Vec::new(),
        limits: deepref_schema_core::limits::Limits::NONE,
    }
}

fn style(settings: &Settings) -> Style {
    Style { settings: settings.clone(), concurrently: true, reason: Some("tested".to_owned()) }
}

/// The same, with values for all columns that need one.
fn with_values(plan: &Plan, mut answers: Answers) -> Answers {
    for question in &plan.questions {
        match question.clone() {
            Question::Fill { table, column, ty } => {
                answers.fills.push(Value { table, column, value: value(&ty) });
            }
            Question::Restore { table, column, ty } => {
                let value = other_in_each_row(&ty);
                answers.restores.push(Value { table, column, value });
            }
            Question::Rename(_) => {}
        }
    }
    answers
}

fn asked(plan: &Plan) -> Vec<Rename> {
    let renames = plan.questions.iter().filter_map(|question| match question {
        Question::Rename(rename) => Some(rename.clone()),
        _ => None,
    });
    renames.collect()
}

fn other_in_each_row(ty: &Type) -> Expr {
    Expr::computed(format!("nullif(gen_random_uuid(), gen_random_uuid())::text::{}", ty.sql()))
}

/// Some value of a type, of which the model knows no more than the type.
fn value(ty: &Type) -> Expr {
    Expr::computed(format!("(null::text)::{}", ty.sql()))
}
