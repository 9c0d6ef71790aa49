//! What type the strings of an expression are read as, by what is around them.

use std::ops::Range;

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::{Given, Typing, operator_of, why_no_value};
use crate::catalogue::{functions, operators};
use crate::expr::Expr;
use crate::known;
use crate::schema::{Schema, Table};
use crate::types::Type;

/// What a string is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A value of a type.
    Of(Type),
    /// A text.
    Text,
    /// The model can not tell.
    Unknown,
}

/// A string of an expression.
#[derive(Debug)]
pub(crate) struct PlacedString {
    /// Where it stands.
    pub(crate) range: Range<usize>,
    /// What it says.
    pub(crate) text: String,
    /// What it is read as.
    pub(crate) place: Place,
}

/// The strings of an expression. `whole` is the type that the expression
/// itself has to give, where it is that of a column.
pub(crate) fn placed_strings(
    expr: &Expr,
    schema: &Schema,
    table: Option<&Table>,
    whole: Option<&Type>,
) -> Vec<PlacedString> {
    if expr.facts().strings.is_empty() {
        return Vec::new();
    }
    let whole = whole.map_or(Place::Text, |ty| Place::Of(ty.clone()));
    let places = Places { typing: Typing { schema, table }, whole };
    let strings = expr.facts().string_nodes().into_iter();
    strings
        .map(|(range, node, text)| PlacedString { range, text, place: places.of(&node) })
        .collect()
}

/// The strings that PostgreSQL can not read as what they are compared with or
/// cast to, and why.
pub(crate) fn unreadable_strings(
    expr: &Expr,
    schema: &Schema,
    table: Option<&Table>,
) -> Vec<(Range<usize>, String)> {
    let strings = placed_strings(expr, schema, table, None).into_iter();
    let unreadable = strings.filter_map(|string| {
        let Place::Of(ty) = string.place else { return None };
        let ty = Type { modifiers: Vec::new(), ..ty };
        let why = why_no_value(&string.text, &ty, schema)?;
        Some((string.range, format!("{:?} is read as {} here: {why}", string.text, ty.language())))
    });
    unreadable.collect()
}

struct Places<'a> {
    typing: Typing<'a>,
    whole: Place,
}

