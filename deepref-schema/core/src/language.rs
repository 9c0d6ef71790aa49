//! Writes the migration language: from operations to the text of a migration,
//! formatted as a careful author would write it.
//!
//! [`file()`] and [`statements`] write what they are given, word by word: what
//! they wrote reads as the same operations. [`authored`] turns complete
//! operations, which name everything, into those that an author would write.
//!
//! What the language has no words for is an [`Inexpressible`], never a text
//! that means something else.

mod authored;
mod column;
mod constraint;
mod data;
mod entity;
mod enums;
mod expanded;
mod expression;
mod file;
mod index;
mod layout;
mod literal;
mod name;
mod sequence;
mod serial;
mod sql_literal;
mod statement;
mod table;
mod types;

use std::fmt;

pub use authored::{Style, authored};
pub use entity::{DescribedColumn, DescribedTable, described};
pub use file::{file, statements};

/// Something that the language has no words for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inexpressible {
    /// The operation, in the words of the language.
    pub what: String,
    /// What about it has no words.
    pub why: String,
}

impl fmt::Display for Inexpressible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` can not be written in the language: {}", self.what, self.why)
    }
}

impl std::error::Error for Inexpressible {}

/// A text, or why there is none.
type Text = Result<String, String>;
