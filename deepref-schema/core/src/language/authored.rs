//! Complete operations, as an author would write them.
//!
//! Each shorter form is tried on the model: it is taken only where it leads to
//! the same schema as the complete one.

use std::sync::Arc;

use super::column::stands_beside;
use super::expanded::expanded;
use super::serial;
use crate::check::Check;
use crate::diagnostic::Report;
use crate::ident::Ident;
use crate::locks::Transaction;
use crate::migration::{Allow, Item, Settings};
use crate::operation::{ConstraintDefinition, ConstraintForm, CreateTable, Operation, TableItem};
use crate::origin::Origin;
use crate::rules;
use crate::schema::{Made, Schema};

/// What an author is free to choose.
#[derive(Clone, Debug)]
pub struct Style {
    /// What the history says about itself.
    pub settings: Settings,
    /// Whether tables that are there before are changed by the forms that block
    /// nobody, where there are such.
    pub concurrently: bool,
    /// Why findings are accepted that `#[allow(…)]` can accept; without a
    /// reason they are left to the compiler.
    pub reason: Option<String>,
}

/// The items that amount to these complete operations on this schema: without
/// the names that PostgreSQL chooses itself, with `serial` for what it stands
/// for, with constraints beside their columns.
pub fn authored(before: &Schema, operations: &[Operation], style: &Style) -> Vec<Item> {
    let mut schema = before.clone();
    schema.now = Made::by(&Arc::from("authored"));
    let (transaction, doubts) = (Transaction::default(), Report::default());
    let mut author = Author { schema, style, transaction, doubts, items: Vec::new() };
    let operations = expanded(before, operations, style);
    let mut rest = operations.as_slice();
    while let Some(first) = rest.first() {
        let collapsed = serial::collapsed(rest).and_then(|(length, operation)| {
            let wanted = applied(&author.schema, &rest[..length]);
            author.short_form(&operation, &wanted).map(|operation| (length, operation, wanted))
        });
        let (length, operation, wanted) = collapsed.unwrap_or_else(|| {
            let wanted = applied(&author.schema, &rest[..1]);
            let short = author.short_form(first, &wanted).unwrap_or_else(|| first.clone());
            (1, short, wanted)
        });
        author.push(operation);
        author.schema = wanted;
        rest = &rest[length..];
    }
    author.items
}

fn applied(schema: &Schema, operations: &[Operation]) -> Schema {
    let mut schema = schema.clone();
    operations.iter().for_each(|operation| operation.apply(&mut schema));
    schema
}

struct Author<'a> {
    /// The schema before the next operation.
    schema: Schema,
    style: &'a Style,
    /// The transaction that the next operation is in.
    transaction: Transaction,
    /// The names that raw SQL before it may have made.
    doubts: Report,
    items: Vec<Item>,
}

impl Author<'_> {
    /// The shortest form that leads to a schema; `None` where none does.
    fn short_form(&self, operation: &Operation, wanted: &Schema) -> Option<Operation> {
        let leads = |operation: &Operation| self.leads_to(operation, wanted);
        let mut short = shorter(operation);
        if let Operation::CreateTable(create) = operation
            && !short.iter().any(leads)
        {
            short = self.shorter_one_by_one(create, wanted);
        }
        short.push(operation.clone());
        let found = short.into_iter().find(leads)?;
        let gentle = self.style.concurrently.then(|| concurrently(&found)).flatten();
        Some(gentle.filter(|gentle| self.is_of_old_table(gentle) && leads(gentle)).unwrap_or(found))
    }

    /// Whether the table that an operation changes is there before, so that
    /// somebody may use it.
    fn is_of_old_table(&self, operation: &Operation) -> bool {
        let index;
        let table = match operation {
            Operation::CreateIndex(create) => &create.table,
            Operation::DropIndex(drop) => {
                index = self.schema.relation(&drop.name).and_then(|found| found.table.clone());
                match &index {
                    Some(table) => table,
                    None => return false,
                }
            }
            other => match super::table::changed(other) {
                Some(table) => table,
                None => return false,
            },
        };
        self.schema.table(table).is_some_and(|table| !table.is_new(&self.schema))
    }

    /// Whether an operation, read again, leads to a schema.
    fn leads_to(&self, operation: &Operation, wanted: &Schema) -> bool {
        let mut report = self.doubts.clone();
        let resolved = self.resolve(operation, &mut report);
        !resolved.is_empty() && applied(&self.schema, &resolved) == *wanted
    }

    fn resolve(&self, operation: &Operation, report: &mut Report) -> Vec<Operation> {
        let settings = &self.style.settings;
        let mut check = Check::new(&self.schema, report, settings, Origin::NONE);
        operation.resolve(&mut check)
    }

    /// Forms of a table in which each constraint keeps its name only if it
    /// needs it.
    fn shorter_one_by_one(&self, create: &CreateTable, wanted: &Schema) -> Vec<Operation> {
        let mut best = create.clone();
        best.items.iter_mut().for_each(without_sequence_name);
        if !self.leads_to(&best.clone().into(), wanted) {
            best = create.clone();
        }
        for at in 0..best.items.len() {
            let mut shorter = best.clone();
            if let TableItem::Constraint(constraint) = &mut shorter.items[at]
                && looks_computed(constraint)
            {
                constraint.name = None;
                if self.leads_to(&shorter.clone().into(), wanted) {
                    best = shorter;
                }
            }
        }
        let beside = beside_columns(&best);
        vec![without_targets(&beside).into(), beside.into(), best.into()]
    }

    fn push(&mut self, operation: Operation) {
        let allows = self.allows(&operation);
        if let Operation::Sql(sql) = &operation {
            sql.doubt(&mut self.doubts);
        }
        self.items.push(Item { operation, allows, origin: Origin::NONE });
    }

    /// What has to be accepted.
    fn allows(&mut self, operation: &Operation) -> Vec<Allow> {
        let mut report = self.doubts.clone();
        let mut schema = self.schema.clone();
        let mut findings = Vec::new();
        for resolved in self.resolve(operation, &mut report) {
            findings.extend(resolved.hazards(&schema));
            let statements = resolved.statements(&schema);
            let blocking = self.transaction.goes_on(&schema, &resolved, &statements);
            findings.extend(blocking.filter(|_| !self.style.settings.allow_blocking));
            resolved.apply(&mut schema);
        }
        let Some(reason) = &self.style.reason else { return Vec::new() };
        findings.extend(report.diagnostics);
        let found = findings.iter().map(|finding| finding.rule);
        let mut found: Vec<_> = found.filter(|rule| rules::is_allowable(rule)).collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return Vec::new();
        }
        let rules = found.into_iter().map(Ident::computed).collect();
        vec![Allow { rules, reason: reason.clone(), origin: Origin::NONE }]
    }
}