impl Places<'_> {
    fn of(&self, node: &SyntaxNode) -> Place {
        let Some(parent) = node.parent() else { return self.whole.clone() };
        match parent.kind() {
            SyntaxKind::TARGET => self.whole.clone(),
            SyntaxKind::PAREN_EXPR
            | SyntaxKind::ELSE_CLAUSE
            | SyntaxKind::CASE_EXPR
            | SyntaxKind::WHEN_CLAUSE_LIST => self.of(&parent),
            SyntaxKind::TUPLE_EXPR => self.in_list(&parent),
            SyntaxKind::CAST_EXPR => self.cast(&parent),
            SyntaxKind::BIN_EXPR | SyntaxKind::BETWEEN_EXPR => self.operand(node, &parent),
            SyntaxKind::WHEN_CLAUSE => self.when(node, &parent),
            SyntaxKind::ARRAY_EXPR => element(self.of(&parent)),
            SyntaxKind::ANY_FN | SyntaxKind::ALL_FN | SyntaxKind::SOME_FN => self.in_any(&parent),
            SyntaxKind::ARG => self.argument(&parent),
            _ => Place::Unknown,
        }
    }

    fn cast(&self, node: &SyntaxNode) -> Place {
        match self.typing.node(node) {
            Some(Given::Typed(ty)) => Place::Of(ty),
            _ => Place::Unknown,
        }
    }

    /// Both sides of a comparison are of one type.
    fn operand(&self, node: &SyntaxNode, parent: &SyntaxNode) -> Place {
        let mut others = parent.children().filter(|child| child != node);
        let found = others.find_map(|other| self.known(&other));
        match found {
            Some(ty) if ty.array || compares(parent) => Place::Of(ty),
            // A string beside a value is first taken for one of the same type.
            Some(ty) if between_equals(&operator_of(parent), &ty) => Place::Of(ty),
            Some(_) if operator_of(parent) == "||" => Place::Text,
            _ => Place::Unknown,
        }
    }

    /// `x in ('a', 'b')`
    fn in_list(&self, list: &SyntaxNode) -> Place {
        match list.parent().filter(|parent| parent.kind() == SyntaxKind::BIN_EXPR) {
            Some(parent) => self.operand(list, &parent),
            None => Place::Unknown,
        }
    }

    fn known(&self, node: &SyntaxNode) -> Option<Type> {
        let call = Some(node).filter(|node| node.kind() == SyntaxKind::CALL_EXPR);
        let list = call.and_then(|call| call.children().next()).filter(is_list);
        if let Some(list) = list {
            return self.known(&list.children().next()?).map(|ty| ty.element());
        }
        match self.typing.node(node)? {
            Given::Typed(ty) => Some(ty),
            Given::String(_) | Given::Null => None,
        }
    }

    /// `case x when 'a' then 'b' end`: the first is compared with `x`.
    fn when(&self, node: &SyntaxNode, clause: &SyntaxNode) -> Place {
        let case = clause.ancestors().find(|node| node.kind() == SyntaxKind::CASE_EXPR);
        let Some(case) = case else { return Place::Unknown };
        if clause.children().next().as_ref() == Some(node) {
            let subject = case.children().next();
            return subject
                .and_then(|subject| self.known(&subject))
                .map_or(Place::Unknown, Place::Of);
        }
        self.of(&case)
    }

    /// `x = any ('{a,b}')`
    fn in_any(&self, list: &SyntaxNode) -> Place {
        let Some(call) = list.parent() else { return Place::Unknown };
        match self.of(&call) {
            Place::Of(ty) => Place::Of(Type { array: true, ..ty }),
            other => other,
        }
    }

    /// The configuration that a function of the text search takes first.
    fn wanted(&self, function: &str, count: usize, at: usize) -> Option<Type> {
        let functions = functions::named(function).filter(|row| row.accepts(count));
        let mut wanted: Vec<_> = functions.map(|row| row.arguments().nth(at)).collect();
        wanted.dedup();
        (wanted == [Some("regconfig")]).then(|| Type::builtin("regconfig"))
    }

    /// `coalesce` and its kin give what they are given; what other functions
    /// make of a string hangs on the function.
    fn argument(&self, argument: &SyntaxNode) -> Place {
        let Some(list) = argument.parent() else { return Place::Unknown };
        let Some(call) = list.parent() else { return Place::Unknown };
        let name = call.children().next().map(|name| name.text().to_string().to_lowercase());
        let same = ["coalesce", "greatest", "least", "nullif"];
        let Some(name) = name else { return Place::Text };
        if !same.contains(&name.as_str()) {
            let at = list.children().position(|other| other == *argument);
            let wanted = at.and_then(|at| self.wanted(&name, list.children().count(), at));
            return wanted.map_or(Place::Text, Place::Of);
        }
        let mut others = list.children().filter(|other| other != argument);
        let known = others.find_map(|other| self.known(&other.children().next()?));
        known.map_or_else(|| self.of(&call), Place::Of)
    }
}

fn element(place: Place) -> Place {
    match place {
        Place::Of(ty) if ty.array => Place::Of(ty.element()),
        Place::Of(_) => Place::Unknown,
        other => other,
    }
}

/// Whether there is such an operator between two values of a type (manual
/// chapter "Type Conversion", section "Operators").
fn between_equals(operator: &str, ty: &Type) -> bool {
    known::row_of(ty).is_some_and(|row| {
        operators::between(Some(row.format), operator, Some(row.format)).next().is_some()
    })
}

/// Operators that compare two values of one type.
#[rustfmt::skip]
const COMPARE: [&str; 11] = [
    "=", "<", ">", "<=", ">=", "<>", "!=", "in", "not in", "is distinct from", "is not distinct from",
];

/// Whether an operator is a comparison of two values of one type.
fn compares(node: &SyntaxNode) -> bool {
    node.kind() == SyntaxKind::BETWEEN_EXPR || COMPARE.contains(&operator_of(node).as_str())
}

fn is_list(node: &SyntaxNode) -> bool {
    matches!(node.kind(), SyntaxKind::ANY_FN | SyntaxKind::ALL_FN | SyntaxKind::SOME_FN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_as_what_they_stand_beside() {
        for (sql, expected) in [
            ("5 > 'x'", "integer"),
            ("'x'::date", "date"),
            ("5 in (1, 'x')", "integer"),
            ("'x' = any (array[1]::int[])", "integer"),
            ("now() between 'x' and now()", "timestamp with time zone"),
            ("case 5 when 'x' then 1 end", "integer"),
            ("coalesce(5, 'x')", "integer"),
            ("lower('x')", "text"),
            ("'x'", "text"),
            ("now() + 'x'", "?"),
        ] {
            let found = placed_strings(&Expr::computed(sql), &Schema::empty(), None, None);
            let text = match &found[0].place {
                Place::Of(ty) => ty.sql(),
                Place::Text => "text".to_owned(),
                Place::Unknown => "?".to_owned(),
            };
            assert_eq!(text, expected, "{sql}");
        }
    }
}
