//! What differs between two schemas, item by item.

use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

use super::{Column, Constraint, EnumType, Index, Schema, Sequence, Table};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::map::Map;
use crate::operation::ConstraintDefinition;
use crate::sql::{constraint_sql, element_sql};

/// What differs between the schema that was wanted and the one that is there,
/// one line an item; nothing where they are equal.
pub fn differences(wanted: &Schema, found: &Schema) -> Vec<String> {
    let mut lines = Lines(Vec::new());
    lines.keys("schema", "", &wanted.namespaces, &found.namespaces, |_, _, _, _| {});
    lines.keys("extension", "", &wanted.extensions, &found.extensions, |lines, name, a, b| {
        lines.value(&format!("extension `{name}`"), "schema", Some(&a.schema), Some(&b.schema));
    });
    lines.keys("enum", "", &wanted.enums, &found.enums, Lines::enums);
    lines.keys("sequence", "", &wanted.sequences, &found.sequences, Lines::sequence);
    lines.keys("table", "", &wanted.tables, &found.tables, |lines, name, a, b| {
        lines.table(name, a, b);
    });
    lines.0
}

struct Lines(Vec<String>);

impl Lines {
    /// Compares two maps: what is missing, what is left over, what differs.
    fn keys<K: Ord + Hash + Clone + Display, V: Clone + PartialEq>(
        &mut self,
        kind: &str,
        of: &str,
        wanted: &Map<K, V>,
        found: &Map<K, V>,
        mut both: impl FnMut(&mut Self, &K, &V, &V),
    ) {
        for (name, wanted, found) in wanted.changes(found) {
            match (wanted, found) {
                (Some(a), Some(b)) => both(self, name, a, b),
                (Some(_), None) => self.0.push(format!("{kind} `{name}`{of} is missing")),
                _ => self.0.push(format!("{kind} `{name}`{of} is left over")),
            }
        }
    }

    fn value<T: PartialEq + Display + ?Sized>(
        &mut self,
        of: &str,
        what: &str,
        wanted: Option<&T>,
        found: Option<&T>,
    ) {
        match (wanted, found) {
            (None, None) => {}
            (Some(a), None) => self.0.push(format!("{of}: the {what} `{a}` is missing")),
            (None, Some(b)) => self.0.push(format!("{of}: the {what} `{b}` is left over")),
            (Some(a), Some(b)) if a != b => {
                self.0.push(format!("{of}: the {what} is `{b}`, it was `{a}`"));
            }
            _ => {}
        }
    }

    fn expression(&mut self, of: &str, what: &str, wanted: Option<&Expr>, found: Option<&Expr>) {
        if wanted != found {
            self.value(of, what, wanted.map(Expr::sql), found.map(Expr::sql));
        }
    }

    fn enums(&mut self, name: &ObjectName, wanted: &Arc<EnumType>, found: &Arc<EnumType>) {
        let list =
            |of: &EnumType| of.values.iter().map(Ident::to_string).collect::<Vec<_>>().join(", ");
        let of = format!("enum `{name}`");
        self.value(&of, "list of values", Some(&list(wanted)), Some(&list(found)));
        self.value(&of, "comment", wanted.comment.as_ref(), found.comment.as_ref());
    }

    fn sequence(&mut self, name: &ObjectName, wanted: &Arc<Sequence>, found: &Arc<Sequence>) {
        let of = format!("sequence `{name}`");
        let options = |of: &Sequence| crate::sql::sequence_options_sql(&of.options());
        let owner = |of: &Sequence| of.owner.as_ref().map(|o| format!("{}.{}", o.table, o.column));
        self.value(&of, "definition", Some(&options(wanted)), Some(&options(found)));
        self.value(&of, "owner", owner(wanted).as_ref(), owner(found).as_ref());
        self.value(&of, "comment", wanted.comment.as_ref(), found.comment.as_ref());
    }

    fn table(&mut self, name: &ObjectName, wanted: &Table, found: &Table) {
        let of = format!(" of table `{name}`");
        let columns = |table: &Table| {
            let mut columns = Map::new();
            for column in &table.columns {
                columns.insert(column.name.clone(), column.clone());
            }
            columns
        };
        self.keys("column", &of, &columns(wanted), &columns(found), |lines, name, a, b| {
            lines.column(name, &of, a, b);
        });
        self.keys(
            "constraint",
            &of,
            &wanted.constraints,
            &found.constraints,
            |lines, name, a, b| {
                lines.constraint(name, &of, a, b);
            },
        );
        self.keys("index", &of, &wanted.indexes, &found.indexes, |lines, name, a, b| {
            lines.index(name, &of, a, b);
        });
        self.value(
            &format!("table `{name}`"),
            "comment",
            wanted.comment.as_ref(),
            found.comment.as_ref(),
        );
    }

    fn column(&mut self, name: &Ident, table: &str, wanted: &Column, found: &Column) {
        let of = format!("column `{name}`{table}");
        let (type_wanted, type_found) = (wanted.ty.language(), found.ty.language());
        self.value(&of, "type", Some(&type_wanted), Some(&type_found));
        match (wanted.nullable, found.nullable) {
            (true, false) => self.0.push(format!("{of}: NOT NULL is left over")),
            (false, true) => self.0.push(format!("{of}: NOT NULL is missing")),
            _ => {}
        }
        self.expression(&of, "default", wanted.default.as_ref(), found.default.as_ref());
        self.expression(
            &of,
            "generating expression",
            wanted.generated.as_ref(),
            found.generated.as_ref(),
        );
        let collation = |of: &Column| of.collation.as_ref().map(|found| found.name.clone());
        self.value(&of, "collation", collation(wanted).as_ref(), collation(found).as_ref());
        self.value(&of, "comment", wanted.comment.as_ref(), found.comment.as_ref());
        match (&wanted.identity, &found.identity) {
            (Some(_), None) => self.0.push(format!("{of}: the identity is missing")),
            (None, Some(_)) => self.0.push(format!("{of}: the identity is left over")),
            (a, b) if a != b => self.0.push(format!("{of}: the identity differs")),
            _ => {}
        }
    }

    fn constraint(&mut self, name: &Ident, table: &str, wanted: &Constraint, found: &Constraint) {
        let of = format!("constraint `{name}`{table}");
        let text = |constraint: &Constraint| {
            let definition = ConstraintDefinition::of(name, constraint);
            constraint_sql(&ConstraintDefinition { name: None, ..definition })
        };
        self.value(&of, "definition", Some(&text(wanted)), Some(&text(found)));
        self.value(&of, "comment", wanted.comment.as_ref(), found.comment.as_ref());
    }

    fn index(&mut self, name: &Ident, table: &str, wanted: &Index, found: &Index) {
        let of = format!("index `{name}`{table}");
        let text = |index: &Index| {
            let elements: Vec<_> = index.elements.iter().map(element_sql).collect();
            let unique = if index.unique { "unique " } else { "" };
            format!("{unique}{} ({})", index.method, elements.join(", "))
        };
        let before = self.0.len();
        self.value(&of, "definition", Some(&text(wanted)), Some(&text(found)));
        self.expression(&of, "condition", wanted.predicate.as_ref(), found.predicate.as_ref());
        self.value(&of, "comment", wanted.comment.as_ref(), found.comment.as_ref());
        if self.0.len() == before {
            self.0.push(format!("{of}: its options differ"));
        }
    }
}
