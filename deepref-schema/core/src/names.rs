//! The names that PostgreSQL gives to constraints, indexes and sequences that
//! are written without one.
//!
//! The rule is that of PostgreSQL's own source (`makeObjectName`,
//! `ChooseRelationName`, `ChooseConstraintName`, `ChooseIndexColumnNames`); the
//! tests ask real servers.

use squawk_syntax::SourceFile;
use squawk_syntax::ast::{AstNode, Target};
use squawk_syntax::column_name::ColumnName;

use crate::expr::Expr;
use crate::ident::{Ident, MAX_BYTES, ObjectName};
use crate::operation::ConstraintForm;
use crate::schema::{ElementSubject, IndexElement, Schema};

/// Names that are taken beside those of a schema: by the same statement.
#[derive(Debug, Default)]
pub struct Taken {
    relations: Vec<ObjectName>,
    constraints: Vec<ObjectName>,
}

impl Taken {
    /// Takes a name for a table, an index or a sequence.
    pub fn relation(&mut self, name: ObjectName) {
        self.relations.push(name);
    }

    /// Takes a name for a constraint.
    pub fn constraint(&mut self, name: ObjectName) {
        self.constraints.push(name);
    }

    /// Whether the same statement has given this name to a constraint.
    pub fn is_constraint_of(&self, name: &ObjectName) -> bool {
        self.constraints.contains(name)
    }

    /// Whether the same statement has given this name to a table, an index or a
    /// sequence.
    pub fn is_relation(&self, name: &ObjectName) -> bool {
        self.relations.contains(name)
    }

    fn has_relation(&self, schema: &Schema, name: &ObjectName) -> bool {
        schema.relation(name).is_some() || self.relations.contains(name)
    }

    fn has_constraint(&self, schema: &Schema, name: &ObjectName) -> bool {
        self.constraints.contains(name) || schema.has_constraint_named(name)
    }
}

impl Schema {
    /// The name of the sequence of a serial or identity column.
    pub fn sequence_name(&self, table: &ObjectName, column: &str, taken: &Taken) -> ObjectName {
        numbered(table, &table.name, Some(column), "seq", |name| taken.has_relation(self, name))
    }

    /// A free name for a sequence that makes room for another one.
    pub(crate) fn passing_name(&self, sequence: &ObjectName, taken: &Taken) -> ObjectName {
        numbered(sequence, &sequence.name, None, "renamed", |name| taken.has_relation(self, name))
    }

    /// The name of an index.
    pub fn index_name(&self, table: &ObjectName, columns: &[String], taken: &Taken) -> ObjectName {
        let columns = joined(columns);
        numbered(table, &table.name, Some(&columns), "idx", |name| taken.has_relation(self, name))
    }

    /// The name of a constraint.
    pub fn constraint_name(
        &self,
        table: &ObjectName,
        form: &ConstraintForm,
        taken: &Taken,
    ) -> ObjectName {
        let relation_or_constraint =
            |name: &ObjectName| taken.has_relation(self, name) || taken.has_constraint(self, name);
        let constraint = |name: &ObjectName| taken.has_constraint(self, name);
        let first = &table.name;
        match form {
            ConstraintForm::PrimaryKey(_) => {
                numbered(table, first, None, "pkey", relation_or_constraint)
            }
            ConstraintForm::Unique(key) => {
                let columns: Vec<_> =
                    key.columns.iter().chain(&key.include).map(Ident::to_string).collect();
                let columns = joined(&distinct(columns));
                numbered(table, first, Some(&columns), "key", relation_or_constraint)
            }
            ConstraintForm::Exclusion(exclusion) => {
                let elements = exclusion.elements.iter().map(|element| &element.element);
                let columns = joined(&column_names(elements, &[]));
                numbered(table, first, Some(&columns), "excl", relation_or_constraint)
            }
            ConstraintForm::Check(expr) => {
                numbered(table, first, only_column(expr).as_deref(), "check", constraint)
            }
            ConstraintForm::ForeignKey(foreign) => {
                let columns: Vec<_> = foreign.columns.iter().map(Ident::to_string).collect();
                numbered(table, first, Some(&joined(&columns)), "fkey", constraint)
            }
            ConstraintForm::PrimaryKeyUsingIndex(index)
            | ConstraintForm::UniqueUsingIndex(index) => table.sibling(index.clone()),
        }
    }
}

