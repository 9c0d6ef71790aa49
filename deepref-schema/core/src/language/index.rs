//! Indexes and their elements.

use super::Text;
use super::expression::{expression, is_call};
use super::name::{list, name, name_but, path, path_but, system_path};
use crate::operation::CreateIndex;
use crate::schema::{ElementSubject, Index, IndexElement, NullsOrder, StorageParameter};

/// The parts of `create index …`, between which a line can break.
pub(super) fn create(create: &CreateIndex) -> Result<Vec<String>, String> {
    let index = &create.index;
    if index.elements.is_empty() {
        return Err("an index has at least one element".to_owned());
    }
    let unique = if index.unique { "unique " } else { "" };
    let concurrently = if create.concurrently { " concurrently" } else { "" };
    let (of, table) = match &create.name {
        Some(of) => (format!(" {}", name_but(of, "concurrently")?), path(&create.table)?),
        // Before another `on`, `on` would be the name of the index.
        None => (String::new(), path_but(&create.table, "on")?),
    };
    let mut parts = vec![format!("create {unique}index{concurrently}{of}")];
    let mut tail = tail(index)?;
    tail[0].insert_str(0, &format!("on {table} "));
    parts.extend(tail);
    Ok(parts)
}

/// The parts of an index after its table.
pub(super) fn tail(index: &Index) -> Result<Vec<String>, String> {
    let method = match index.method == *"btree" {
        true => String::new(),
        false => format!("using {} ", name(&index.method)?),
    };
    let elements: Result<Vec<_>, _> = index.elements.iter().map(element).collect();
    let mut parts = vec![format!("{method}({})", elements?.join(", "))];
    if !index.include.is_empty() {
        parts.push(format!("include ({})", list(&index.include)?));
    }
    if index.nulls_not_distinct {
        parts.push("nulls not distinct".to_owned());
    }
    if !index.parameters.is_empty() {
        let parameters: Result<Vec<_>, _> = index.parameters.iter().map(parameter).collect();
        parts.push(format!("with ({})", parameters?.join(", ")));
    }
    if let Some(predicate) = &index.predicate {
        parts.push(format!("where {}", expression(predicate)?));
    }
    Ok(parts)
}

/// An element of an index or of an exclusion constraint.
pub(super) fn element(element: &IndexElement) -> Text {
    let mut text = match &element.subject {
        ElementSubject::Column(column) => name(column)?,
        ElementSubject::Call(call) if is_call(call) => expression(call)?,
        ElementSubject::Call(expr) | ElementSubject::Expression(expr) => {
            format!("({})", expression(expr)?)
        }
    };
    if let Some(collation) = &element.collation {
        text += &format!(" collate {}", system_path(collation)?);
    }
    if let Some(class) = &element.operator_class {
        text += &format!(" {}", system_path(class)?);
    }
    if element.descending {
        text += " desc";
    }
    match element.nulls {
        Some(NullsOrder::First) => text += " nulls first",
        Some(NullsOrder::Last) => text += " nulls last",
        None => {}
    }
    Ok(text)
}

/// `name = value`: the value is SQL, of which the language has whole numbers,
/// words and strings.
fn parameter(parameter: &StorageParameter) -> Text {
    let value = parameter.value.as_str();
    let string = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let is_word = super::name::is_identifier(value) && value == value.to_ascii_lowercase();
    let value = match string {
        Some(inner) => super::literal::string(&inner.replace("''", "'"))?,
        None if is_word || value.parse::<i64>().is_ok() => value.to_owned(),
        None => super::literal::string(value)?,
    };
    Ok(format!("{} = {value}", name(&parameter.name)?))
}
