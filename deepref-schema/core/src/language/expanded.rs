//! Operations that the language says in more than one statement.

use std::sync::Arc;

use crate::check::Check;
use crate::diagnostic::Report;
use crate::expr::Expr;
use crate::ident::ObjectName;
use crate::locks::{Work, work_of_new_column};
use crate::names::Taken;
use crate::operation::{
    AddColumn, AddConstraint, AddIdentity, Assignment, ConstraintDefinition, ConstraintForm,
    CreateIndex, CreateTable, IdentityDefinition, Operation, RenameSequence, SetDefault,
    SetNotNull, TableItem, Update, index_of_key,
};
use crate::origin::Origin;
use crate::schema::{Made, Schema};

use super::Style;

/// The rows of a batch in which old rows are filled.
const BATCH: u64 = 10_000;

/// The operations, each of which the language has words for where there are
/// such.
pub(super) fn expanded(before: &Schema, operations: &[Operation], style: &Style) -> Vec<Operation> {
    let mut schema = before.clone();
    schema.now = Made::by(&Arc::from("authored"));
    let (mut expanded, mut later) = (Vec::new(), Vec::new());
    for operation in operations {
        // A sequence and its owner stay beside the table that they are for.
        if !matches!(operation, Operation::AlterSequence(_)) {
            expanded.append(&mut later);
        }
        let (first, mut rest) = parts(&schema, operation, style);
        expanded.push(first);
        later.append(&mut rest);
        operation.apply(&mut schema);
    }
    expanded.append(&mut later);
    expanded
}

/// What of an operation comes first, and what after it.
fn parts(schema: &Schema, operation: &Operation, style: &Style) -> (Operation, Vec<Operation>) {
    match operation {
        Operation::AddColumn(add) => {
            let (mut add, mut rest) = filled(schema, add, style);
            let names = chosen_names(schema, operation, style);
            add.column.identity.iter_mut().for_each(|identity| names.choose(identity));
            rest.extend(names.renames(schema));
            (add.into(), rest)
        }
        Operation::AddIdentity(add) => {
            let mut add = add.clone();
            let names = chosen_names(schema, operation, style);
            names.choose(&mut add.identity);
            (add.into(), names.renames(schema))
        }
        Operation::CreateTable(create) => {
            let (mut create, mut rest) = with_own_indexes(create);
            let names = chosen_names(schema, operation, style);
            create.items.iter_mut().filter_map(identity_of).for_each(|one| names.choose(one));
            rest.extend(names.renames(schema));
            (create.into(), rest)
        }
        Operation::AddConstraint(add) => match own_index(&add.table, &add.constraint) {
            Some((index, attach)) => (index, vec![attach]),
            None => (operation.clone(), Vec::new()),
        },
        other => (other.clone(), Vec::new()),
    }
}

fn identity_of(item: &mut TableItem) -> Option<&mut IdentityDefinition> {
    match item {
        TableItem::Column(column) => column.identity.as_mut(),
        TableItem::Constraint(_) => None,
    }
}

/// The sequences of identity columns that have another name than PostgreSQL
/// would choose: that name, and the one that is wanted.
struct ChosenNames(Vec<(ObjectName, ObjectName)>);

impl ChosenNames {
    /// Gives an identity column the name that PostgreSQL would choose.
    fn choose(&self, identity: &mut IdentityDefinition) {
        let name = identity.sequence_name.as_ref();
        if let Some((chosen, _)) = self.0.iter().find(|(_, wanted)| Some(wanted) == name) {
            identity.sequence_name = Some(chosen.clone());
        }
    }

    /// What renames them, in an order in which each name is free by then: names
    /// that go round in a circle make room for another once.
    fn renames(self, schema: &Schema) -> Vec<Operation> {
        let Self(mut open) = self;
        let mut taken = Taken::default();
        open.iter().flat_map(|(now, to)| [now, to]).for_each(|name| taken.relation(name.clone()));
        let mut renames = Vec::new();
        let mut rename = |name: &ObjectName, to: &ObjectName| {
            renames.push(RenameSequence { name: name.clone(), to: to.name.clone() }.into());
        };
        while !open.is_empty() {
            let is_free =
                |(_, wanted): &(_, ObjectName)| !open.iter().any(|(now, _)| now == wanted);
            if let Some(at) = open.iter().position(is_free) {
                let (now, wanted) = open.remove(at);
                rename(&now, &wanted);
            } else {
                let (now, _) = &mut open[0];
                let passing = schema.passing_name(now, &taken);
                rename(now, &passing);
                *now = passing;
            }
        }
        renames
    }
}

