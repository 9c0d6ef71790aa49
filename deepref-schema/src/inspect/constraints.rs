use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::schema::{
    Action, Constraint, ConstraintKind, Deferral, Exclusion, ForeignKey, Key, Made,
};

use super::columns::Numbered;
use super::indexes::{Indexes, Read};
use super::rows::Row;

/// A constraint of a table; `None` where it is of an index that serves nobody.
pub(super) fn read(row: &Row, columns: &Numbered<'_>, indexes: &Indexes) -> Option<Constraint> {
    let index = indexes.get(row.text(9));
    let kind = match row.text(3) {
        "p" => ConstraintKind::PrimaryKey(key(own(row, columns), index?)),
        "u" => ConstraintKind::Unique(key(own(row, columns), index?)),
        "x" => ConstraintKind::Exclusion(exclusion(index?)),
        "f" => ConstraintKind::ForeignKey(foreign_key(row, own(row, columns))),
        _ => ConstraintKind::Check(row.expression(15).unwrap_or_else(|| Expr::computed("true"))),
    };
    let deferral = match (row.is(4), row.is(5)) {
        (false, _) => Deferral::NotDeferrable,
        (true, false) => Deferral::Deferrable,
        (true, true) => Deferral::InitiallyDeferred,
    };
    let comment = row.owned(7);
    Some(Constraint { kind, deferral, valid: row.is(6), comment, made: Made::default() })
}

/// The columns of the table that a constraint is about, in its order.
fn own(row: &Row, columns: &Numbered<'_>) -> Vec<Ident> {
    let numbers = row.list(8).into_iter();
    numbers.filter_map(|number| columns.get(&(row.text(16), number.as_str())).cloned()).collect()
}

fn key(columns: Vec<Ident>, index: &Read) -> Key {
    Key {
        columns,
        include: index.index.include.clone(),
        nulls_not_distinct: index.index.nulls_not_distinct,
        parameters: index.index.parameters.clone(),
    }
}

fn exclusion(index: &Read) -> Exclusion {
    Exclusion {
        method: index.index.method.clone(),
        elements: index.exclusion.clone(),
        predicate: index.index.predicate.clone(),
    }
}

fn foreign_key(row: &Row, columns: Vec<Ident>) -> ForeignKey {
    ForeignKey {
        columns,
        table: row.object(10, 11),
        referenced: row.names(12),
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
