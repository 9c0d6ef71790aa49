//! Comments.

use super::Planner;
use crate::ident::ObjectName;
use crate::operation::{Comment, CommentSubject};
use crate::schema::Table;

impl Planner<'_> {
    /// Says what is to be said, and takes back what is not.
    pub(super) fn comment(&mut self) {
        let mut comments = Vec::new();
        for (name, wanted) in &self.to.enums {
            if let Some(there) = self.now.enums.get(name) {
                let subject = CommentSubject::Enum(name.clone());
                comments.extend(changed(subject, there.comment.as_ref(), wanted.comment.as_ref()));
            }
        }
        for (name, wanted) in &self.to.tables {
            if let Some(there) = self.now.table(name) {
                comments.extend(of_table(name, there, wanted));
            }
        }
        comments.into_iter().for_each(|comment| self.push(comment));
    }
}

fn changed(
    subject: CommentSubject,
    there: Option<&String>,
    wanted: Option<&String>,
) -> Option<Comment> {
    (there != wanted).then(|| Comment::new(subject, wanted.cloned()))
}

fn of_table(name: &ObjectName, there: &Table, wanted: &Table) -> Vec<Comment> {
    let subject = CommentSubject::Table(name.clone());
    let own = changed(subject, there.comment.as_ref(), wanted.comment.as_ref());
    let mut comments: Vec<_> = own.into_iter().collect();
    for column in &wanted.columns {
        if let Some(old) = there.column(column.name.as_str()) {
            let subject = CommentSubject::Column(name.clone(), column.name.clone());
            comments.extend(changed(subject, old.comment.as_ref(), column.comment.as_ref()));
        }
    }
    for (of, constraint) in &wanted.constraints {
        if let Some(old) = there.constraints.get(of) {
            let subject = CommentSubject::Constraint(of.clone(), name.clone());
            comments.extend(changed(subject, old.comment.as_ref(), constraint.comment.as_ref()));
        }
    }
    for (of, index) in &wanted.indexes {
        if let Some(old) = there.indexes.get(of) {
            let subject = CommentSubject::Index(name.sibling(of.clone()));
            comments.extend(changed(subject, old.comment.as_ref(), index.comment.as_ref()));
        }
    }
    comments
}
