//! Expressions: SQL text, and what it means to the model.

mod known;
mod read;
mod uses;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub use read::Facts;
pub(crate) use read::is_reserved_value;
pub use uses::{ColumnUse, FunctionUse, ReservedUse, StringUse, SyntaxError, TypeUse};

use crate::ident::quoted;
use crate::origin::Origin;

/// An expression: a default, a condition, an element of an index, a value.
///
/// It keeps the SQL as its author wrote it, translated from Rust's tokens,
/// and for each of its tokens where it was written. Expressions are equal when
/// their tokens are; layout and needless quotes do not count. What PostgreSQL
/// would see to be equal beyond that, this does not.
#[derive(Clone, Debug)]
pub struct Expr {
    sql: String,
    spots: Vec<(usize, Origin)>,
    facts: OnceLock<Arc<Facts>>,
}

impl Expr {
    /// An expression from its SQL; `spots` holds the offset in bytes and the
    /// origin of each token, by ascending offset.
    pub fn new(sql: impl Into<String>, spots: Vec<(usize, Origin)>) -> Self {
        Self { sql: sql.into(), spots, facts: OnceLock::new() }
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

    /// What the expression uses; read on first call.
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| known::facts(&self.sql))
    }

    /// Whether it is one literal, one call or one word.
    pub fn is_simple(&self) -> bool {
        self.facts().is_simple()
    }

    /// Whether a column of this name is used, with or without a qualifier.
    pub fn uses_column(&self, column: &str) -> bool {
        self.facts().columns.iter().any(|used| used.name == column)
    }

    /// The expression after a column was renamed.
    #[must_use]
    pub fn with_column_renamed(&self, from: &str, to: &str) -> Self {
        let used = self.facts().columns.iter().filter(|used| used.name == from);
        self.with_replaced(used.map(|used| (used.range.clone(), quoted(to))).collect())
    }

    /// The expression after its table was renamed.
    #[must_use]
    pub fn with_table_renamed(&self, from: &str, to: &str) -> Self {
        let qualifiers = self.facts().columns.iter().filter_map(|used| used.qualifier.as_ref());
        let renamed = qualifiers.filter(|(_, name)| name == from);
        self.with_replaced(renamed.map(|(range, _)| (range.clone(), quoted(to))).collect())
    }

    /// The expression with parts of its SQL replaced; the parts ascend.
    #[must_use]
    pub fn with_replaced(&self, parts: Vec<(Range<usize>, String)>) -> Self {
        if parts.is_empty() {
            return self.clone();
        }
        let mut sql = String::with_capacity(self.sql.len());
        let mut spots = Vec::with_capacity(self.spots.len());
        let mut done = 0;
        let mut rest = self.spots.iter().peekable();
        for (range, text) in parts {
            while let Some((at, origin)) = rest.next_if(|(at, _)| *at <= range.start) {
                spots.push((at - done + sql.len(), *origin));
            }
            while rest.next_if(|(at, _)| *at < range.end).is_some() {}
            sql.push_str(&self.sql[done..range.start]);
            sql.push_str(&text);
            done = range.end;
        }
        spots.extend(rest.map(|(at, origin)| (at - done + sql.len(), *origin)));
        sql.push_str(&self.sql[done..]);
        Self::new(sql, spots)
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.sql == other.sql || self.facts().normal == other.facts().normal
    }
}

impl Eq for Expr {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_needless_quotes_do_not_count() {
        for (a, b) in
            [("a>1 and B", "a  >  1 AND b"), ("\"a\" = 'x'", "a = 'x'"), ("lower(a)", "LOWER( a )")]
        {
            assert_eq!(Expr::computed(a), Expr::computed(b));
        }
        for (a, b) in [("a", "\"A\""), ("'a'", "'A'"), ("a > 1", "1 < a"), ("\"user\"", "user")] {
            assert_ne!(Expr::computed(a), Expr::computed(b));
        }
    }

    #[test]
    fn a_renamed_column_keeps_the_origins() {
        let origin = Origin::new;
        let expr = Expr::new(
            "a + bb + a",
            vec![(0, origin(1)), (2, origin(2)), (4, origin(3)), (7, origin(4)), (9, origin(5))],
        );
        let renamed = expr.with_column_renamed("a", "Long");
        assert_eq!(renamed.sql(), "\"Long\" + bb + \"Long\"");
        let marks: Vec<_> = renamed.spots.iter().map(|(at, o)| (*at, o.mark())).collect();
        assert_eq!(marks, [(0, 1), (7, 2), (9, 3), (12, 4), (14, 5)]);
    }
}