fn chosen_names(schema: &Schema, operation: &Operation, style: &Style) -> ChosenNames {
    let wanted = sequence_names(operation);
    if wanted.iter().all(Option::is_none) {
        return ChosenNames(Vec::new());
    }
    let mut report = Report::default();
    let mut check = Check::new(schema, &mut report, &style.settings, Origin::NONE);
    let resolved = without_sequence_names(operation).resolve(&mut check);
    let chosen = resolved.iter().map(sequence_names).find(|names| names.len() == wanted.len());
    let pairs = wanted.into_iter().zip(chosen.unwrap_or_default());
    let pairs = pairs.filter_map(|(wanted, chosen)| Some((chosen?, wanted?)));
    let differ = |(chosen, wanted): &(ObjectName, ObjectName)| {
        wanted != chosen && wanted.schema == chosen.schema
    };
    ChosenNames(pairs.filter(differ).collect())
}

/// The names of the sequences of all identity columns of an operation.
fn sequence_names(operation: &Operation) -> Vec<Option<ObjectName>> {
    let mut operation = operation.clone();
    let identities = identities(&mut operation).into_iter();
    identities.map(|identity| identity.sequence_name.clone()).collect()
}

fn without_sequence_names(operation: &Operation) -> Operation {
    let mut operation = operation.clone();
    for identity in identities(&mut operation) {
        identity.sequence_name = None;
    }
    operation
}

fn identities(operation: &mut Operation) -> Vec<&mut IdentityDefinition> {
    match operation {
        Operation::CreateTable(create) => create.items.iter_mut().filter_map(identity_of).collect(),
        Operation::AddColumn(add) => add.column.identity.iter_mut().collect(),
        Operation::AddIdentity(AddIdentity { identity, .. }) => vec![identity],
        _ => Vec::new(),
    }
}

/// The table without the constraints whose index has parameters, and what adds
/// these.
fn with_own_indexes(create: &CreateTable) -> (CreateTable, Vec<Operation>) {
    let mut rest = Vec::new();
    let mut create = create.clone();
    create.items.retain(|item| match item {
        TableItem::Constraint(constraint) => match own_index(&create.name, constraint) {
            Some((index, attach)) => {
                rest.extend([index, attach]);
                false
            }
            None => true,
        },
        TableItem::Column(_) => true,
    });
    (create, rest)
}

/// The index of a constraint, where that has parameters, and what attaches it.
fn own_index(
    table: &ObjectName,
    constraint: &ConstraintDefinition,
) -> Option<(Operation, Operation)> {
    let name = constraint.name.clone()?;
    let (key, form) = match &constraint.form {
        ConstraintForm::PrimaryKey(key) => {
            (key, ConstraintForm::PrimaryKeyUsingIndex(name.clone()))
        }
        ConstraintForm::Unique(key) => (key, ConstraintForm::UniqueUsingIndex(name.clone())),
        _ => return None,
    };
    if key.parameters.is_empty() {
        return None;
    }
    let index = CreateIndex::plain(name, table.clone(), index_of_key(key));
    let attached = ConstraintDefinition { name: None, form, ..constraint.clone() };
    Some((index.into(), AddConstraint::plain(table.clone(), attached).into()))
}

/// A new column, and how the rows that are there get their values.
fn filled(schema: &Schema, add: &AddColumn, style: &Style) -> (AddColumn, Vec<Operation>) {
    let mut add = add.clone();
    let Some(fill) = add.fill.take().or_else(|| default_of_each_row(schema, &add, style)) else {
        return (add, Vec::new());
    };
    let (table, name) = (add.table.clone(), add.column.name.clone());
    let default = add.column.default.take();
    let nullable = std::mem::replace(&mut add.column.nullable, true);
    let empty = Expr::computed(format!("{} is null", name.sql()));
    let has_key = schema.table(&table).is_some_and(|of| of.primary_key_columns().is_some());
    let update = Update {
        table: table.clone(),
        assignments: vec![Assignment { column: name.clone(), value: fill }],
        condition: Some(empty),
        batch: (style.concurrently && has_key).then_some(BATCH),
        down: None,
        origin: Origin::NONE,
    };
    let (of, column) = (table.clone(), name.clone());
    // The default first: rows that come meanwhile have it.
    let default = default.map(|default| SetDefault { table: of, column, default }.into());
    let mut rest: Vec<Operation> = default.into_iter().collect();
    rest.push(update.into());
    if !nullable {
        rest.push(SetNotNull { table, column: name, concurrently: false }.into());
    }
    (add, rest)
}

/// The default of a new column, where a table that is there would be written
/// again for it while nobody can use it.
fn default_of_each_row(schema: &Schema, add: &AddColumn, style: &Style) -> Option<Expr> {
    let is_old = schema.table(&add.table).is_some_and(|table| !table.is_new(schema));
    let column = &add.column;
    let is_plain = column.identity.is_none() && column.generated.is_none();
    let rewrites = style.concurrently
        && is_old
        && is_plain
        && work_of_new_column(schema, column) == Work::Rewrite;
    column.default.clone().filter(|_| rewrites)
}