/// The column that a check is about, where it is about one.
fn only_column(expr: &Expr) -> Option<String> {
    let mut names: Vec<_> = expr.facts().columns.iter().map(|used| used.name.clone()).collect();
    names.dedup();
    names.sort();
    names.dedup();
    (names.len() == 1).then(|| names.remove(0))
}

/// The names that the columns of an index have in its own name.
pub fn column_names<'a>(
    elements: impl Iterator<Item = &'a IndexElement>,
    include: &[Ident],
) -> Vec<String> {
    let own = elements.map(|element| match &element.subject {
        ElementSubject::Column(name) => name.to_string(),
        ElementSubject::Call(expr) | ElementSubject::Expression(expr) => {
            expression_name(expr).to_owned()
        }
    });
    distinct(own.chain(include.iter().map(Ident::to_string)).collect())
}

/// The name that PostgreSQL gives to a column made by an expression.
fn expression_name(expr: &Expr) -> &str {
    expr.facts().output_name.get_or_init(|| read_expression_name(expr))
}

fn read_expression_name(expr: &Expr) -> String {
    let parse = SourceFile::parse(&format!("select {}", expr.sql()));
    let target = parse.tree().syntax().descendants().find_map(Target::cast);
    let name = target.and_then(ColumnName::from_target).and_then(|(name, _)| name.to_string());
    name.filter(|name| name != "?column?").unwrap_or_else(|| "expr".to_owned())
}

fn distinct(names: Vec<String>) -> Vec<String> {
    let mut done: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let mut current = name.clone();
        let mut number = 0;
        while done.contains(&current) {
            number += 1;
            let digits = number.to_string();
            current = format!("{}{digits}", clipped(&name, MAX_BYTES - digits.len()));
        }
        done.push(current);
    }
    done
}

fn joined(names: &[String]) -> String {
    let mut text = String::new();
    for name in names {
        if !text.is_empty() {
            text.push('_');
        }
        text.push_str(name);
        if text.len() > MAX_BYTES {
            break;
        }
    }
    text
}

fn numbered(
    table: &ObjectName,
    first: &Ident,
    second: Option<&str>,
    label: &str,
    is_taken: impl Fn(&ObjectName) -> bool,
) -> ObjectName {
    let mut number = 0;
    loop {
        let label = if number == 0 { label.to_owned() } else { format!("{label}{number}") };
        let name = composed(first.as_str(), second, &label);
        let name = table.sibling(Ident::computed(name));
        if !is_taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// Parts of a name, shortened so that the whole keeps within 63 bytes: the
/// longer part gives way first.
fn composed(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(second.is_some());
    let available = MAX_BYTES - overhead;
    let (mut first_len, mut second_len) = (first.len(), second.map_or(0, str::len));
    while first_len + second_len > available {
        if first_len > second_len {
            first_len -= 1;
        } else {
            second_len -= 1;
        }
    }
    let first = clipped(first, first_len);
    match second {
        Some(second) => format!("{first}_{}_{label}", clipped(second, second_len)),
        None => format!("{first}_{label}"),
    }
}

/// At most so many bytes of a text, whole characters only.
pub fn clipped(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_part_gives_way() {
        let long = "a".repeat(60);
        assert_eq!(composed(&long, Some("b"), "key"), format!("{}_b_key", "a".repeat(57)));
        assert_eq!(composed(&long, Some(&long), "fkey").len(), 63);
        assert_eq!(composed("t", None, "pkey"), "t_pkey");
        assert_eq!(clipped("aé", 2), "a");
    }

    #[test]
    fn expressions_have_the_names_of_their_functions() {
        for (sql, name) in [
            ("lower(email)", "lower"),
            ("a || b", "expr"),
            ("(data -> 'x')", "expr"),
            ("a::text", "a"),
            ("coalesce(a, b)", "coalesce"),
            ("case when a then b end", "case"),
            ("app.f(x)", "f"),
        ] {
            assert_eq!(expression_name(&Expr::computed(sql)), name, "{sql}");
        }
    }
}
