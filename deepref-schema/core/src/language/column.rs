//! Columns, with the constraints that can stand beside them.

use super::Text;
use super::constraint::references;
use super::expression::expression;
use super::name::{name, system_path};
use super::sequence::options;
use super::types::ty;
use crate::operation::{
    ColumnDefinition, ConstraintDefinition, ConstraintForm, IdentityDefinition,
};
use crate::schema::{Deferral, IdentityKind, Key};

/// The parts of `name: type? attributes = default`, between which a line can
/// break.
pub(super) fn column(
    column: &ColumnDefinition,
    beside: &[&ConstraintDefinition],
) -> Result<Vec<String>, String> {
    let question = if column.nullable { "?" } else { "" };
    let mut parts = vec![format!("{}: {}{question}", name(&column.name)?, ty(&column.ty)?)];
    if let Some(collation) = &column.collation {
        parts.push(format!("collate {}", system_path(collation)?));
    }
    for constraint in beside {
        parts.push(attribute(constraint)?);
    }
    if let Some(of) = &column.identity {
        parts.push(identity(of)?);
    }
    if let Some(generated) = &column.generated {
        parts.push(format!("generated as ({}) stored", expression(generated)?));
    }
    if let Some(default) = &column.default {
        parts.push(format!("= {}", expression(default)?));
    }
    Ok(parts)
}

/// `identity …`
pub(super) fn identity(identity: &IdentityDefinition) -> Text {
    if let Some(sequence) = &identity.sequence_name {
        return Err(format!("the sequence of an identity column can not be called `{sequence}`"));
    }
    let kind = match identity.kind {
        IdentityKind::Always => "identity",
        IdentityKind::ByDefault => "identity by default",
    };
    match identity.options.is_empty() {
        true => Ok(kind.to_owned()),
        false => Ok(format!("{kind} ({})", options(&identity.options)?)),
    }
}

/// Whether a constraint can be written beside the column before it, after
/// others that are.
pub(super) fn stands_beside(
    constraint: &ConstraintDefinition,
    column: &ColumnDefinition,
    others: &[&ConstraintDefinition],
) -> bool {
    let is_own = |key: &Key| {
        *key == Key { columns: vec![column.name.clone()], ..Key::default() }
            && constraint.deferral == Deferral::NotDeferrable
    };
    let first = || {
        let kind = std::mem::discriminant(&constraint.form);
        others.iter().all(|other| std::mem::discriminant(&other.form) != kind)
    };
    if constraint.name.is_some() || constraint.not_valid {
        return false;
    }
    match &constraint.form {
        ConstraintForm::PrimaryKey(key) | ConstraintForm::Unique(key) => is_own(key) && first(),
        ConstraintForm::Check(expr) => {
            let uses = &expr.facts().columns;
            !uses.is_empty() && uses.iter().all(|used| *column.name.as_str() == used.name)
        }
        ConstraintForm::ForeignKey(foreign) => foreign.columns == [column.name.clone()],
        _ => false,
    }
}

pub(super) fn attribute(constraint: &ConstraintDefinition) -> Text {
    match &constraint.form {
        ConstraintForm::PrimaryKey(_) => Ok("primary key".to_owned()),
        ConstraintForm::Unique(_) => Ok("unique".to_owned()),
        ConstraintForm::Check(expr) => Ok(format!("check ({})", expression(expr)?)),
        ConstraintForm::ForeignKey(foreign) => references(foreign, constraint.deferral),
        _ => Err("the constraint is no part of one column".to_owned()),
    }
}
