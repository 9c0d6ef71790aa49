//! Expressions: SQL text, and what it means to the model.

use crate::origin::Origin;

/// An expression: a default, a condition, an element of an index, a value.
///
/// It keeps the SQL as its author wrote it, translated from Rust's tokens,
/// and for each of its tokens where it was written.
#[derive(Clone, Debug)]
pub struct Expr {
    sql: String,
    spots: Vec<(usize, Origin)>,
}

impl Expr {
    /// An expression from its SQL; `spots` holds the offset in bytes and the
    /// origin of each token, by ascending offset.
    pub fn new(sql: impl Into<String>, spots: Vec<(usize, Origin)>) -> Self {
        Self { sql: sql.into(), spots }
    }

    /// An expression that the model made.
    pub fn computed(sql: impl Into<String>) -> Self {
        Self::new(sql, Vec::new())
    }

    /// The expression as SQL.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Where the expression begins.
    pub fn origin(&self) -> Origin {
        self.spots.first().map_or(Origin::NONE, |&(_, origin)| origin)
    }

    /// The token that holds the byte at this offset.
    pub fn origin_at(&self, offset: usize) -> Origin {
        let after = self.spots.partition_point(|&(start, _)| start <= offset);
        after.checked_sub(1).map_or(Origin::NONE, |at| self.spots[at].1)
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.sql == other.sql
    }
}

impl Eq for Expr {}
