//! Where an expression in the open ends.

use super::words;
use crate::cursor::Cursor;
use crate::keywords;
use crate::token::{Kind, Token};

/// The words that end an expression in the open, beside `,` and `;`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// A default, or what restores a column.
    Item,
    /// `revert using`
    Revert,
    /// `where`, `in batches of`, `down`
    Update,
}

/// Whether a word after an operand begins what follows the expression.
pub(super) fn ends_at_word(cursor: &Cursor, ends: Ends) -> bool {
    let clause = match ends {
        Ends::Item => false,
        Ends::Revert => cursor.are_words(&["revert", "using"]),
        Ends::Update => {
            cursor.are_words(&["in", "batches", "of"])
                || cursor.is_word("where")
                || cursor.is_word("down") && is_down_value(cursor.peek_at(1))
        }
    };
    clause || cursor.is_punct_at(1, ':') || cursor.are_words(&["not", "null"])
}

fn is_down_value(token: Option<&Token>) -> bool {
    token.is_some_and(|token| token.is_word("none") || matches!(token.kind, Kind::Str))
}

/// Whether an operand can go on with this word. One in capitals is reported
/// as a shouted keyword where it is read.
pub(super) fn continues(word: &str) -> bool {
    words::continues(word)
        || keywords::is_shouted_keyword(word) && words::continues(&word.to_ascii_lowercase())
}
