//! Whether the operators, functions and casts of an expression exist for what they are given.
//!
//! Only what is certain is reported: an operand whose type the model can not tell fits everywhere.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::{Check, Scope};
use crate::catalogue::casts::{self, CastContext};
use crate::catalogue::{Volatility, functions, operators};
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::known;
use crate::schema::Schema;
use crate::types::Type;
use crate::typing::{Given, Typing, is_sign, operator_of};

/// What is given to an operator or a function.
enum Operand {
    /// An enum of the schema, or an array of one.
    Enum { array: bool },
    /// A type of the catalogue, by PostgreSQL's name for it.
    Named(String),
    /// The model can not tell.
    Unknown,
}

impl Check<'_> {
    /// Reports the first operator, function or cast that does not exist, and in a stored
    /// expression the first that may give something else tomorrow.
    pub(super) fn operands(&mut self, expr: &Expr, scope: Scope<'_>) {
        let facts = expr.facts();
        let Some(root) = facts.root() else { return };
        // Raw SQL can have made a function of this name for other arguments.
        if facts.functions.iter().any(|used| self.report.doubts_by_sql(&used.name)) {
            return;
        }
        let table = scope.table.map(|(_, table)| table);
        let typing = Typing { schema: self.schema, table };
        let problems = root.descendants().filter(|node| !in_query(node)).find_map(|node| {
            let why = match typing.problem(&node) {
                Some(message) => Some(("wrong_type", message)),
                None if scope.immutable => {
                    typing.changes(&node).map(|what| ("not_immutable", changing(&what, scope.what)))
                }
                None => None,
            };
            why.map(|(rule, message)| (facts.offset_of(&node), rule, message))
        });
        if let Some((offset, rule, message)) = problems {
            self.report(Diagnostic::new(rule, expr.origin_at(offset), message));
        }
    }
}

fn changing(what: &str, scope: &str) -> String {
    format!("{what} hangs on settings or the time, which {scope} can not use")
}

fn in_query(node: &SyntaxNode) -> bool {
    node.ancestors().skip(1).any(|node| node.kind() == SyntaxKind::PAREN_SELECT)
}