/// Shorter forms of an operation, the shortest first.
fn shorter(operation: &Operation) -> Vec<Operation> {
    match operation {
        Operation::CreateTable(create) => {
            let mut short = create.clone();
            for item in &mut short.items {
                without_sequence_name(item);
                if let TableItem::Constraint(constraint) = item
                    && looks_computed(constraint)
                {
                    constraint.name = None;
                }
            }
            let beside = beside_columns(&short);
            vec![without_targets(&beside).into(), beside.into(), short.into()]
        }
        Operation::AddColumn(add) => {
            let mut short = add.clone();
            if let Some(identity) = &mut short.column.identity {
                identity.sequence_name = None;
            }
            vec![short.into()]
        }
        Operation::AddIdentity(add) => {
            let mut short = add.clone();
            short.identity.sequence_name = None;
            vec![short.into()]
        }
        Operation::AddConstraint(add) if looks_computed(&add.constraint) => {
            let mut short = add.clone();
            short.constraint.name = None;
            vec![short.into()]
        }
        Operation::CreateExtension(create) if create.schema.is_some() => {
            let mut short = create.clone();
            short.schema = None;
            vec![short.into()]
        }
        _ => Vec::new(),
    }
}

fn without_sequence_name(item: &mut TableItem) {
    if let TableItem::Column(column) = item
        && let Some(identity) = &mut column.identity
    {
        identity.sequence_name = None;
    }
}

/// Whether a constraint may have the name that PostgreSQL chooses.
fn looks_computed(constraint: &ConstraintDefinition) -> bool {
    let Some(name) = &constraint.name else { return false };
    let label = match &constraint.form {
        ConstraintForm::PrimaryKey(_) => "_pkey",
        ConstraintForm::Unique(_) => "_key",
        ConstraintForm::Check(_) => "_check",
        ConstraintForm::ForeignKey(_) => "_fkey",
        ConstraintForm::Exclusion(_) => "_excl",
        _ => return false,
    };
    name.as_str().trim_end_matches(|char: char| char.is_ascii_digit()).ends_with(label)
}

/// The table with the constraints that can stand beside a column after it.
pub(super) fn beside_columns(create: &CreateTable) -> CreateTable {
    let constraints = create.items.iter().filter_map(|item| match item {
        TableItem::Constraint(constraint) => Some(constraint),
        TableItem::Column(_) => None,
    });
    let mut rest: Vec<&ConstraintDefinition> = constraints.collect();
    let mut items = Vec::new();
    for item in &create.items {
        let TableItem::Column(column) = item else { continue };
        let mut beside: Vec<&ConstraintDefinition> = Vec::new();
        rest.retain(|constraint| {
            let fits = stands_beside(constraint, column, &beside);
            if fits {
                beside.push(constraint);
            }
            !fits
        });
        items.push(item.clone());
        items.extend(beside.into_iter().cloned().map(TableItem::Constraint));
    }
    items.extend(rest.into_iter().cloned().map(TableItem::Constraint));
    CreateTable { name: create.name.clone(), items }
}

/// The table with foreign keys of one column that do not name the column
/// referred to, which is then the primary key.
fn without_targets(create: &CreateTable) -> CreateTable {
    let mut create = create.clone();
    for item in &mut create.items {
        if let TableItem::Constraint(ConstraintDefinition {
            name: None,
            form: ConstraintForm::ForeignKey(foreign),
            ..
        }) = item
            && foreign.columns.len() == 1
        {
            foreign.referenced.clear();
        }
    }
    create
}

/// The form of an operation that blocks nobody; `None` where there is no such.
fn concurrently(operation: &Operation) -> Option<Operation> {
    match operation.clone() {
        Operation::CreateIndex(mut create) => {
            create.concurrently = true;
            Some(create.into())
        }
        Operation::DropIndex(mut drop) => {
            drop.concurrently = true;
            Some(drop.into())
        }
        Operation::SetNotNull(mut set) => {
            set.concurrently = true;
            Some(set.into())
        }
        Operation::AddConstraint(mut add) => {
            let form = &add.constraint.form;
            add.concurrently = !add.constraint.not_valid
                && !matches!(
                    form,
                    ConstraintForm::Exclusion(_)
                        | ConstraintForm::PrimaryKeyUsingIndex(_)
                        | ConstraintForm::UniqueUsingIndex(_)
                );
            add.concurrently.then(|| add.into())
        }
        _ => None,
    }
}
