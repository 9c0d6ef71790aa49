//! Sequences in the defaults that draw from them.

use std::ops::Range;

use super::{Schema, Sequence, User};
use crate::expr::Expr;
use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName, literal, quoted};

impl Schema {
    /// The columns whose default draws from a sequence.
    pub fn users_of_sequence(&self, sequence: &ObjectName) -> Vec<User> {
        let mut users = Vec::new();
        for (table_name, table) in &self.tables {
            for (user, expr) in table.expressions(table_name) {
                if !uses_of(expr, sequence).is_empty() {
                    users.push(user);
                }
            }
        }
        users
    }

    /// The identity column that a sequence belongs to, and its table.
    pub(crate) fn identity_of_sequence(&self, name: &ObjectName) -> Option<(ObjectName, Ident)> {
        let table_name = self.relation(name)?.table.clone()?;
        let column = self.table(&table_name)?.columns.iter().find(|column| {
            column.identity.as_ref().is_some_and(|identity| identity.sequence_name == *name)
        })?;
        let column = column.name.clone();
        Some((table_name, column))
    }

    /// Renames a sequence in every default that draws from it.
    pub(crate) fn rename_sequence_in_defaults(&mut self, from: &ObjectName, to: &ObjectName) {
        let renamed = literal(&regclass_text(to));
        for name in self.tables.keys().cloned().collect::<Vec<_>>() {
            let uses = self.tables[&name].expressions(&name);
            if uses.iter().any(|(_, expr)| !uses_of(expr, from).is_empty()) {
                self.change_table(&name, |table| {
                    table.change_expressions(|_, expr| {
                        let uses = uses_of(expr, from).into_iter();
                        expr.with_replaced(uses.map(|at| (at, renamed.clone())).collect())
                    });
                });
            }
        }
    }
}

/// Whether an expression draws from a sequence.
pub(crate) fn draws_from(expr: &Expr, sequence: &ObjectName) -> bool {
    !uses_of(expr, sequence).is_empty()
}

impl Sequence {
    /// What sets the sequence, by this name, to the last value of a column that
    /// it could have given.
    pub(crate) fn go_on_sql(
        &self,
        name: &ObjectName,
        table: &ObjectName,
        column: &Ident,
    ) -> String {
        let (last, low, high) = match self.increment > 0 {
            true => ("max", self.start, self.max),
            false => ("min", self.min, self.start),
        };
        let (table, column) = (table.sql(), column.sql());
        format!(
            "SELECT setval({}::regclass, {last}({column})) FROM {table} \
             WHERE {column} BETWEEN {low} AND {high} HAVING {last}({column}) IS NOT NULL",
            literal(&name.sql())
        )
    }
}

/// The default that draws from a sequence.
pub(crate) fn nextval(sequence: &ObjectName) -> Expr {
    Expr::computed(format!("nextval({}::regclass)", literal(&regclass_text(sequence))))
}

/// The name of a relation as text that `regclass` reads.
fn regclass_text(name: &ObjectName) -> String {
    if name.schema == DEFAULT_SCHEMA {
        quoted(name.name.as_str())
    } else {
        format!("{}.{}", quoted(name.schema.as_str()), quoted(name.name.as_str()))
    }
}

/// Where an expression names a sequence: a string of a call of `nextval` or a
/// cast to `regclass`.
fn uses_of(expr: &Expr, sequence: &ObjectName) -> Vec<Range<usize>> {
    let facts = expr.facts();
    let draws = facts.functions.iter().any(|used| used.name == "nextval")
        || facts.types.iter().any(|used| used.name == "regclass");
    if !draws {
        return Vec::new();
    }
    let (short, full) = (regclass_text(sequence), format!("{}.{}", sequence.schema, sequence.name));
    let strings = facts.strings.iter();
    strings
        .filter(|string| string.value == short || string.value == full)
        .map(|string| string.range.clone())
        .collect()
}