impl Typing<'_> {
    fn problem(&self, node: &SyntaxNode) -> Option<String> {
        match node.kind() {
            SyntaxKind::BIN_EXPR => self.no_operator(node),
            SyntaxKind::BETWEEN_EXPR => self.no_order(node),
            SyntaxKind::CALL_EXPR => self.no_common_type(node).or_else(|| self.no_function(node)),
            SyntaxKind::EXTRACT_FN => self.no_extract(node),
            SyntaxKind::CAST_EXPR => self.no_cast(node),
            SyntaxKind::PREFIX_EXPR => self.no_truth(node),
            SyntaxKind::CASE_EXPR | SyntaxKind::ARRAY_EXPR => self.no_common_type(node),
            SyntaxKind::WHEN_CLAUSE => self.no_condition(node),
            _ => None,
        }
    }

    fn no_truth(&self, node: &SyntaxNode) -> Option<String> {
        if node.first_token()?.kind() != SyntaxKind::NOT_KW {
            return None;
        }
        let ty = self.ty(&node.children().last()?).filter(|ty| !ty.is("boolean"))?;
        Some(format!("`not` turns what is true or false, not {}", ty.language()))
    }

    fn no_operator(&self, node: &SyntaxNode) -> Option<String> {
        let name = operator_name(node);
        let (left, right) = operands(node)?;
        let (a, b) = (self.ty(&left), self.ty(&right));
        if matches!(name.as_str(), "and" | "or") {
            let other = [a, b].into_iter().flatten().find(|ty| !ty.is("boolean"))?;
            return Some(format!("`{name}` joins what is true or false, not {}", other.language()));
        }
        if name == "is" && is_truth(&right) {
            let other = a.filter(|ty| !ty.is("boolean"))?;
            return Some(format!(
                "`is {}` asks what is true or false, not {}",
                right.text().to_string().to_lowercase(),
                other.language()
            ));
        }
        if name == "||" && self.joins_char([(&left, a.as_ref()), (&right, b.as_ref())]) {
            let message = "PostgreSQL can not choose a `||` for `\"char\"`: cast it to text";
            return Some(message.to_owned());
        }
        self.no_operator_between(&operator_of(node), a, b)
    }

    /// Whether `"char"` is joined to a string: since PostgreSQL 15 neither of the
    /// two forms of `||` that take it is preferred.
    fn joins_char(&self, sides: [(&SyntaxNode, Option<&Type>); 2]) -> bool {
        let format = |ty: Option<&Type>| ty.and_then(format_of);
        let is_char = |ty: Option<&Type>| format(ty).as_deref() == Some("\"char\"");
        let strings = ["text", "character varying", "character", "name", "\"char\""];
        let is_string = |(node, ty): (&SyntaxNode, Option<&Type>)| match self.node(node) {
            Some(Given::String(_) | Given::Null) => true,
            _ => format(ty).is_some_and(|ty| strings.contains(&ty.as_str())),
        };
        sides.iter().any(|(_, ty)| is_char(*ty)) && sides.into_iter().all(is_string)
    }

    /// `a between b and c`
    fn no_order(&self, node: &SyntaxNode) -> Option<String> {
        // The parser takes what follows by `or` for a part of the second bound.
        let plain = [SyntaxKind::LITERAL, SyntaxKind::NAME_REF, SyntaxKind::CAST_EXPR];
        let mut operands = node.children();
        let value = self.ty(&operands.next()?);
        let mut bounds = operands.filter(|bound| plain.contains(&bound.kind()));
        bounds.find_map(|bound| self.no_operator_between(">=", value.clone(), self.ty(&bound)))
    }

    fn no_operator_between(
        &self,
        written: &str,
        a: Option<Type>,
        b: Option<Type>,
    ) -> Option<String> {
        let mut rows =
            operators::named(name_of(written)).filter(|row| row.left.is_some()).peekable();
        rows.peek()?;
        let (x, y) = (self.operand(a.as_ref()), self.operand(b.as_ref()));
        let fits =
            |wanted: Option<&str>, given: &Operand| wanted.is_some_and(|wanted| given.fits(wanted));
        if rows.any(|row| fits(row.left, &x) && fits(row.right, &y)) {
            return None;
        }
        let shown = |ty: Option<Type>| ty.map_or_else(|| "a string".to_owned(), |ty| ty.language());
        Some(format!("PostgreSQL has no `{written}` between {} and {}", shown(a), shown(b)))
    }

    fn no_function(&self, node: &SyntaxNode) -> Option<String> {
        let callee = node.children().next().filter(|child| child.kind() == SyntaxKind::NAME_REF)?;
        let name = callee.text().to_string().to_lowercase();
        let list = node.children().find(|child| child.kind() == SyntaxKind::ARG_LIST)?;
        let arguments = list.children().filter(|child| child.kind() == SyntaxKind::ARG);
        let types: Vec<_> =
            arguments.map(|argument| self.ty(&argument.children().next()?)).collect();
        let given: Vec<_> = types.iter().map(|ty| self.operand(ty.as_ref())).collect();
        let mut rows = functions::named(&name).filter(|row| row.accepts(given.len())).peekable();
        rows.peek()?;
        let fits = |row: functions::Function| {
            row.variadic || row.arguments().zip(&given).all(|(wanted, given)| given.fits(wanted))
        };
        if rows.any(fits) {
            return None;
        }
        let types: Vec<_> = types.into_iter().flatten().map(|ty| ty.language()).collect();
        Some(format!("no function `{name}` takes {}", types.join(", ")))
    }

    /// `extract(year from a)` is the function `extract(text, a)`.
    fn no_extract(&self, node: &SyntaxNode) -> Option<String> {
        let ty = self.ty(&node.children().last()?)?;
        let given = self.operand(Some(&ty));
        let mut wanted = functions::named("extract").filter_map(|row| row.arguments().nth(1));
        let fits = wanted.any(|wanted| given.fits(wanted));
        (!fits).then(|| {
            format!("`extract` takes a date, a time or an interval, not {}", ty.language())
        })
    }

    fn no_cast(&self, node: &SyntaxNode) -> Option<String> {
        let (from, to) = self.cast_types(node)?;
        let message =
            format!("PostgreSQL has no cast from {} to {}", from.language(), to.language());
        (self.schema.castable(&from, &to) == Some(false)).then_some(message)
    }

    /// A cast or an operator whose result may be another one tomorrow.
    fn changes(&self, node: &SyntaxNode) -> Option<String> {
        match node.kind() {
            SyntaxKind::CAST_EXPR => {
                let (from, to) = self.cast_types(node)?;
                let what = format!("a cast from {} to {}", from.language(), to.language());
                self.cast_changes(&from, &to).then_some(what)
            }
            SyntaxKind::EXTRACT_FN => {
                let of = format_of(&self.ty(&node.children().last()?)?)?;
                let mut rows = functions::named("extract");
                let row = rows.find(|row| row.arguments().nth(1) == Some(of.as_str()))?;
                let changes = row.volatility != Volatility::Immutable;
                changes.then(|| format!("`extract` from {}", of))
            }
            SyntaxKind::BIN_EXPR => {
                let name = operator_name(node);
                let (left, right) = operands(node)?;
                let (left, right) = (format_of(&self.ty(&left)?)?, format_of(&self.ty(&right)?)?);
                let mut rows = operators::between(Some(&left), &name, Some(&right)).peekable();
                rows.peek()?;
                let changes = rows.all(|row| row.volatility != Volatility::Immutable);
                changes.then(|| format!("`{name}` between {left} and {right}"))
            }
            _ => None,
        }
    }

    fn cast_changes(&self, from: &Type, to: &Type) -> bool {
        let is_enum = |ty: &Type| self.schema.is_enum(ty);
        if (is_enum(from) || is_enum(to)) && from.name != to.name {
            return true;
        }
        // An array is written by the functions of its elements.
        if from.array != to.array && (known::is_string(from) || known::is_string(to)) {
            return true;
        }
        let (Some(a), Some(b)) = (format_of(from), format_of(to)) else { return false };
        let rows: Vec<_> = casts::between(&a, &b).filter_map(|cast| cast.volatility).collect();
        if !rows.is_empty() {
            return rows.iter().all(|volatility| *volatility != Volatility::Immutable);
        }
        let dated = ["date", "time", "interval"];
        let is_dated = |ty: &Type| dated.iter().any(|word| ty.name.as_str().starts_with(word));
        (known::is_string(from) && is_dated(to) && !to.array)
            || (known::is_string(to) && is_dated(from) && !from.array)
    }

    fn cast_types(&self, node: &SyntaxNode) -> Option<(Type, Type)> {
        let from = self.ty(&node.children().next()?)?;
        let Some(Given::Typed(to)) = self.node(node) else { return None };
        Some((from, to))
    }

    fn ty(&self, node: &SyntaxNode) -> Option<Type> {
        match self.node(node)? {
            Given::Typed(ty) => Some(ty),
            Given::String(_) | Given::Null => None,
        }
    }

    fn operand(&self, ty: Option<&Type>) -> Operand {
        let Some(ty) = ty else { return Operand::Unknown };
        if self.schema.is_enum(ty) {
            return Operand::Enum { array: ty.array };
        }
        format_of(ty).map_or(Operand::Unknown, Operand::Named)
    }
}

