//! Indexes with their elements.

use std::collections::BTreeMap;

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, ObjectName, literal};
use deepref_schema_core::schema::{
    ElementSubject, ExclusionElement, Index, IndexElement, Made, NullsOrder, StorageParameter,
};

use super::normal::{inside, unwrapped};
use super::rows::Row;

/// The indexes, by their object identifiers.
pub(super) type Indexes = BTreeMap<String, Read>;

/// An index, those of constraints among them.
pub(super) struct Read {
    pub(super) table: ObjectName,
    pub(super) name: Ident,
    pub(super) index: Index,
    /// Whether a constraint made it.
    pub(super) of_constraint: bool,
    /// The elements with their operators, where it is of an exclusion.
    pub(super) exclusion: Vec<ExclusionElement>,
}

pub(super) fn read(rows: &[Row], elements: &[Row]) -> Indexes {
    let mut indexes: Indexes =
        rows.iter().map(|row| (row.text(0).to_owned(), index(row))).collect();
    for row in elements {
        let Some(read) = indexes.get_mut(row.text(0)) else { continue };
        let element = element(row);
        match row.get(9) {
            Some(operator) => {
                let operator = Ident::computed(operator);
                read.exclusion.push(ExclusionElement { element, operator });
            }
            None => read.index.elements.push(element),
        }
    }
    indexes
}

fn index(row: &Row) -> Read {
    let mut parameters: Vec<_> = row.list(9).iter().map(|text| parameter(text)).collect();
    parameters.sort_by(|a, b| a.name.cmp(&b.name));
    Read {
        table: row.object(1, 2),
        name: row.name(3),
        of_constraint: row.is(6),
        exclusion: Vec::new(),
        index: Index {
            unique: row.is(5),
            method: row.name(4),
            elements: Vec::new(),
            include: row.names(7),
            nulls_not_distinct: row.is(8),
            parameters,
            predicate: row.expression(10),
            comment: row.owned(11),
            made: Made::default(),
        },
    }
}

fn parameter(text: &str) -> StorageParameter {
    let (name, value) = text.split_once('=').unwrap_or((text, "true"));
    let bare = value.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    let value = if bare && !value.is_empty() { value.to_owned() } else { literal(value) };
    StorageParameter { name: Ident::computed(name), value }
}

fn element(row: &Row) -> IndexElement {
    let subject = match (row.get(1), row.text(2)) {
        (Some(column), _) => ElementSubject::Column(Ident::computed(column)),
        // PostgreSQL puts parentheses around all but a call.
        (None, text) => match inside(text) {
            Some(inner) => ElementSubject::Expression(Expr::computed(unwrapped(inner))),
            None => ElementSubject::Call(Expr::computed(text)),
        },
    };
    let descending = row.text(7) != "0";
    let nulls = match (descending, row.text(8) != "0") {
        (false, true) => Some(NullsOrder::First),
        (true, false) => Some(NullsOrder::Last),
        _ => None,
    };
    IndexElement {
        subject,
        collation: row.optional_object(3, 4),
        operator_class: operator_class(row),
        descending,
        nulls,
    }
}

/// PostgreSQL's own have no schema, as in the model.
fn operator_class(row: &Row) -> Option<ObjectName> {
    match row.text(5) {
        "pg_catalog" => Some(ObjectName::unqualified(row.name(6))),
        _ => row.optional_object(5, 6),
    }
}
