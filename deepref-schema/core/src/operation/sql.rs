use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::{Diagnostic, Report};
use crate::origin::Origin;
use crate::schema::Schema;
use crate::sql::{check_raw, words_in_doubt};
use crate::statement::{Run, Statement};

/// `sql "…" down "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// The text, one statement or several.
    pub text: String,
    /// How it is reverted.
    pub down: Option<SqlDown>,
    /// The text's token.
    pub origin: Origin,
}

/// How raw SQL or an update is reverted, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlDown {
    /// `down none`: there is nothing to undo.
    Nothing,
    /// `down "…"`
    Text {
        /// The text.
        text: String,
        /// Its token.
        origin: Origin,
    },
}

impl Operate for Sql {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let mut findings = check_raw(&self.text, self.origin);
        findings.extend(self.down.iter().flat_map(SqlDown::check));
        let sound = findings.is_empty();
        findings.into_iter().for_each(|finding| check.report(finding));
        self.doubt(check.report);
        if sound { vec![self.clone().into()] } else { Vec::new() }
    }

    fn apply(&self, _: &mut Schema) {}

    fn reverse(&self, _: &Schema) -> Reversal {
        match &self.down {
            Some(down) => Ok(down.operations()),
            None => {
                let message = "what this SQL does can not be derived, so it can not be reverted";
                let help =
                    "write `sql \"…\" down \"…\"`, or `down none` where there is nothing to undo";
                Err(Box::new(Diagnostic::new("irreversible", self.origin, message).help(help)))
            }
        }
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        crate::sql::split(&self.text).into_iter().map(|sql| self.statement(sql)).collect()
    }

    fn describe(&self) -> String {
        let words: Vec<_> = self.text.split_whitespace().take(4).collect();
        format!("sql {}", words.join(" "))
    }
}

impl Sql {
    /// Puts what it may have made or dropped in doubt.
    pub(crate) fn doubt(&self, report: &mut Report) {
        match words_in_doubt(&self.text) {
            Some(words) => report.doubt_words(words),
            None => report.doubt_everything(),
        }
    }

    /// Whether something undoes it.
    pub(crate) fn is_undone(&self) -> bool {
        matches!(self.down, Some(SqlDown::Text { .. }))
    }

    fn statement(&self, sql: String) -> Statement {
        let changes_rows = crate::sql::changes_rows(&sql);
        let run = match crate::sql::runs_outside(&sql) {
            true => Run::Outside,
            false => Run::InTransaction,
        };
        let statement = Statement::new(self.describe(), sql).running(run);
        Statement { changes_rows, locks: None, ..statement }
    }
}

impl SqlDown {
    pub(super) fn check(&self) -> Vec<Diagnostic> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Text { text, origin } => check_raw(text, *origin),
        }
    }

    /// The operations that it stands for.
    pub(super) fn operations(&self) -> Vec<Operation> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Text { text, origin } => {
                vec![Sql { text: text.clone(), down: Some(Self::Nothing), origin: *origin }.into()]
            }
        }
    }
}
