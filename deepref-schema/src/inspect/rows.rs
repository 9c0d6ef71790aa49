//! Rows as the server sends them: text, with NULLs.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{DEFAULT_SCHEMA, Ident, ObjectName};

use super::normal::unwrapped;

/// A row of an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row(pub(crate) Vec<Option<String>>);

impl Row {
    pub(crate) fn get(&self, at: usize) -> Option<&str> {
        self.0.get(at)?.as_deref()
    }

    /// A text; empty where it is NULL.
    pub(crate) fn text(&self, at: usize) -> &str {
        self.get(at).unwrap_or_default()
    }

    pub(super) fn owned(&self, at: usize) -> Option<String> {
        self.get(at).map(str::to_owned)
    }

    pub(crate) fn is(&self, at: usize) -> bool {
        self.get(at) == Some("t")
    }

    pub(super) fn number(&self, at: usize) -> i64 {
        self.text(at).parse().unwrap_or_default()
    }

    pub(super) fn name(&self, at: usize) -> Ident {
        Ident::computed(self.text(at))
    }

    /// A name in a schema.
    pub(super) fn object(&self, schema: usize, name: usize) -> ObjectName {
        match self.text(schema) == DEFAULT_SCHEMA {
            true => ObjectName::unqualified(self.name(name)),
            false => ObjectName::qualified(self.name(schema), self.name(name)),
        }
    }

    pub(super) fn expression(&self, at: usize) -> Option<Expr> {
        self.get(at).map(|text| Expr::computed(unwrapped(text)))
    }

    /// The elements of an array of texts.
    pub(crate) fn list(&self, at: usize) -> Vec<String> {
        self.get(at).map(elements).unwrap_or_default()
    }

    /// The elements of a vector, such as `int2vector`.
    pub(super) fn words(&self, at: usize) -> impl Iterator<Item = &str> {
        self.text(at).split_ascii_whitespace()
    }

    pub(super) fn names(&self, at: usize) -> Vec<Ident> {
        self.list(at).into_iter().map(Ident::computed).collect()
    }
}

/// The elements of an array as PostgreSQL writes it (manual chapter "Arrays",
/// section "Array Input and Output Syntax").
fn elements(array: &str) -> Vec<String> {
    let inner = array.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let mut chars = inner.unwrap_or_default().chars();
    let mut elements = Vec::new();
    let (mut element, mut quoted) = (String::new(), false);
    while let Some(char) = chars.next() {
        match char {
            '\\' => element.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => elements.push(std::mem::take(&mut element)),
            other => element.push(other),
        }
    }
    if inner.is_some_and(|inner| !inner.is_empty()) {
        elements.push(element);
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_taken_apart() {
        for (array, wanted) in [
            ("{}", vec![]),
            ("{a}", vec!["a"]),
            ("{a,B}", vec!["a", "B"]),
            (r#"{"a,b","c\"d","e\\f","","{}"}"#, vec!["a,b", "c\"d", "e\\f", "", "{}"]),
        ] {
            assert_eq!(elements(array), wanted, "{array}");
        }
    }
}
