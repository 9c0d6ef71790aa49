//! What an expression uses, and where.

use std::ops::Range;

/// A place where a text is no SQL.
#[derive(Debug)]
pub struct SyntaxError {
    /// The offset of the token.
    pub offset: usize,
    /// What is wrong, in the parser's words.
    pub message: String,
}

/// A column.
#[derive(Debug)]
pub struct ColumnUse {
    /// The name of the table before it, and where that stands.
    pub qualifier: Option<(Range<usize>, String)>,
    /// The column.
    pub name: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// A call of a function.
#[derive(Debug)]
pub struct FunctionUse {
    /// The schema before it.
    pub schema: Option<String>,
    /// The function.
    pub name: String,
    /// Where its name stands, the schema left out.
    pub range: Range<usize>,
    /// How many arguments it is given.
    pub arguments: usize,
}

/// A type that is named by an identifier.
#[derive(Debug)]
pub struct TypeUse {
    /// The schema before it.
    pub schema: Option<String>,
    /// The type.
    pub name: String,
    /// Where its name stands, the schema left out.
    pub range: Range<usize>,
}

/// A string literal.
#[derive(Debug)]
pub struct StringUse {
    /// The string.
    pub value: String,
    /// Where it stands, quotes included.
    pub range: Range<usize>,
}

/// A reserved word that stands for a value.
#[derive(Debug)]
pub struct ReservedUse {
    /// The word.
    pub word: String,
    /// Where it stands.
    pub range: Range<usize>,
}
