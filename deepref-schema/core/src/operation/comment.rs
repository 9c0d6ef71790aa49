use crate::ident::{Ident, ObjectName};

/// `comment on … is "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What it is about.
    pub subject: CommentSubject,
    /// The text; `None` is `is none`.
    pub text: Option<String>,
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
