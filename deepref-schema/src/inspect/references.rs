//! What the rows of a catalog refer to by its number.

use std::collections::HashMap;

use deepref_schema_core::ident::{Ident, ObjectName};

use super::queries::Answers;
use super::rows::Row;
use super::types::{self, Types};

/// The collation that an expression has where it names none.
const DEFAULT_COLLATION: (&str, &str) = ("pg_catalog", "default");

/// What rows refer to, by object identifiers as the server writes them.
pub(super) struct References<'a> {
    tables: HashMap<&'a str, ObjectName>,
    /// By table and number in it.
    columns: HashMap<(&'a str, &'a str), &'a Row>,
    /// By catalog, object and column; the last is 0 for the object itself.
    comments: HashMap<(&'a str, &'a str, &'a str), &'a Row>,
    collations: HashMap<&'a str, ObjectName>,
    default_collation: &'a str,
    operator_classes: HashMap<&'a str, &'a Row>,
    pub(super) types: Types<'a>,
}

impl<'a> References<'a> {
    pub(super) fn of(answers: &'a Answers) -> Self {
        let Answers { tables, columns, comments, collations, operator_classes, .. } = answers;
        let named = |row: &'a Row| (row.text(0), row.object(1, 2));
        let comment = |row: &'a Row| ((row.text(0), row.text(1), row.text(2)), row);
        let is_default = |row: &&Row| (row.text(1), row.text(2)) == DEFAULT_COLLATION;
        Self {
            tables: tables.iter().map(named).collect(),
            columns: columns.iter().map(|row| ((row.text(0), row.text(1)), row)).collect(),
            comments: comments.iter().map(comment).collect(),
            collations: collations.iter().map(named).collect(),
            default_collation: collations.iter().find(is_default).map_or("", |row| row.text(0)),
            operator_classes: operator_classes.iter().map(|row| (row.text(0), row)).collect(),
            types: types::all(&answers.types),
        }
    }

    /// The name of a table that the model has.
    pub(super) fn table(&self, table: &str) -> Option<&ObjectName> {
        self.tables.get(table)
    }

    /// The row of a column.
    pub(super) fn column(&self, table: &'a str, number: &'a str) -> Option<&'a Row> {
        self.columns.get(&(table, number)).copied()
    }

    /// The names of columns.
    pub(super) fn names<'b>(
        &self,
        table: &str,
        numbers: impl IntoIterator<Item = &'b str>,
    ) -> Vec<Ident> {
        let columns = numbers.into_iter().filter_map(|number| self.columns.get(&(table, number)));
        columns.map(|column| column.name(2)).collect()
    }

    /// The comment on an object in a catalog, or on a column of one.
    pub(super) fn comment(&self, catalog: &str, object: &str, column: &str) -> Option<String> {
        self.comments.get(&(catalog, object, column)).and_then(|row| row.owned(3))
    }

    /// A collation, where it is not the one that would be there without it.
    pub(super) fn collation(&self, collation: &str, usual: Option<&str>) -> Option<ObjectName> {
        let usual = usual.unwrap_or(self.default_collation);
        (collation != usual).then(|| self.collations.get(collation).cloned()).flatten()
    }

    /// An operator class, where it is not the one that PostgreSQL would take for a key of this
    /// type: its own have no schema, as in the model. The type of an expression is known where the
    /// class keeps no other one in the index.
    pub(super) fn operator_class(
        &self,
        class: &str,
        ty: &str,
        is_column: bool,
    ) -> Option<ObjectName> {
        let class = self.operator_classes.get(class)?;
        let (is_default, is_known) = (class.is(4), is_column || class.text(6) == "0");
        let is_of_other = is_known && class.text(5) != ty && self.has_default(class.text(3), ty);
        (!is_default || is_of_other).then(|| match class.text(1) {
            "pg_catalog" => ObjectName::unqualified(class.name(2)),
            _ => class.object(1, 2),
        })
    }

    /// Whether a type has an operator class for a method that is meant for itself.
    fn has_default(&self, method: &str, ty: &str) -> bool {
        let mut classes = self.operator_classes.values();
        classes.any(|one| one.text(3) == method && one.is(4) && one.text(5) == ty)
    }
}
