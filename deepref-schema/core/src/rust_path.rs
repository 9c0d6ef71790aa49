//! Paths of Rust: which function a migration runs.

use std::fmt;

use crate::ident::Ident;

/// A path of Rust, such as `crate::steps::fill`. What it leads to is checked
/// by the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustPath {
    /// Whether it begins with `::`.
    pub is_global: bool,
    /// Its words as they are written, with `r#` where they have it.
    pub words: Vec<Ident>,
}

impl fmt::Display for RustPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.words.iter().map(Ident::as_str).collect();
        write!(formatter, "{}{}", if self.is_global { "::" } else { "" }, words.join("::"))
    }
}
