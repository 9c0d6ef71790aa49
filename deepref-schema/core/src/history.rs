//! The fold over a history: every migration is checked against the schema
//! that the ones before it leave, and its way back is derived or proved.

mod allow;
mod down;
mod risk;
mod trace;

use std::sync::Arc;

use crate::check::Check;
use crate::diagnostic::{Diagnostic, Report};
use crate::locks::Transaction;
use crate::map::Watcher;
use crate::migration::{Item, Migration, Settings};
use crate::operation::{Operation, Reversal};
use crate::origin::Origin;
use crate::rules;
use crate::schema::{Made, Schema, Stored};
use crate::statement::{Segment, Statement, segments};

use allow::Allowed;
pub use down::Loss;
pub use risk::{RevertClass, Risk, RiskKind};
pub use trace::{Changed, Trace};
pub(crate) use trace::{Write, digest};

/// A history up to some migration.
#[derive(Clone, Debug)]
pub struct Fold {
    settings: Arc<Settings>,
    schema: Schema,
    report: Report,
}

/// What the check of one migration gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verified {
    /// What is wrong with it; nothing where it may run.
    pub diagnostics: Vec<Diagnostic>,
    /// Who waits for it, where its author does not accept that. It is no
    /// mistake where the migration is released or the history allows it.
    pub blocking: Vec<Diagnostic>,
    /// What applies it.
    pub up: Vec<Segment>,
    /// What reverts it; `None` where it was declared irreversible.
    pub down: Option<Vec<Segment>>,
    /// What a revert deletes.
    pub losses: Vec<Loss>,
    /// What else can come of a revert, each once.
    pub risks: Vec<Risk>,
    /// What all of this depends on, and what the migration leaves.
    pub trace: Trace,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_right(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// What can come of a revert; `None` where there is no way back.
    pub fn revert_class(&self) -> Option<RevertClass> {
        self.down.as_ref()?;
        let kinds = self.risks.iter().map(|risk| risk.kind);
        Some(RevertClass::of(!self.losses.is_empty(), kinds))
    }
}

impl Fold {
    /// A history without migrations.
    pub fn new(settings: Settings) -> Self {
        Self { settings: Arc::new(settings), schema: Schema::empty(), report: Report::default() }
    }

    /// The schema that the migrations so far leave.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What the history says about itself.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The names that are in doubt.
    pub(crate) fn doubts(&self) -> &Report {
        &self.report
    }

    /// The history with some complete operations after it, which no migration
    /// does yet.
    #[must_use]
    pub fn with(&self, operations: &[Operation]) -> Self {
        let mut after = self.clone();
        operations.iter().for_each(|operation| operation.apply(&mut after.schema));
        after
    }

    /// Checks a migration and goes on to the schema after it. `stem` is the
    /// name of its file, for the notes of later findings.
    ///
    /// A migration with mistakes is applied as far as it makes sense, so that
    /// those after it can be checked as well.
    pub fn step(&mut self, stem: &str, migration: &Migration) -> Verified {
        let before = self.clone();
        let watcher = Arc::new(Watcher::default());
        self.schema.watch(Some(&watcher));
        let mut verified = self.checked_step(stem, migration);
        self.schema.watch(None);
        verified.trace = Trace::new(&before, self, &watcher);
        verified
    }

    fn checked_step(&mut self, stem: &str, migration: &Migration) -> Verified {
        let before = self.schema.clone();
        self.schema.now = Made::by(&Arc::from(stem));
        let mut allowed = Allowed::new(migration);
        let up = self.run(&migration.up, &mut allowed);
        let mut verified = Verified::default();
        if self.report.diagnostics.is_empty() {
            let allowed = &mut allowed;
            let way = down::Way { fold: self, before: &before, migration, up: &up, allowed };
            if let Some(back) = way.back() {
                verified.down = Some(segments(back.statements));
                (verified.losses, verified.risks) = (back.losses, back.risks);
            }
        } else {
            allowed.leave_out(migration.down.iter().flatten());
        }
        self.report.diagnostics.extend(allowed.unused());
        verified.diagnostics = std::mem::take(&mut self.report.diagnostics);
        verified.blocking = std::mem::take(&mut self.report.blocking);
        verified.up = segments(up.into_iter().flat_map(|done| done.statements).collect());
        self.schema.now = Made::default();
        verified
    }

