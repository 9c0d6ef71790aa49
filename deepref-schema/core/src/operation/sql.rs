use crate::origin::Origin;

/// `sql "…" down "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// The text, one statement or several.
    pub text: String,
    /// How it is reverted.
    pub down: Option<SqlDown>,
    /// The text's token.
    pub origin: Origin,
}

/// How raw SQL or an update is reverted, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlDown {
    /// `down none`: there is nothing to undo.
    Nothing,
    /// `down "…"`
    Text {
        /// The text.
        text: String,
        /// Its token.
        origin: Origin,
    },
}
