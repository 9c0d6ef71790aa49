use std::sync::Arc;

use super::allow::Allowed;
use super::risk::{Risk, risks as risks_of};
use super::{Done, Fold, resolve};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::Transaction;
use crate::migration::{Item, Migration};
use crate::operation::{Operation, Update};
use crate::origin::Origin;
use crate::rules;
use crate::schema::{Made, Schema, differences};
use crate::statement::Statement;

/// Data that a revert deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// All rows of a table.
    Table(ObjectName),
    /// The values of a column.
    Column(ObjectName, Ident),
}

/// What leads back.
pub(super) struct Back {
    pub(super) statements: Vec<Statement>,
    /// What that deletes.
    pub(super) losses: Vec<Loss>,
    /// What else can come of it.
    pub(super) risks: Vec<Risk>,
}

/// The way back from a migration.
pub(super) struct Way<'a> {
    pub(super) fold: &'a mut Fold,
    /// The schema before the migration.
    pub(super) before: &'a Schema,
    pub(super) migration: &'a Migration,
    pub(super) up: &'a [Done],
    pub(super) allowed: &'a mut Allowed,
}

impl Way<'_> {
    /// What reverts the migration. Findings go to the report of the fold.
    pub(super) fn back(mut self) -> Option<Back> {
        if self.declared_irreversible() {
            return None;
        }
        match &self.migration.down {
            Some(items) => self.written(items),
            None => self.derived(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.fold.report.push(diagnostic);
    }

    fn declared_irreversible(&mut self) -> bool {
        let Some(irreversible) = &self.migration.irreversible else { return false };
        if self.fold.settings.forbid_irreversible {
            let message = "the history forbids irreversible migrations";
            let diagnostic = Diagnostic::new("irreversible", irreversible.origin, message);
            self.report(
                diagnostic.help("delete the attribute and write what reverts the migration"),
            );
        } else if self.migration.down.is_some() {
            let message = "the migration has a `down` and says that it is irreversible";
            let diagnostic = Diagnostic::new("irreversible", irreversible.origin, message);
            self.report(diagnostic.help("delete one of the two"));
        }
        true
    }

    /// The operations of a `down` that was written, which must lead back.
    fn written(&mut self, items: &[Item]) -> Option<Back> {
        let after = self.fold.schema.clone();
        let findings = self.fold.report.diagnostics.len();
        let (done, risks) = self.fold.run_down(items, self.allowed);
        let end = std::mem::replace(&mut self.fold.schema, after);
        if self.fold.report.diagnostics.len() > findings {
            return None;
        }
        let missing = differences(self.before, &end);
        if !missing.is_empty() {
            let message = "`down` does not undo `up`";
            let mut diagnostic =
                Diagnostic::new("down_differs", self.migration.down_origin, message);
            diagnostic.notes =
                missing.into_iter().map(|line| format!("after it, {line}")).collect();
            self.report(diagnostic);
        }
        let losses = done.iter().filter_map(|done| loss(&done.operation)).collect();
        let statements = done.into_iter().flat_map(|done| done.statements).collect();
        Some(Back { statements, losses, risks: once(risks) })
    }

    /// The operations that the model derives.
    fn derived(&mut self) -> Option<Back> {
        let short = self.reversals(true).ok().and_then(|operations| self.leads_back(operations));
        if short.is_some() {
            return short;
        }
        match self.reversals(false) {
            Ok(operations) => {
                let whole = self.leads_back(operations);
                if whole.is_none() {
                    let message = "the model can not derive what reverts this migration";
                    let origin = self.migration.up_origin;
                    let diagnostic = Diagnostic::new("irreversible", origin, message);
                    self.report(diagnostic.help("write a `down`"));
                }
                whole
            }
            Err(reasons) => {
                for reason in reasons {
                    self.fold.report.push(with_down(reason));
                }
                None
            }
        }
    }

    /// The inverses of the operations, last first. The short form leaves out
    /// what falls with an object that the migration made.
    fn reversals(&self, short: bool) -> Result<Vec<Operation>, Vec<Diagnostic>> {
        let (mut operations, mut reasons) = (Vec::new(), Vec::new());
        for (at, done) in self.up.iter().enumerate().rev() {
            let operation = &done.operation;
            if short && self.falls_with_its_object(operation) && !self.may_use_raw_sql(at) {
                continue;
            }
            match (&done.reversal, &done.operation) {
                (Ok(inverse), _) => operations.extend(inverse.iter().cloned()),
                (Err(_), Operation::Update(update)) if self.drops_what_is_set(update) => {}
                (Err(reason), _) => reasons.push((**reason).clone()),
            }
        }
        if reasons.is_empty() {
            Ok(if short { without_needless_indexes(operations) } else { operations })
        } else {
            reasons.reverse();
            Err(reasons)
        }
    }

    /// Whether the columns of an update, or its table, are new in this
    /// migration, so that its revert drops them.
    fn drops_what_is_set(&self, update: &Update) -> bool {
        let Some(table) = self.before.table(&update.table) else {
            return self.fold.schema.table(&update.table).is_some();
        };
        update.sets().all(|column| table.column(column.as_str()).is_none())
    }

    /// Whether an operation changed something inside of an object that was not
    /// there before, so that nothing of it remains when that is dropped.
    fn falls_with_its_object(&self, operation: &Operation) -> bool {
        let after = &self.fold.schema;
        let known = |table: &ObjectName| after.table(table).is_some();
        let new_table = |table: &ObjectName| known(table) && self.before.table(table).is_none();
        let both = |table: &ObjectName, name: &Ident| {
            let there = |schema: &Schema| {
                schema.table(table).is_some_and(|table| {
                    table.constraints.contains_key(name) || table.indexes.contains_key(name)
                })
            };
            !known(table) || there(self.before) || there(after)
        };
        match operation {
            Operation::AddColumn(add) => new_table(&add.table),
            Operation::SetDefault(set) => new_table(&set.table),
            Operation::DropDefault(drop) => new_table(&drop.table),
            Operation::SetNotNull(set) => new_table(&set.table),
            Operation::DropNotNull(drop) => new_table(&drop.table),
            Operation::CreateIndex(create) => new_table(&create.table),
            Operation::Comment(comment) => comment.table().is_some_and(|table| new_table(&table)),
            Operation::AddConstraint(add) => {
                let name = add.constraint.name_or_index();
                new_table(&add.table) && !self.is_foreign_key(&add.table, &name)
                    || !both(&add.table, &name)
            }
            Operation::DropConstraint(drop) => !both(&drop.table, &drop.name),
            Operation::ValidateConstraint(validate) => {
                let old = self.before.table(&validate.table);
                old.is_none_or(|table| !table.constraints.contains_key(&validate.name))
            }
            Operation::AlterSequence(alter) => !self.before.sequences.contains_key(&alter.name),
            Operation::CreateSequence(create) => {
                let made = self.fold.schema.sequences.get(&create.name);
                let owner = made.and_then(|sequence| sequence.owner.as_ref());
                owner.is_some_and(|owner| {
                    let table = self.before.table(&owner.table);
                    table.is_none_or(|table| table.column(owner.column.as_str()).is_none())
                })
            }
            _ => false,
        }
    }

    /// Whether an operation may use what raw SQL made after the operation's
    /// table, such as a function: it must go before that.
    fn may_use_raw_sql(&self, at: usize) -> bool {
        let table = match &self.up[at].operation {
            Operation::AddColumn(add) => &add.table,
            Operation::SetDefault(set) => &set.table,
            Operation::CreateIndex(create) => &create.table,
            Operation::AddConstraint(add) => &add.table,
            _ => return false,
        };
        let earlier = self.up[..at].iter().rev().map(|done| &done.operation);
        let mut since_table = earlier.take_while(
            |operation| !matches!(operation, Operation::CreateTable(create) if create.name == *table),
        );
        since_table.any(|operation| matches!(operation, Operation::Sql(sql) if sql.is_undone()))
    }

    fn is_foreign_key(&self, table: &ObjectName, name: &Ident) -> bool {
        let constraint =
            self.fold.schema.table(table).and_then(|table| table.constraints.get(name));
        constraint.is_some_and(|constraint| constraint.kind.foreign_key().is_some())
    }

    /// What is sent for operations that lead from the schema after the
    /// migration to the one before it, each accepted by the same checks as a
    /// written one; `None` where they lead elsewhere.
    fn leads_back(&self, operations: Vec<Operation>) -> Option<Back> {
        let mut schema = self.fold.schema.clone();
        schema.now = Made::by(&Arc::from("down"));
        let (mut statements, mut risks) = (Vec::new(), Vec::new());
        for operation in &operations {
            let mut report = self.fold.report.without_findings();
            let mut check = Check::new(&schema, &mut report, &self.fold.settings, Origin::NONE);
            let resolved = resolve(operation, &mut check);
            // What was accepted when it was made is accepted when it comes back.
            if !report.diagnostics.iter().all(|finding| rules::is_allowable(finding.rule)) {
                return None;
            }
            for operation in resolved {
                statements.extend(operation.statements(&schema));
                risks.extend(risks_of(&operation, &schema));
                operation.apply(&mut schema);
            }
        }
        let losses = operations.iter().filter_map(loss).collect();
        let same = differences(self.before, &schema).is_empty();
        same.then(|| Back { statements, losses, risks: once(risks) })
    }
}

fn loss(operation: &Operation) -> Option<Loss> {
    match operation {
        Operation::DropTable(drop) => Some(Loss::Table(drop.name.clone())),
        Operation::DropColumn(drop) => Some(Loss::Column(drop.table.clone(), drop.column.clone())),
        _ => None,
    }
}

/// Leaves out what stands there already.
fn once(risks: Vec<Risk>) -> Vec<Risk> {
    let mut kept: Vec<Risk> = Vec::with_capacity(risks.len());
    for risk in risks {
        if !kept.contains(&risk) {
            kept.push(risk);
        }
    }
    kept
}

/// Leaves out an index that would be built only to be dropped at once: what
/// the inverse of a key that was added `concurrently` comes to, which goes with
/// its index.
fn without_needless_indexes(operations: Vec<Operation>) -> Vec<Operation> {
    let mut kept: Vec<Operation> = Vec::with_capacity(operations.len());
    for operation in operations {
        match (kept.last(), &operation) {
            (Some(Operation::CreateIndex(create)), Operation::DropIndex(drop))
                if create
                    .name
                    .as_ref()
                    .is_some_and(|name| create.table.sibling(name.clone()) == drop.name) =>
            {
                kept.pop();
            }
            _ => kept.push(operation),
        }
    }
    kept
}

/// The help of an operation that has no inverse, and the other way out.
fn with_down(reason: Diagnostic) -> Diagnostic {
    reason
        .note("or write a `down`, or `#[irreversible(reason = \"…\")]` before the migration's name")
}

impl Fold {
    /// Applies the items of a `down`: what it deletes is said when the way back
    /// is taken, who waits for it is said here.
    fn run_down(&mut self, items: &[Item], allowed: &mut Allowed) -> (Vec<Done>, Vec<Risk>) {
        let now = std::mem::replace(&mut self.schema.now, Made::by(&Arc::from("down")));
        let (mut done, mut transaction) = (Vec::new(), Transaction::default());
        let mut risks = Vec::new();
        for item in items {
            let (schema, settings) = (&self.schema, &self.settings);
            let known = self.report.diagnostics.len();
            let mut check = Check::new(schema, &mut self.report, settings, item.origin);
            let resolved = resolve(&item.operation, &mut check);
            let findings = self.report.diagnostics.split_off(known);
            let findings = allowed.filter(item, findings);
            let sound = findings.is_empty();
            self.report.diagnostics.extend(findings);
            let first = done.len();
            for operation in resolved {
                risks.extend(risks_of(&operation, &self.schema));
                done.push(Done::apply(operation, item, &mut self.schema, &mut transaction));
            }
            self.report_blocking(item, &mut done[first..], sound, allowed);
        }
        self.schema.now = now;
        (done, risks)
    }
}
