//! What two schemas do not tell: asked on a terminal, or answered by options,
//! never guessed.

use deepref_schema_core::diff::{Answers, Plan, Question, Rename, Value, diff};
use deepref_schema_core::expr::Expr;
use deepref_schema_core::history::Fold;
use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::Operation;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::types::Type;
use deepref_schema_syntax::expression;

use super::renames;
use crate::Error;
use crate::cli::arguments::Generate;
use crate::cli::create::usage;
use crate::cli::entities::Entities;
use crate::cli::output;

/// What is to be done, and nothing left to ask.
pub(super) struct Answered {
    pub(super) plan: Plan,
    /// The schema that it leads to.
    pub(super) target: Schema,
    /// Why data may be lost, or others may wait.
    pub(super) reason: Option<String>,
}

/// Asks until everything is answered.
pub(super) fn ask(fold: &Fold, entities: &Entities, options: &Generate) -> Result<Answered, Error> {
    let mut asker = Asker {
        options,
        answers: Answers::default(),
        renames_used: Vec::new(),
        values_used: Vec::new(),
    };
    loop {
        // What was renamed has its new name before anything is compared, so
        // that an index is still the same index.
        let renamed = fold.with(&renames::operations(&asker.answers.renamed));
        let target = entities.target(&renamed)?;
        let mut possible = renames::of_undescribed(&renamed, &target.schema, entities);
        possible.extend(entities.possible_renames(&renamed));
        let open = possible.into_iter().find(|rename| !asker.knows(rename));
        if let Some(rename) = open {
            asker.rename(rename)?;
            continue;
        }
        let mut plan = diff(fold.schema(), &target.schema, &asker.answers);
        asker.restore(&mut plan)?;
        let open = plan.questions.iter().find(|question| !asker.is_answered(question));
        match open.cloned() {
            Some(Question::Rename(rename)) => asker.rename(rename)?,
            Some(Question::Fill { table, column, ty }) => {
                let value = asker.value(Kind::Fill, table, column, &ty)?;
                asker.answers.fills.push(value);
            }
            Some(Question::Restore { table, column, ty }) => {
                let value = asker.value(Kind::Restore, table, column, &ty)?;
                asker.answers.restores.push(value);
            }
            None => {
                asker.refuse_needless(&plan)?;
                let reason = asker.reason(fold, &plan);
                return Ok(Answered { plan, target: target.schema, reason });
            }
        }
    }
}

struct Asker<'a> {
    options: &'a Generate,
    answers: Answers,
    renames_used: Vec<String>,
    values_used: Vec<String>,
}

/// Which value of a column is asked for.
#[derive(Clone, Copy)]
enum Kind {
    Fill,
    Restore,
}