impl Operand {
    /// Whether it can stand where a type is wanted.
    fn fits(&self, wanted: &str) -> bool {
        let any = wanted.starts_with("any") || wanted.starts_with("\"any");
        match self {
            Self::Unknown => true,
            Self::Enum { array: false } => any && wanted != "anyarray" && !is_any_range(wanted),
            Self::Enum { array: true } => {
                any && wanted != "anyenum" && wanted != "anynonarray" && !is_any_range(wanted)
            }
            Self::Named(_) if wanted == "anyenum" => false,
            Self::Named(name) if wanted == "anyarray" => {
                name.ends_with("[]") || name.ends_with("vector")
            }
            Self::Named(name) if wanted == "anynonarray" => !name.ends_with("[]"),
            Self::Named(name) if is_any_range(wanted) => {
                let is_multirange = |name: &str| name.ends_with("multirange");
                name.ends_with("range") && is_multirange(name) == is_multirange(wanted)
            }
            Self::Named(name) => any || becomes(name, wanted),
        }
    }
}

fn is_any_range(wanted: &str) -> bool {
    wanted.starts_with("any") && wanted.ends_with("range")
}

/// Whether a type becomes another one by itself in an expression.
pub(super) fn becomes(name: &str, wanted: &str) -> bool {
    let implicit = |a: &str, b: &str| {
        a == b || casts::between(a, b).any(|cast| cast.context == CastContext::Implicit)
    };
    match (name.strip_suffix("[]"), wanted.strip_suffix("[]")) {
        (Some(name), Some(wanted)) => implicit(name, wanted),
        _ => implicit(name, wanted),
    }
}

