//! `update`, `sql` and `comment on`.

use super::expression::expression;
use super::name::{name, path};
use super::{Text, literal};
use crate::operation::{
    Comment, CommentSubject, FunctionRevert, RunFunction, Sql, SqlDown, Update,
};

/// The parts of an update, between which a line can break.
pub(super) fn update(update: &Update) -> Result<Vec<String>, String> {
    let mut parts = vec![format!("update {}", path(&update.table)?)];
    let last = update.assignments.len().saturating_sub(1);
    for (at, assignment) in update.assignments.iter().enumerate() {
        let set = if at == 0 { "set " } else { "" };
        let comma = if at < last { "," } else { "" };
        let value = expression(&assignment.value)?;
        parts.push(format!("{set}{} = {value}{comma}", name(&assignment.column)?));
    }
    if let Some(condition) = &update.condition {
        parts.push(format!("where {}", expression(condition)?));
    }
    if let Some(rows) = update.batch {
        parts.push(format!("in batches of {}", grouped(rows)));
    }
    parts.extend(down(update.down.as_ref())?);
    Ok(parts)
}

/// The parts of raw SQL.
pub(super) fn sql(sql: &Sql) -> Result<Vec<String>, String> {
    let mut parts = vec![format!("sql {}", literal::lines(&sql.text)?)];
    parts.extend(down(sql.down.as_ref())?);
    Ok(parts)
}

fn down(down: Option<&SqlDown>) -> Result<Option<String>, String> {
    match down {
        None => Ok(None),
        Some(SqlDown::Nothing) => Ok(Some("down none".to_owned())),
        Some(SqlDown::Text { text, .. }) => Ok(Some(format!("down {}", literal::lines(text)?))),
    }
}

/// The parts of the call of a function.
pub(super) fn run(run: &RunFunction) -> Vec<String> {
    let mut parts = vec![format!("run {}", run.function)];
    match &run.revert {
        None => {}
        Some(FunctionRevert::Nothing) => parts.push("revert none".to_owned()),
        Some(FunctionRevert::Function(function)) => parts.push(format!("revert {function}")),
    }
    parts
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// The parts of a comment.
pub(super) fn comment(comment: &Comment) -> Result<Vec<String>, String> {
    let text = match &comment.text {
        Some(text) => literal::string(text)?,
        None => "none".to_owned(),
    };
    Ok(vec![format!("comment on {}", subject(&comment.subject)?), format!("is {text}")])
}

fn subject(subject: &CommentSubject) -> Text {
    Ok(match subject {
        CommentSubject::Table(table) => format!("table {}", path(table)?),
        CommentSubject::Column(table, column) => {
            format!("column {}.{}", path(table)?, name(column)?)
        }
        CommentSubject::Index(index) => format!("index {}", path(index)?),
        CommentSubject::Enum(of) => format!("enum {}", path(of)?),
        CommentSubject::Constraint(of, table) => {
            format!("constraint {} on {}", name(of)?, path(table)?)
        }
    })
}
