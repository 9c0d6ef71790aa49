//! Constraints.

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{
    AddConstraint, ConstraintDefinition, ConstraintForm, DropConstraint, Operation,
    RenameConstraint, ValidateConstraint,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{
    Action, Column, ConstraintKind, Deferral, ElementSubject, Exclusion, ExclusionElement,
    ForeignKey, IndexElement, Key, Schema,
};

use super::choice::Choice;
use super::{names, values};

/// A constraint of a table with these columns.
pub(super) fn definition(
    schema: &Schema,
    columns: &[&Column],
    choice: &mut Choice<'_>,
) -> Option<ConstraintDefinition> {
    let form = match choice.below(7) {
        0 => ConstraintForm::PrimaryKey(key(columns, choice)),
        1 | 2 => ConstraintForm::Unique(key(columns, choice)),
        3 | 4 => ConstraintForm::Check(values::condition(schema, columns, choice)?),
        5 => ConstraintForm::ForeignKey(foreign_key(schema, columns, choice)?),
        _ => ConstraintForm::Exclusion(exclusion(schema, columns, choice)?),
    };
    let deferral = match (&form, choice.below(6)) {
        (ConstraintForm::Check(_), _) => Deferral::NotDeferrable,
        (_, 0) => Deferral::Deferrable,
        (_, 1) => Deferral::InitiallyDeferred,
        _ => Deferral::NotDeferrable,
    };
    let name = names::optional(choice);
    Some(ConstraintDefinition { name, form, deferral, not_valid: false, origin: Origin::NONE })
}

fn key(columns: &[&Column], choice: &mut Choice<'_>) -> Key {
    let names: Vec<_> = columns.iter().map(|column| column.name.clone()).collect();
    let include = match choice.once_in(5) {
        true => choice.some(&names, 1),
        false => Vec::new(),
    };
    Key { columns: choice.some(&names, 2), include, ..Key::default() }
}

/// A foreign key to some key that there is, from columns of the same types.
fn foreign_key(
    schema: &Schema,
    columns: &[&Column],
    choice: &mut Choice<'_>,
) -> Option<ForeignKey> {
    let mut targets = Vec::new();
    for (name, table) in &schema.tables {
        for constraint in table.constraints.values() {
            if let ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) = &constraint.kind
            {
                let own: Option<Vec<Ident>> = key
                    .columns
                    .iter()
                    .map(|column| {
                        let ty = &table.column(column.as_str())?.ty;
                        let fits: Vec<_> =
                            columns.iter().filter(|own| own.ty.name == ty.name).collect();
                        choice.of(&fits).map(|own| own.name.clone())
                    })
                    .collect();
                targets.extend(own.map(|own| (name.clone(), own, key.columns.clone())));
            }
        }
    }
    let (table, columns, referenced) = choice.of(&targets)?;
    let actions =
        [Action::NoAction, Action::Cascade, Action::SetNull, Action::SetDefault, Action::Restrict];
    Some(ForeignKey {
        columns,
        table,
        referenced,
        on_delete: choice.of(&actions)?,
        on_update: choice.of(&actions)?,
    })
}

fn exclusion(schema: &Schema, columns: &[&Column], choice: &mut Choice<'_>) -> Option<Exclusion> {
    let column = choice.of(columns)?;
    let element = IndexElement {
        subject: ElementSubject::Column(column.name.clone()),
        collation: None,
        operator_class: None,
        descending: false,
        nulls: None,
    };
    let ranges = column.ty.is("tstzrange");
    let (method, operator) = if ranges { ("gist", "&&") } else { ("btree", "=") };
    let predicate = choice.once_in(3).then(|| values::condition(schema, columns, choice)).flatten();
    let elements = vec![ExclusionElement { element, operator: Ident::computed(operator) }];
    Some(Exclusion { method: Ident::computed(method), elements, predicate })
}

/// Adds a constraint to a table, in one of the ways there are.
pub(super) fn add_to(
    schema: &Schema,
    table: &ObjectName,
    columns: &[&Column],
    choice: &mut Choice<'_>,
) -> Option<Operation> {
    let mut constraint = definition(schema, columns, choice)?;
    let checked =
        matches!(constraint.form, ConstraintForm::Check(_) | ConstraintForm::ForeignKey(_));
    constraint.not_valid = checked && choice.once_in(4);
    let exclusion = matches!(constraint.form, ConstraintForm::Exclusion(_));
    let concurrently = !exclusion && !constraint.not_valid && choice.once_in(3);
    Some(AddConstraint { table: table.clone(), constraint, concurrently }.into())
}

pub(super) fn change(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (table, of) = names::table(schema, choice)?;
    let columns: Vec<_> = of.columns.iter().collect();
    let known: Vec<_> = of.constraints.keys().cloned().collect();
    let indexes: Vec<_> = of.indexes.keys().cloned().collect();
    let operation = match choice.below(8) {
        0 => DropConstraint { table, name: choice.of(&known)? }.into(),
        1 => RenameConstraint { table, name: choice.of(&known)?, to: names::name(choice) }.into(),
        2 => {
            let invalid = of.constraints.iter().filter(|(_, constraint)| !constraint.valid);
            let invalid: Vec<_> = invalid.map(|(name, _)| name.clone()).collect();
            ValidateConstraint { table, name: choice.of(&invalid)? }.into()
        }
        3 => {
            let index = choice.of(&indexes)?;
            let form = match choice.once_in(2) {
                true => ConstraintForm::PrimaryKeyUsingIndex(index),
                false => ConstraintForm::UniqueUsingIndex(index),
            };
            let name = names::optional(choice);
            let (deferral, origin) = (Deferral::NotDeferrable, Origin::NONE);
            let constraint =
                ConstraintDefinition { name, form, deferral, not_valid: false, origin };
            AddConstraint { table, constraint, concurrently: false }.into()
        }
        _ => add_to(schema, &table, &columns, choice)?,
    };
    Some(vec![operation])
}
