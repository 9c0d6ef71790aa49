//! Whether every value that is there fits into another type, or an index.

use crate::expr::Expr;
use crate::ident::Ident;
use crate::operation::{AlterColumnType, CreateIndex, Operate};
use crate::schema::{ConstraintKind, ElementSubject, Index, IndexElement, Schema, Table};
use crate::types::Type;

/// What one entry of an index can hold, in bytes, with room for headers: a
/// third of a page (manual chapter "B-Tree Indexes").
const MOST_BYTES: usize = 2600;

impl AlterColumnType {
    /// Whether a value can come out as another one.
    pub(super) fn can_lose(&self, before: &Schema) -> bool {
        let unknown = before.table(&self.table).is_none();
        unknown || self.hazards(before).iter().any(|finding| finding.rule == "data_loss")
    }

    /// Whether no value that the column can hold makes the change fail.
    pub(super) fn always_fits(&self, before: &Schema) -> bool {
        let Some(table) = before.table(&self.table) else { return false };
        let Some(column) = table.column(self.column.as_str()) else { return false };
        let name = self.column.sql();
        let cast = format!("{name}::{}", self.ty.sql());
        let is_plain = |using: &Expr| using.sql() == name || using.sql() == cast;
        let from_enum = before.is_enum(&column.ty) && is_text(&self.ty) && !column.ty.array;
        self.using.as_ref().is_none_or(is_plain)
            && column.collation == self.collation
            && (from_enum || is_wider(&column.ty, &self.ty))
            && !table.computes_with(&self.column)
    }
}

impl CreateIndex {
    /// Whether no row that the table can hold makes an index fail that is not
    /// unique.
    pub(super) fn always_fits(&self, table: &Table, before: &Schema) -> bool {
        let Index { elements, include, predicate, method, .. } = &self.index;
        let columns = elements.iter().map(|element| match &element.subject {
            ElementSubject::Column(name) => table.column(name.as_str()),
            ElementSubject::Call(_) | ElementSubject::Expression(_) => None,
        });
        let included = include.iter().map(|name| table.column(name.as_str()));
        let types: Option<Vec<&Type>> =
            columns.chain(included).map(|column| Some(&column?.ty)).collect();
        let Some(types) = types.filter(|_| predicate.is_none()) else { return false };
        match method.as_str() {
            "hash" => true,
            // keys that are longer are hashed, or can not be
            "gin" => types.iter().all(|ty| ty.is("jsonb") || ty.is("tsvector")),
            _ => {
                let longest = types.iter().map(|ty| longest(ty, before)).sum::<Option<usize>>();
                longest.is_some_and(|bytes| bytes <= MOST_BYTES)
            }
        }
    }
}

impl Table {
    /// Whether an expression or an operator that is computed anew for each row
    /// uses a column.
    fn computes_with(&self, column: &Ident) -> bool {
        let uses = |expr: &Expr| expr.uses_column(column.as_str());
        let in_columns = self.columns.iter().filter_map(|other| other.generated.as_ref());
        let in_constraints = self.constraints.values().any(|constraint| match &constraint.kind {
            ConstraintKind::Check(expr) => uses(expr),
            ConstraintKind::Exclusion(_) => true,
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::ForeignKey(_) => false,
        });
        let in_element = |element: &IndexElement| match &element.subject {
            ElementSubject::Column(_) => false,
            ElementSubject::Call(expr) | ElementSubject::Expression(expr) => uses(expr),
        };
        let in_index = |index: &Index| {
            index.predicate.as_ref().is_some_and(uses) || index.elements.iter().any(in_element)
        };
        in_constraints || in_columns.into_iter().any(uses) || self.indexes.values().any(in_index)
    }
}

/// Whether it is a type of texts of any length.
fn is_text(ty: &Type) -> bool {
    (ty.is("text") || ty.is("character varying")) && ty.modifiers.is_empty()
}

/// Whether every value of a type is one of another, and equal ones stay equal.
fn is_wider(from: &Type, to: &Type) -> bool {
    if from.array != to.array || from.schema.is_some() || to.schema.is_some() {
        return false;
    }
    let number = |ty: &Type, at: usize| -> Option<i64> { ty.modifiers.get(at)?.parse().ok() };
    match (from.name.as_str(), to.name.as_str()) {
        ("character varying" | "text", "character varying" | "text") => {
            to.modifiers.is_empty() || number(from, 0) <= number(to, 0) && number(from, 0).is_some()
        }
        ("numeric", "numeric") => {
            let places = |ty: &Type| Some((number(ty, 0)? - number(ty, 1)?, number(ty, 1)?));
            let holds = |(whole, scale), (more, finer)| whole <= more && scale <= finer;
            to.modifiers.is_empty()
                || places(from).zip(places(to)).is_some_and(|(from, to)| holds(from, to))
        }
        ("smallint", "integer" | "bigint") | ("integer", "bigint") => true,
        ("smallint" | "integer" | "bigint", "numeric" | "text" | "character varying")
        | ("boolean" | "uuid", "text" | "character varying") => to.modifiers.is_empty(),
        ("smallint" | "integer" | "real", "double precision") | ("smallint", "real") => true,
        _ => from == to,
    }
}

/// The most bytes that a value takes in an index, where there is a limit.
fn longest(ty: &Type, schema: &Schema) -> Option<usize> {
    if ty.array {
        return None;
    }
    if schema.is_enum(ty) {
        return Some(4);
    }
    let length = || ty.modifiers.first()?.parse::<usize>().ok();
    match ty.name.as_str() {
        _ if ty.schema.is_some() => None,
        "smallint"
        | "integer"
        | "bigint"
        | "real"
        | "double precision"
        | "boolean"
        | "date"
        | "time without time zone"
        | "time with time zone"
        | "timestamp without time zone"
        | "timestamp with time zone"
        | "interval"
        | "uuid"
        | "oid"
        | "money"
        | "macaddr"
        | "macaddr8"
        | "inet"
        | "cidr"
        | "point"
        | "box"
        | "circle"
        | "int4range"
        | "int8range"
        | "daterange"
        | "tsrange"
        | "tstzrange"
        | "pg_lsn" => Some(64),
        "character varying" | "character" => Some(4 * length()? + 8),
        "bit" | "bit varying" => Some(length()? / 8 + 16),
        "numeric" => Some(length()? + 16),
        _ => None,
    }
}
