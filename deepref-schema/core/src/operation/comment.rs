use std::sync::Arc;

use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::LockMode;
use crate::origin::Origin;
use crate::schema::Schema;
use crate::sql::comment_sql;
use crate::statement::Statement;

/// `comment on … is "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What it is about.
    pub subject: CommentSubject,
    /// The text; `None` is `is none`.
    pub text: Option<String>,
    /// Where the text was written.
    pub origin: Origin,
}

/// What a comment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommentSubject {
    /// A table.
    Table(ObjectName),
    /// A column of a table.
    Column(ObjectName, Ident),
    /// An index.
    Index(ObjectName),
    /// An enum type.
    Enum(ObjectName),
    /// A constraint of a table: its name, then the table.
    Constraint(Ident, ObjectName),
}

impl Operate for Comment {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let exists = match &self.subject {
            CommentSubject::Table(table) => check.table(table).is_some(),
            CommentSubject::Column(table, column) => check.column(table, column).is_some(),
            CommentSubject::Index(index) => check.index(index).is_some(),
            CommentSubject::Enum(name) => check.enum_type(name).is_some(),
            CommentSubject::Constraint(name, table) => check.constraint(table, name).is_some(),
        };
        if !exists {
            return Vec::new();
        }
        if self.text.as_deref().is_some_and(|text| text.is_empty() || text.contains('\0')) {
            let message = "PostgreSQL keeps no empty comment, and none with the character NUL";
            let diagnostic = Diagnostic::new("invalid_comment", self.origin, message);
            check.report(diagnostic.help("write `is none` to remove it"));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        self.subject.change(schema, |comment| comment.clone_from(&self.text));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let text = self.subject.read(before);
        Ok(vec![Self::new(self.subject.clone(), text).into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let text = comment_sql(self.text.as_deref());
        let sql = format!("COMMENT ON {} IS {text}", self.subject.sql());
        let relation = self.subject.relation();
        let locks = relation.map(|name| before.lock(name, LockMode::ShareUpdateExclusive));
        vec![Statement::new(self.describe(), sql).locking(locks.unwrap_or_default())]
    }

    fn describe(&self) -> String {
        match &self.subject {
            CommentSubject::Table(table) => format!("comment on table {table}"),
            CommentSubject::Column(table, column) => format!("comment on column {table}.{column}"),
            CommentSubject::Index(index) => format!("comment on index {index}"),
            CommentSubject::Enum(name) => format!("comment on enum {name}"),
            CommentSubject::Constraint(name, table) => {
                format!("comment on constraint {name} on {table}")
            }
        }
    }
}

impl Comment {
    /// One that the model makes.
    pub fn new(subject: CommentSubject, text: Option<String>) -> Self {
        Self { subject, text, origin: Origin::NONE }
    }

    /// The table that the comment is in; for an index that is not known.
    pub(crate) fn table(&self) -> Option<ObjectName> {
        match &self.subject {
            CommentSubject::Table(table)
            | CommentSubject::Column(table, _)
            | CommentSubject::Constraint(_, table) => Some(table.clone()),
            CommentSubject::Index(_) | CommentSubject::Enum(_) => None,
        }
    }
}

impl CommentSubject {
    /// What is locked to comment on it: a type is not, and the table of a
    /// constraint is only looked at.
    fn relation(&self) -> Option<&ObjectName> {
        match self {
            Self::Table(name) | Self::Column(name, _) | Self::Index(name) => Some(name),
            Self::Constraint(..) | Self::Enum(_) => None,
        }
    }

    fn sql(&self) -> String {
        match self {
            Self::Table(table) => format!("TABLE {}", table.sql()),
            Self::Column(table, column) => format!("COLUMN {}.{}", table.sql(), column.sql()),
            Self::Index(index) => format!("INDEX {}", index.sql()),
            Self::Enum(name) => format!("TYPE {}", name.sql()),
            Self::Constraint(name, table) => {
                format!("CONSTRAINT {} ON {}", name.sql(), table.sql())
            }
        }
    }

    /// The comment that stands in a schema.
    fn read(&self, schema: &Schema) -> Option<String> {
        let mut copy = schema.clone();
        let mut text = None;
        self.change(&mut copy, |comment| text.clone_from(comment));
        text
    }

    fn change(&self, schema: &mut Schema, change: impl FnOnce(&mut Option<String>)) {
        match self {
            Self::Table(table) => schema.change_table(table, |table| change(&mut table.comment)),
            Self::Column(table, column) => schema.change_table(table, |table| {
                if let Some(column) = table.column_mut(column.as_str()) {
                    change(&mut column.comment);
                }
            }),
            Self::Index(index) => {
                let Some(table) = schema.relation(index).and_then(|r| r.table.clone()) else {
                    return;
                };
                schema.change_table(&table, |table| {
                    if let Some(index) = table.indexes.get_mut(&index.name) {
                        change(&mut index.comment);
                    }
                });
            }
            Self::Enum(name) => {
                if let Some(enum_type) = schema.enums.get_mut(name) {
                    change(&mut Arc::make_mut(enum_type).comment);
                }
            }
            Self::Constraint(name, table) => schema.change_table(table, |table| {
                if let Some(constraint) = table.constraints.get_mut(name) {
                    change(&mut constraint.comment);
                }
            }),
        }
    }
}