impl Asker<'_> {
    fn knows(&self, rename: &Rename) -> bool {
        self.answers.renamed.contains(rename) || self.answers.not_renamed.contains(rename)
    }

    fn is_answered(&self, question: &Question) -> bool {
        let is_said = |values: &[Value], table: &ObjectName, column: &Ident| {
            values.iter().any(|value| value.table == *table && value.column == *column)
        };
        match question {
            Question::Rename(rename) => self.knows(rename),
            Question::Fill { table, column, .. } => is_said(&self.answers.fills, table, column),
            Question::Restore { table, column, .. } => {
                is_said(&self.answers.restores, table, column)
            }
        }
    }

    fn rename(&mut self, rename: Rename) -> Result<(), Error> {
        let written = renames::written(&rename);
        let said = if self.options.rename.contains(&written) {
            true
        } else if self.options.no_rename.contains(&written) {
            false
        } else {
            match output::ask(&format!("{} [y/N]", renames::question(&rename))) {
                Some(answer) => matches!(answer.as_str(), "y" | "Y" | "yes"),
                None => {
                    return Err(usage(
                        &format!("{} Only a person can tell", renames::question(&rename)),
                        &format!(
                            "write `--rename {written}`, or `--no-rename {written}` where it is \
                             another one"
                        ),
                    ));
                }
            }
        };
        self.renames_used.push(written);
        match said {
            true => self.answers.renamed.push(rename),
            false => self.answers.not_renamed.push(rename),
        }
        Ok(())
    }

    fn value(
        &mut self,
        kind: Kind,
        table: ObjectName,
        column: Ident,
        ty: &Type,
    ) -> Result<Value, Error> {
        let (option, values, why) = match kind {
            Kind::Fill => (
                "--fill",
                &self.options.fill,
                "is NOT NULL and has no default: which value do rows get that are there?",
            ),
            Kind::Restore => (
                "--restore",
                &self.options.restore,
                "is dropped, is NOT NULL and has no default: which value do rows get when that \
                 is reverted?",
            ),
        };
        let name = format!("{table}.{column}");
        let given = said(values, &name);
        self.values_used.push(name.clone());
        let question = format!("`{name}` {why}");
        let text = match given {
            Some(text) => text,
            None => {
                let ask = format!("{question} (an expression of type {})", ty.language());
                let answer = output::ask(&ask).filter(|answer| !answer.is_empty());
                answer.ok_or_else(|| usage(&question, &format!("write `{option} {name}=…`")))?
            }
        };
        Ok(Value { table, column, value: read(&text)? })
    }

    /// A value that is said for a dropped column is taken, asked for or not.
    fn restore(&mut self, plan: &mut Plan) -> Result<(), Error> {
        for operation in &mut plan.operations {
            let Operation::DropColumn(drop) = operation else { continue };
            let name = format!("{}.{}", drop.table, drop.column);
            if let Some(text) = said(&self.options.restore, &name) {
                drop.restore = Some(read(&text)?);
                self.values_used.push(name);
            }
        }
        Ok(())
    }

    /// An answer that answers nothing is a mistake of the one who gave it.
    fn refuse_needless(&self, plan: &Plan) -> Result<(), Error> {
        let renames = self.options.rename.iter().chain(&self.options.no_rename);
        let mut needless = plan.needless.iter().map(renames::written);
        if let Some(needless) = needless.next() {
            return Err(usage(
                &format!(
                    "`{}` can not be done beside the other answers",
                    output::escape(&needless)
                ),
                "generate one migration after the other",
            ));
        }
        if let Some(needless) = renames.into_iter().find(|one| !self.renames_used.contains(one)) {
            return Err(usage(
                &format!("nothing looks renamed as `{}` says", output::escape(needless)),
                "write it as `table.old=new`, by the names in the history and in the entities",
            ));
        }
        let values = self.options.fill.iter().chain(&self.options.restore);
        let name = |one: &str| one.split('=').next().unwrap_or_default().trim().to_owned();
        if let Some(needless) =
            values.into_iter().find(|one| !self.values_used.contains(&name(one)))
        {
            return Err(usage(
                &format!("no value is asked for `{}`", output::escape(&name(needless))),
                "delete the option",
            ));
        }
        Ok(())
    }

    /// Why data may be lost, where any is.
    fn reason(&self, fold: &Fold, plan: &Plan) -> Option<String> {
        if self.options.reason.is_some() {
            return self.options.reason.clone();
        }
        let mut schema = fold.schema().clone();
        let mut lost = Vec::new();
        for operation in &plan.operations {
            let hazards = operation.hazards(&schema).into_iter();
            lost.extend(hazards.filter(|hazard| hazard.rule == "data_loss"));
            operation.apply(&mut schema);
        }
        if lost.is_empty() {
            return None;
        }
        let lines: Vec<_> = lost.iter().map(|hazard| hazard.message.clone()).collect();
        let question = format!("{}. Why may that be?", lines.join(", "));
        output::ask(&question).filter(|answer| !answer.is_empty())
    }
}

/// The value that an option says for a column.
fn said(options: &[String], column: &str) -> Option<String> {
    options.iter().find_map(|one| {
        let (of, value) = one.split_once('=')?;
        (of.trim() == column).then(|| value.to_owned())
    })
}

fn read(text: &str) -> Result<Expr, Error> {
    let parsed = expression(text);
    let why = parsed.diagnostics.first().map(|mistake| mistake.message.clone());
    parsed.value.ok_or_else(|| {
        usage(
            &format!("`{}`: {}", output::escape(text), why.unwrap_or_default()),
            "write an expression of the migration language, such as `\"none\"` or `now()`",
        )
    })
}