    /// The history so far as bytes, for [`Fold::read`].
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.report.write_doubts(&mut bytes);
        self.schema.write(&mut bytes);
        bytes
    }

    /// The history that was written as bytes, under the same settings; `None`
    /// where they are none that this program wrote.
    pub fn read(settings: Settings, mut bytes: &[u8]) -> Option<Self> {
        let report = Report::read_doubts(&mut bytes)?;
        let schema = Schema::read(&mut bytes)?;
        bytes.is_empty().then(|| Self { settings: Arc::new(settings), schema, report })
    }

    /// Applies the items of a migration to the schema.
    fn run(&mut self, items: &[Item], allowed: &mut Allowed) -> Vec<Done> {
        let (mut done, mut transaction) = (Vec::new(), Transaction::default());
        for item in items {
            let (schema, settings) = (&self.schema, &self.settings);
            let known = self.report.diagnostics.len();
            let mut check = Check::new(schema, &mut self.report, settings, item.origin);
            let resolved = resolve(&item.operation, &mut check);
            let mut findings = self.report.diagnostics.split_off(known);
            let sound = findings.iter().all(|finding| rules::is_allowable(finding.rule));
            if !sound {
                allowed.leave_out([item].into_iter());
            }
            let first = done.len();
            for operation in resolved {
                if sound {
                    findings.extend(operation.hazards(&self.schema));
                }
                let one = Done::apply(operation, item, &mut self.schema, &mut transaction);
                if one.statements.is_empty() {
                    findings.push(unwritable(&one.operation));
                }
                done.push(one);
            }
            for finding in &mut findings {
                finding.origin = finding.origin.or(item.origin);
            }
            let findings = allowed.filter(item, findings);
            if !findings.is_empty() {
                allowed.doubt(item);
            }
            let sound = findings.is_empty();
            self.report.diagnostics.extend(findings);
            self.report_blocking(item, &mut done[first..], sound, allowed);
        }
        done
    }

    /// Reports who waits for an item: each rule once, and nothing where more is
    /// wrong with it.
    fn report_blocking(
        &mut self,
        item: &Item,
        done: &mut [Done],
        sound: bool,
        allowed: &mut Allowed,
    ) {
        let mut findings: Vec<Diagnostic> =
            done.iter_mut().filter_map(|one| one.blocking.take()).filter(|_| sound).collect();
        findings.dedup_by_key(|finding| finding.rule);
        for finding in &mut findings {
            finding.origin = finding.origin.or(item.origin);
        }
        self.report.blocking.extend(allowed.filter(item, findings));
    }
}

/// What an operation amounts to here. One about something that only raw SQL
/// can have made stands as it was written.
fn resolve(operation: &Operation, check: &mut Check<'_>) -> Vec<Operation> {
    let known = check.report.diagnostics.len();
    let mut resolved = operation.resolve(check);
    if resolved.is_empty() && check.report.diagnostics.len() == known {
        resolved.push(operation.clone());
    }
    resolved
}

/// An operation that was applied.
struct Done {
    operation: Operation,
    statements: Vec<Statement>,
    reversal: Reversal,
    /// Who waits for it, until that is reported.
    blocking: Option<Diagnostic>,
}

impl Done {
    fn apply(
        operation: Operation,
        item: &Item,
        schema: &mut Schema,
        transaction: &mut Transaction,
    ) -> Self {
        let statements = operation.statements(schema);
        let blocking = transaction.goes_on(schema, &operation, &statements);
        let mut reversal = operation.reverse(schema);
        if reversal.as_ref().is_ok_and(Vec::is_empty) && !operation.needs_no_reversal() {
            reversal = Err(Box::new(unmodelled(&operation)));
        }
        let reversal = reversal.map_err(|mut why| {
            why.origin = why.origin.or(item.origin);
            why
        });
        operation.apply(schema);
        Self { operation, statements, reversal, blocking }
    }
}

/// Why there is no way back from a change of something that raw SQL made.
fn unmodelled(operation: &Operation) -> Diagnostic {
    let message = format!(
        "what `{}` changes was made by raw SQL, so its way back can not be derived",
        operation.describe()
    );
    Diagnostic::new("irreversible", Origin::NONE, message)
}

/// A change of which the model would have to know what was before.
fn unwritable(operation: &Operation) -> Diagnostic {
    let message = format!(
        "what `{}` changes was made by raw SQL, which the model does not know",
        operation.describe()
    );
    Diagnostic::new("unmodelled", Origin::NONE, message).help("write it as `sql \"…\" down \"…\"`")
}