pub(super) fn format_of(ty: &Type) -> Option<String> {
    let row = known::row_of(ty)?;
    Some(if ty.array { format!("{}[]", row.format) } else { row.format.to_owned() })
}

fn is_truth(node: &SyntaxNode) -> bool {
    ["true", "false", "unknown"].contains(&node.text().to_string().to_lowercase().as_str())
}

/// The operator as the catalogue has it.
fn operator_name(node: &SyntaxNode) -> String {
    name_of(&operator_of(node)).to_owned()
}

/// An operator as it is written, as the catalogue has it.
fn name_of(written: &str) -> &str {
    match written {
        "!=" => "<>",
        "in" | "not in" | "is distinct from" | "is not distinct from" => "=",
        "is not" => "is",
        "like" => "~~",
        "ilike" => "~~*",
        "not like" => "!~~",
        "not ilike" => "!~~*",
        "similar to" => "~",
        "not similar to" => "!~",
        other => other,
    }
}

/// The two sides; nothing where one is a list.
fn operands(node: &SyntaxNode) -> Option<(SyntaxNode, SyntaxNode)> {
    let mut sides = node.children().filter(|child| !is_sign(child.kind()));
    let (left, right) = (sides.next()?, sides.next()?);
    let is_list = |node: &SyntaxNode| node.kind() == SyntaxKind::TUPLE_EXPR;
    (sides.next().is_none() && !is_list(&left) && !is_list(&right)).then_some((left, right))
}

impl Schema {
    /// The ranges of what a number literal may be in a column of a type.
    pub(super) fn holds_number(ty: &Type, text: &str) -> bool {
        let Ok(value) = text.replace(' ', "").parse::<f64>() else { return true };
        let rounded = value.round();
        match ty.name.as_str() {
            _ if ty.array || ty.schema.is_some() => true,
            "smallint" => (-32_768.0..=32_767.0).contains(&rounded),
            "integer" => (-2_147_483_648.0..=2_147_483_647.0).contains(&rounded),
            "numeric" => match ty.modifiers.as_slice() {
                [precision, scale] => {
                    let digits = |text: &String| text.parse::<i32>().unwrap_or_default();
                    value.abs() < 10f64.powi(digits(precision) - digits(scale))
                }
                _ => true,
            },
            _ => true,
        }
    }
}
