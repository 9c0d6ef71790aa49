//! Which strings of an expression are values of an enum type.

use std::ops::Range;

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::{Schema, Table};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName, literal};
use crate::types::Type;
use crate::typing::{Given, Typing};

/// What a string stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// A value of the enum.
    Value,
    /// An array of values, `{a,b}`.
    Array,
    /// Something else.
    Other,
    /// The model can not tell.
    Unknown,
}

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
        let whole = whole.map_or(Meaning::Other, |column| self.of_type(&column.ty));
        let strings = expr.facts().string_nodes().into_iter();
        let replaced = strings.filter_map(|(range, node, text)| {
            let renamed = match self.meaning(&node, whole) {
                Meaning::Array => array_with(&text, from, to)?,
                Meaning::Value | Meaning::Unknown if text == from => to.to_owned(),
                _ => return None,
            };
            Some((range, literal(&renamed)))
        });
        replaced.collect()
    }

    fn of_type(&self, ty: &Type) -> Meaning {
        match (ty.is_named(self.name), ty.array) {
            (true, false) => Meaning::Value,
            (true, true) => Meaning::Array,
            (false, _) => Meaning::Other,
        }
    }

    /// What stands at the place of a node, by what is around it.
    fn meaning(&self, node: &SyntaxNode, whole: Meaning) -> Meaning {
        let Some(parent) = node.parent() else { return whole };
        match parent.kind() {
            SyntaxKind::TARGET | SyntaxKind::SELECT_CLAUSE => whole,
            SyntaxKind::PAREN_EXPR | SyntaxKind::ELSE_CLAUSE | SyntaxKind::CASE_EXPR
            | SyntaxKind::WHEN_CLAUSE_LIST => self.meaning(&parent, whole),
            SyntaxKind::CAST_EXPR => self.cast(&parent),
            SyntaxKind::BIN_EXPR | SyntaxKind::BETWEEN_EXPR => self.operand(node, &parent),
            SyntaxKind::WHEN_CLAUSE => self.when(node, &parent, whole),
            SyntaxKind::ARRAY_EXPR => match self.meaning(&parent, whole) {
                Meaning::Array => Meaning::Value,
                _ => Meaning::Other,
            },
            SyntaxKind::ANY_FN | SyntaxKind::ALL_FN | SyntaxKind::SOME_FN => {
                self.in_any(&parent, whole)
            }
            SyntaxKind::ARG => self.argument(&parent, whole),
            _ => Meaning::Unknown,
        }
    }

    fn cast(&self, node: &SyntaxNode) -> Meaning {
        match self.typing().node(node) {
            Some(Given::Typed(ty)) => self.of_type(&ty),
            _ => Meaning::Other,
        }
    }

    /// Both sides of a comparison are of one type.
    fn operand(&self, node: &SyntaxNode, parent: &SyntaxNode) -> Meaning {
        let others = parent.children().filter(|child| child != node);
        let joins = parent.children().any(|child| {
            child.kind() == SyntaxKind::CUSTOM_OP && child.text() == "||"
        });
        match others.filter_map(|other| self.known(&other)).next() {
            Some(Meaning::Value) if joins => Meaning::Other,
            found => found.unwrap_or(Meaning::Unknown),
        }
    }

    fn known(&self, node: &SyntaxNode) -> Option<Meaning> {
        let call = Some(node).filter(|node| node.kind() == SyntaxKind::CALL_EXPR);
        let list = call.and_then(|call| call.children().next()).filter(is_list);
        if let Some(list) = list {
            return match self.known(&list.children().next()?)? {
                Meaning::Array => Some(Meaning::Value),
                _ => Some(Meaning::Other),
            };
        }
        match self.typing().node(node)? {
            Given::Typed(ty) => Some(self.of_type(&ty)),
            Given::String(_) | Given::Null => None,
        }
    }

    /// `case x when 'a' then 'b' end`: the first is compared with `x`.
    fn when(&self, node: &SyntaxNode, clause: &SyntaxNode, whole: Meaning) -> Meaning {
        let is_condition = clause.children().next().as_ref() == Some(node);
        let case = clause.ancestors().find(|node| node.kind() == SyntaxKind::CASE_EXPR);
        let Some(case) = case else { return Meaning::Unknown };
        if is_condition {
            let subject = case.children().next();
            return subject.and_then(|subject| self.known(&subject)).unwrap_or(Meaning::Unknown);
        }
        self.meaning(&case, whole)
    }

    /// `x = any ('{a,b}')`
    fn in_any(&self, list: &SyntaxNode, whole: Meaning) -> Meaning {
        let Some(call) = list.parent() else { return Meaning::Unknown };
        match self.meaning(&call, whole) {
            Meaning::Value => Meaning::Array,
            other => other,
        }
    }

    /// `coalesce` and its kin give what they are given; other functions tell
    /// the type of no string.
    fn argument(&self, argument: &SyntaxNode, whole: Meaning) -> Meaning {
        let Some(list) = argument.parent() else { return Meaning::Unknown };
        let Some(call) = list.parent() else { return Meaning::Unknown };
        let name = call.children().next().map(|name| name.text().to_string().to_lowercase());
        let same = ["coalesce", "greatest", "least", "nullif"];
        if !name.is_some_and(|name| same.contains(&name.as_str())) {
            return Meaning::Other;
        }
        let others = list.children().filter(|other| other != argument);
        let mut known = others.filter_map(|other| self.known(&other.children().next()?));
        known.next().unwrap_or_else(|| self.meaning(&call, whole))
    }

    fn typing(&self) -> Typing<'_> {
        Typing { schema: self.schema, table: Some(self.table) }
    }
}

fn is_list(node: &SyntaxNode) -> bool {
    matches!(node.kind(), SyntaxKind::ANY_FN | SyntaxKind::ALL_FN | SyntaxKind::SOME_FN)
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

fn elements(inner: &str) -> Vec<String> {
    let mut elements = vec![String::new()];
    let (mut in_quotes, mut chars) = (false, inner.chars());
    while let Some(c) = chars.next() {
        let last = elements.len() - 1;
        match c {
            '"' => in_quotes = !in_quotes,
            '\\' => elements[last].extend(chars.next()),
            ',' if !in_quotes => elements.push(String::new()),
            c if c.is_whitespace() && !in_quotes && elements[last].is_empty() => {}
            c => elements[last].push(c),
        }
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
