//! Indexes with their elements.

use std::collections::{BTreeMap, HashMap};

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, literal};
use deepref_schema_core::schema::{
    ElementSubject, Index, IndexElement, Made, NullsOrder, StorageParameter,
};

use super::normal::{inside, unwrapped};
use super::references::References;
use super::rows::Row;

/// The indexes, by their object identifiers.
pub(super) type Indexes<'a> = BTreeMap<&'a str, Read<'a>>;

/// An index, those of constraints among them.
pub(super) struct Read<'a> {
    /// The object identifier of its table.
    pub(super) table: &'a str,
    pub(super) name: Ident,
    pub(super) index: Index,
}

/// The keys that are no columns, by index and place.
type Expressions<'a> = HashMap<(&'a str, &'a str), &'a Row>;

pub(super) fn read<'a>(
    rows: &'a [Row],
    expressions: &'a [Row],
    references: &References<'a>,
) -> Indexes<'a> {
    let expressions = expressions.iter().map(|row| ((row.text(0), row.text(1)), row)).collect();
    let read = |row: &'a Row| (row.text(0), index(row, &expressions, references));
    rows.iter().map(read).collect()
}

fn index<'a>(row: &'a Row, expressions: &Expressions<'a>, references: &References<'a>) -> Read<'a> {
    let mut parameters: Vec<_> = row.list(10).iter().map(|text| parameter(text)).collect();
    parameters.sort_by(|a, b| a.name.cmp(&b.name));
    // What comes after the keys is included.
    let keys = row.words(9).count();
    let elements = (0..keys).filter_map(|at| element(row, at, expressions, references));
    Read {
        table: row.text(1),
        name: row.name(2),
        index: Index {
            unique: row.is(4),
            method: row.name(3),
            elements: elements.collect(),
            include: references.names(row.text(1), row.words(6).skip(keys)),
            nulls_not_distinct: row.is(5),
            parameters,
            predicate: row.expression(11),
            comment: references.comment("pg_class", row.text(0), "0"),
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

/// A key of an index by its place, from 0.
fn element(
    row: &Row,
    at: usize,
    expressions: &Expressions<'_>,
    references: &References<'_>,
) -> Option<IndexElement> {
    let word = |column| row.words(column).nth(at).unwrap_or_default();
    let column = references.column(row.text(1), word(6));
    let (subject, ty, usual) = match column {
        Some(column) => {
            (ElementSubject::Column(column.name(2)), column.text(4), Some(column.text(6)))
        }
        None => {
            let place = (at + 1).to_string();
            let expression = expressions.get(&(row.text(0), place.as_str()))?;
            (computed(expression.text(2)), expression.text(3), None)
        }
    };
    let (descending, nulls) = order(word(9));
    Some(IndexElement {
        subject,
        collation: references.collation(word(8), usual),
        operator_class: references.operator_class(word(7), ty, column.is_some()),
        descending,
        nulls,
    })
}

/// PostgreSQL puts parentheses around all but a call.
fn computed(text: &str) -> ElementSubject {
    match inside(text) {
        Some(inner) => ElementSubject::Expression(Expr::computed(unwrapped(inner))),
        None => ElementSubject::Call(Expr::computed(text)),
    }
}

/// Whether a key descends, and where nulls stand if not at the default end.
fn order(options: &str) -> (bool, Option<NullsOrder>) {
    let options: u8 = options.parse().unwrap_or_default();
    match (options & 1 != 0, options & 2 != 0) {
        (false, true) => (false, Some(NullsOrder::First)),
        (true, false) => (true, Some(NullsOrder::Last)),
        (descending, _) => (descending, None),
    }
}
