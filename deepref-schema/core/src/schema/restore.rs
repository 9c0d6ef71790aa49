//! What makes something again as it was: the way back from a drop.

use super::{Column, Constraint, ConstraintKind, EnumType, Index, Schema};
use crate::ident::{Ident, ObjectName};
use crate::operation::{
    AddConstraint, ColumnDefinition, Comment, CommentSubject, ConstraintDefinition, CreateIndex,
    CreateTable, Operation, TableItem,
};

impl Schema {
    /// A table with all that is in it.
    pub(crate) fn restore_table(&self, name: &ObjectName) -> Vec<Operation> {
        let Some(table) = self.table(name) else { return Vec::new() };
        let owned = self.owned_sequences(name, None);
        let mut operations: Vec<_> = owned.iter().flat_map(|s| self.create_sequence(s)).collect();
        let columns =
            table.columns.iter().map(|column| TableItem::Column(ColumnDefinition::from(column)));
        let mut constraints: Vec<_> = table.constraints.iter().collect();
        constraints.sort_by_key(|(_, constraint)| rank(&constraint.kind));
        let kinds: Vec<_> = constraints.iter().map(|(_, constraint)| &constraint.kind).collect();
        let first: Vec<bool> = (0..kinds.len())
            .map(|at| !kinds[..at].iter().any(|kind| merges(kind, kinds[at])))
            .collect();
        let mut first = first.into_iter();
        let (inside, after): (Vec<_>, Vec<_>) = constraints
            .into_iter()
            .partition(|(_, constraint)| first.next().unwrap_or(true) && constraint.valid);
        let inside = inside.into_iter().map(|(name, constraint)| {
            TableItem::Constraint(ConstraintDefinition::of(name, constraint))
        });
        let items = columns.chain(inside).collect();
        operations.push(CreateTable { name: name.clone(), items }.into());
        operations.extend(owned.iter().filter_map(|sequence| self.own_sequence(sequence)));
        operations.extend(after.into_iter().map(|(n, constraint)| constraint.add(name, n)));
        operations.extend(table.indexes.iter().map(|(n, index)| index.create(name, n)));
        operations.extend(comment(CommentSubject::Table(name.clone()), table.comment.as_ref()));
        operations.extend(table.columns.iter().filter_map(|column| column.restore_comment(name)));
        for (constraint_name, constraint) in &table.constraints {
            operations.extend(constraint.restore_comment(name, constraint_name));
        }
        for (index_name, index) in &table.indexes {
            operations.extend(index.restore_comment(name, index_name));
        }
        operations
    }
}

/// Whether CREATE TABLE would make one of two keys or exclusion constraints.
fn merges(a: &ConstraintKind, b: &ConstraintKind) -> bool {
    match (a, b) {
        (
            ConstraintKind::PrimaryKey(a) | ConstraintKind::Unique(a),
            ConstraintKind::PrimaryKey(b) | ConstraintKind::Unique(b),
        ) => a.columns == b.columns,
        (ConstraintKind::Exclusion(a), ConstraintKind::Exclusion(b)) => a == b,
        _ => false,
    }
}

fn rank(kind: &ConstraintKind) -> u8 {
    match kind {
        ConstraintKind::PrimaryKey(_) => 0,
        ConstraintKind::Unique(_) => 1,
        ConstraintKind::Check(_) => 2,
        ConstraintKind::Exclusion(_) => 3,
        ConstraintKind::ForeignKey(_) => 4,
    }
}

fn comment(subject: CommentSubject, text: Option<&String>) -> Option<Operation> {
    Some(Comment::new(subject, Some(text?.clone())).into())
}

impl EnumType {
    /// The comment of the type.
    pub(crate) fn restore_comment(&self, name: &ObjectName) -> Option<Operation> {
        comment(CommentSubject::Enum(name.clone()), self.comment.as_ref())
    }
}

impl Column {
    /// The comment of the column.
    pub(crate) fn restore_comment(&self, table: &ObjectName) -> Option<Operation> {
        let subject = CommentSubject::Column(table.clone(), self.name.clone());
        comment(subject, self.comment.as_ref())
    }
}

impl Constraint {
    /// The constraint and its comment.
    pub(crate) fn restore(&self, table: &ObjectName, name: &Ident) -> Vec<Operation> {
        [self.add(table, name)].into_iter().chain(self.restore_comment(table, name)).collect()
    }

    fn add(&self, table: &ObjectName, name: &Ident) -> Operation {
        AddConstraint::plain(table.clone(), ConstraintDefinition::of(name, self)).into()
    }

    pub(super) fn restore_comment(&self, table: &ObjectName, name: &Ident) -> Option<Operation> {
        let subject = CommentSubject::Constraint(name.clone(), table.clone());
        comment(subject, self.comment.as_ref())
    }
}

impl Index {
    /// The index and its comment.
    pub(crate) fn restore(&self, table: &ObjectName, name: &Ident) -> Vec<Operation> {
        [self.create(table, name)].into_iter().chain(self.restore_comment(table, name)).collect()
    }

    fn create(&self, table: &ObjectName, name: &Ident) -> Operation {
        CreateIndex::plain(name.clone(), table.clone(), self.clone()).into()
    }

    pub(super) fn restore_comment(&self, table: &ObjectName, name: &Ident) -> Option<Operation> {
        comment(CommentSubject::Index(table.sibling(name.clone())), self.comment.as_ref())
    }
}
