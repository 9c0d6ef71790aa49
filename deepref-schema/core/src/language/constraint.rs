//! Constraints, as items of a table and after `add`.

use super::Text;
use super::expression::expression;
use super::index::element;
use super::name::{list, name, name_but, path};
use crate::ident::Ident;
use crate::operation::{ConstraintDefinition, ConstraintForm};
use crate::schema::{Action, Deferral, Exclusion, ForeignKey, Key};

/// The parts of a constraint, between which a line can break.
pub(super) fn constraint(constraint: &ConstraintDefinition) -> Result<Vec<String>, String> {
    let form = &constraint.form;
    let mut parts = match form {
        ConstraintForm::PrimaryKey(key) | ConstraintForm::Unique(key) => {
            vec![format!("{}{}", head(constraint)?, self::key(key)?)]
        }
        ConstraintForm::PrimaryKeyUsingIndex(index) | ConstraintForm::UniqueUsingIndex(index) => {
            vec![format!("{} using index {}", head(constraint)?, name(index)?)]
        }
        ConstraintForm::Check(expr) => {
            vec![format!("{} ({})", head(constraint)?, expression(expr)?)]
        }
        ConstraintForm::ForeignKey(foreign) => vec![
            format!("{} ({})", head(constraint)?, list(&foreign.columns)?),
            references(foreign, constraint.deferral)?,
        ],
        ConstraintForm::Exclusion(exclusion) => {
            exclusion_parts(constraint.name.as_ref(), exclusion)?
        }
    };
    if !matches!(form, ConstraintForm::ForeignKey(_)) {
        parts.extend(deferral(constraint.deferral).map(str::to_owned));
    }
    if constraint.not_valid {
        parts.push("not valid".to_owned());
    }
    Ok(parts)
}

/// `unique UQ_users_email`
fn head(constraint: &ConstraintDefinition) -> Text {
    let keyword = constraint.form.keyword();
    match &constraint.name {
        Some(of) => Ok(format!("{keyword} {}", name(of)?)),
        None => Ok(keyword.to_owned()),
    }
}

fn key(key: &Key) -> Text {
    if let Some(parameter) = key.parameters.first() {
        return Err(format!(
            "`{}` of the index of a constraint can not be set, only taken over by `using index`",
            parameter.name
        ));
    }
    let nulls = if key.nulls_not_distinct { " nulls not distinct" } else { "" };
    let include = match key.include.is_empty() {
        true => String::new(),
        false => format!(" include ({})", list(&key.include)?),
    };
    Ok(format!("{nulls} ({}){include}", list(&key.columns)?))
}

/// `references t (…) on delete … on update … deferrable`
pub(super) fn references(foreign: &ForeignKey, when: Deferral) -> Text {
    let mut text = format!("references {}", path(&foreign.table)?);
    if !foreign.referenced.is_empty() {
        text += &format!(" ({})", list(&foreign.referenced)?);
    }
    for (event, action) in [("delete", foreign.on_delete), ("update", foreign.on_update)] {
        if let Some(action) = self::action(action) {
            text += &format!(" on {event} {action}");
        }
    }
    text.extend(deferral(when).map(|when| format!(" {when}")));
    Ok(text)
}

fn action(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("restrict"),
        Action::Cascade => Some("cascade"),
        Action::SetNull => Some("set null"),
        Action::SetDefault => Some("set default"),
    }
}

fn deferral(deferral: Deferral) -> Option<&'static str> {
    match deferral {
        Deferral::NotDeferrable => None,
        Deferral::Deferrable => Some("deferrable"),
        Deferral::InitiallyDeferred => Some("deferrable initially deferred"),
    }
}

fn exclusion_parts(of: Option<&Ident>, exclusion: &Exclusion) -> Result<Vec<String>, String> {
    let of = match of {
        Some(of) => format!(" {}", name_but(of, "using")?),
        None => String::new(),
    };
    let method = match exclusion.method == *"btree" {
        true => String::new(),
        false => format!(" using {}", name(&exclusion.method)?),
    };
    let elements: Result<Vec<_>, String> = exclusion
        .elements
        .iter()
        .map(|one| Ok(format!("{} with {}", element(&one.element)?, operator(&one.operator)?)))
        .collect();
    let mut parts = vec![format!("exclude{of}{method} ({})", elements?.join(", "))];
    if let Some(predicate) = &exclusion.predicate {
        parts.push(format!("where ({})", expression(predicate)?));
    }
    Ok(parts)
}

fn operator(operator: &Ident) -> Text {
    let text = operator.as_str();
    let plain = !text.is_empty() && text.chars().all(|c| "+-*/<>=~!@#%^&|?".contains(c));
    if plain && !text.contains("//") {
        return Ok(text.to_owned());
    }
    Err(format!("the operator `{text}` is written in SQL only"))
}
