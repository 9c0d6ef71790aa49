//! What must be of one type: the results of `case`, the elements of an array,
//! the arguments of `coalesce` (manual chapter "Type Conversion", section
//! "UNION, CASE, and Related Constructs").

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::operands::{becomes, format_of};
use crate::known;
use crate::types::Type;
use crate::typing::{Given, Typing};

impl Typing<'_> {
    /// Two parts of an expression that can not be of one type.
    pub(super) fn no_common_type(&self, node: &SyntaxNode) -> Option<String> {
        let (what, parts) = parts_of(node)?;
        let mut types = parts.iter().filter_map(|part| self.known_type(part));
        let first = types.next()?;
        let other = types.find(|other| self.match_types(&first, other) == Some(false))?;
        Some(format!("{what} can not be both {} and {}", first.language(), other.language()))
    }

    fn known_type(&self, node: &SyntaxNode) -> Option<Type> {
        match self.node(node)? {
            Given::Typed(ty) => Some(ty),
            Given::String(_) | Given::Null => None,
        }
    }

    /// Whether one of two types becomes the other by itself.
    fn match_types(&self, a: &Type, b: &Type) -> Option<bool> {
        let same = a.name == b.name && a.schema == b.schema && a.array == b.array;
        if same || (known::is_string(a) && known::is_string(b)) {
            return Some(true);
        }
        if self.schema.is_enum(a) || self.schema.is_enum(b) {
            let both_known =
                [a, b].iter().all(|ty| self.schema.is_enum(ty) || format_of(ty).is_some());
            return both_known.then_some(false);
        }
        let (a, b) = (format_of(a)?, format_of(b)?);
        Some(becomes(&a, &b) || becomes(&b, &a))
    }

    /// A `when` that is neither true nor false.
    pub(super) fn no_condition(&self, node: &SyntaxNode) -> Option<String> {
        let case = node.ancestors().find(|node| node.kind() == SyntaxKind::CASE_EXPR)?;
        let has_subject = case.children().next()?.kind() != SyntaxKind::WHEN_CLAUSE_LIST;
        let ty = self.known_type(&node.children().next()?).filter(|ty| !ty.is("boolean"))?;
        let message = format!("`when` asks what is true or false, not {}", ty.language());
        (!has_subject).then_some(message)
    }
}

/// The parts of an expression that are of one type, and what they are.
fn parts_of(node: &SyntaxNode) -> Option<(&'static str, Vec<SyntaxNode>)> {
    match node.kind() {
        SyntaxKind::CASE_EXPR => {
            let results = node.descendants().filter(|part| {
                let own = part.ancestors().skip(1).find(|one| one.kind() == SyntaxKind::CASE_EXPR);
                let holds = [SyntaxKind::WHEN_CLAUSE, SyntaxKind::ELSE_CLAUSE];
                holds.contains(&part.kind()) && own.as_ref() == Some(node)
            });
            Some((
                "the results of `case`",
                results.filter_map(|part| part.children().last()).collect(),
            ))
        }
        SyntaxKind::ARRAY_EXPR => {
            let elements: Vec<_> = node.children().collect();
            let is_query = elements.iter().any(|one| {
                one.kind() == SyntaxKind::PAREN_SELECT || one.kind() == SyntaxKind::SELECT
            });
            // A cast of the whole is one of each element.
            let is_cast =
                node.parent().is_some_and(|parent| parent.kind() == SyntaxKind::CAST_EXPR);
            (!is_query && !is_cast).then_some(("the elements of an array", elements))
        }
        SyntaxKind::CALL_EXPR => {
            let name = node.children().next()?.text().to_string().to_lowercase();
            let list = node.children().find(|child| child.kind() == SyntaxKind::ARG_LIST)?;
            let what = match name.as_str() {
                "coalesce" => "the arguments of `coalesce`",
                "greatest" => "the arguments of `greatest`",
                "least" => "the arguments of `least`",
                _ => return None,
            };
            Some((
                what,
                list.children().filter_map(|argument| argument.children().next()).collect(),
            ))
        }
        _ => None,
    }
}
