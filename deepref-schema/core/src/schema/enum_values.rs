//! Which strings of an expression are values of an enum type.

use std::ops::Range;

use super::{Schema, Table};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName, literal};
use crate::typing::{Place, placed_strings};

/// An enum, and a table in whose expressions its values are sought.
pub(super) struct EnumValues<'a> {
    pub(super) schema: &'a Schema,
    pub(super) table: &'a Table,
    pub(super) name: &'a ObjectName,
}

impl EnumValues<'_> {
    /// Where an expression holds a value, with the text that holds another
    /// instead. `column` is the one whose default or generating expression it
    /// is.
    pub(super) fn replaced(
        &self,
        expr: &Expr,
        column: Option<&Ident>,
        from: &str,
        to: &str,
    ) -> Vec<(Range<usize>, String)> {
        if !holds(expr, from) {
            return Vec::new();
        }
        let whole = column.and_then(|name| self.table.column(name.as_str()));
        let whole = whole.map(|column| &column.ty);
        let strings = placed_strings(expr, self.schema, Some(self.table), whole).into_iter();
        let replaced = strings.filter_map(|string| {
            let renamed = match string.place {
                Place::Of(ty) if !ty.is_named(self.name) => None,
                Place::Of(ty) if ty.array => array_with(&string.text, from, to),
                Place::Of(_) => (string.text == from).then(|| to.to_owned()),
                Place::Text => None,
                Place::Unknown => self.doubtful(expr, &string.text, from, to),
            };
            Some((string.range, literal(&renamed?)))
        });
        replaced.collect()
    }

    /// A string whose type the model can not tell, beside something of the
    /// enum, counts as its value.
    fn doubtful(&self, expr: &Expr, text: &str, from: &str, to: &str) -> Option<String> {
        let columns = self.table.columns.iter().filter(|column| column.ty.is_named(self.name));
        let involved = expr.casts_to(self.name)
            || columns.into_iter().any(|column| expr.uses_column(column.name.as_str()));
        (involved && text == from).then(|| to.to_owned())
    }
}

/// Whether a string of the expression is a value, or an array that may hold
/// it.
pub(super) fn holds(expr: &Expr, value: &str) -> bool {
    let strings = &expr.facts().strings;
    strings.iter().any(|s| s.value == value || array_with(&s.value, value, value).is_some())
}

/// An array as text (manual chapter "Arrays") with an element replaced;
/// `None` where it has no such element.
fn array_with(text: &str, from: &str, to: &str) -> Option<String> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut found = false;
    let elements = elements(inner).into_iter().map(|element| {
        if element == from {
            found = true;
            return quoted(to);
        }
        quoted(&element)
    });
    let elements: Vec<_> = elements.collect();
    found.then(|| format!("{{{}}}", elements.join(",")))
}

/// The elements of an array as text; `None` where it is no plain one, or
/// holds NULL.
pub(crate) fn array_elements(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    if inner.trim().is_empty() || inner.contains(['{', '}']) {
        return None;
    }
    let elements = elements(inner);
    (!elements.iter().any(|element| element.eq_ignore_ascii_case("null"))).then_some(elements)
}

fn elements(inner: &str) -> Vec<String> {
    let mut elements = vec![String::new()];
    let (mut in_quotes, mut chars, mut blanks) = (false, inner.chars(), String::new());
    while let Some(c) = chars.next() {
        let last = elements.len() - 1;
        match c {
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => elements.push(String::new()),
            // Spaces count between the words of an element only.
            c if c.is_whitespace() && !in_quotes => {
                blanks.push(c);
                continue;
            }
            c => {
                if !elements[last].is_empty() {
                    elements[last].push_str(&blanks);
                }
                elements[last].push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
            }
        }
        blanks.clear();
    }
    elements
}

fn quoted(element: &str) -> String {
    let plain = !element.is_empty()
        && !element.eq_ignore_ascii_case("null")
        && !element.contains(|c: char| c.is_whitespace() || "{},\"\\".contains(c));
    if plain {
        return element.to_owned();
    }
    format!("\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_arrays_are_renamed() {
        for (text, expected) in [
            ("{a,b}", Some("{x y,b}")),
            ("{ \"a\" , \"c d\"}", Some("{x y,\"c d\"}")),
            ("{b}", None),
            ("a", None),
            ("{}", None),
        ] {
            let expected = expected.map(|text| text.replace("x y", "\"x y\""));
            assert_eq!(array_with(text, "a", "x y"), expected, "{text}");
        }
    }
}
