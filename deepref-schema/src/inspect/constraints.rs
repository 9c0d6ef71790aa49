use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::schema::{
    Action, Constraint, ConstraintKind, Deferral, Exclusion, ExclusionElement, ForeignKey, Key,
    Made,
};

use super::indexes::{Indexes, Read};
use super::references::References;
use super::rows::Row;

/// The index that a constraint made.
pub(super) fn made_index(row: &Row) -> Option<&str> {
    matches!(row.text(3), "p" | "u" | "x").then(|| row.text(8))
}

/// A constraint of a table; `None` where it is of an index that serves nobody.
pub(super) fn read(
    row: &Row,
    references: &References<'_>,
    indexes: &Indexes<'_>,
) -> Option<Constraint> {
    let index = indexes.get(row.text(8));
    let columns = columns(row, 1, 7, references);
    let kind = match row.text(3) {
        "p" => ConstraintKind::PrimaryKey(key(columns, index?)),
        "u" => ConstraintKind::Unique(key(columns, index?)),
        "x" => ConstraintKind::Exclusion(exclusion(row, index?)),
        "f" => ConstraintKind::ForeignKey(foreign_key(row, columns, references)),
        _ => ConstraintKind::Check(row.expression(15).unwrap_or_else(|| Expr::computed("true"))),
    };
    let deferral = match (row.is(4), row.is(5)) {
        (false, _) => Deferral::NotDeferrable,
        (true, false) => Deferral::Deferrable,
        (true, true) => Deferral::InitiallyDeferred,
    };
    let comment = references.comment("pg_constraint", row.text(0), "0");
    Some(Constraint { kind, deferral, valid: row.is(6), comment, made: Made::default() })
}

/// The columns of a table whose numbers are in an array.
fn columns(row: &Row, table: usize, numbers: usize, references: &References<'_>) -> Vec<Ident> {
    references.names(row.text(table), row.list(numbers).iter().map(String::as_str))
}

fn key(columns: Vec<Ident>, index: &Read<'_>) -> Key {
    Key {
        columns,
        include: index.index.include.clone(),
        nulls_not_distinct: index.index.nulls_not_distinct,
        parameters: index.index.parameters.clone(),
    }
}

fn exclusion(row: &Row, index: &Read<'_>) -> Exclusion {
    let elements = index.index.elements.iter().cloned().zip(row.names(16));
    Exclusion {
        method: index.index.method.clone(),
        elements: elements
            .map(|(element, operator)| ExclusionElement { element, operator })
            .collect(),
        predicate: index.index.predicate.clone(),
    }
}

fn foreign_key(row: &Row, own: Vec<Ident>, references: &References<'_>) -> ForeignKey {
    ForeignKey {
        columns: own,
        table: row.object(10, 11),
        referenced: columns(row, 9, 12, references),
        on_delete: action(row.text(13)),
        on_update: action(row.text(14)),
    }
}

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}
