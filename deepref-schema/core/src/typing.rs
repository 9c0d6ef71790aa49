//! The type of an expression, where it can be told; and whether a literal is
//! a value of a type.
//!
//! `None` means that the model does not know, never that something is wrong.

mod literals;
mod places;

use squawk_syntax::{SyntaxKind, SyntaxNode};

pub(crate) use literals::judges;
pub use literals::why_no_value;
pub(crate) use places::{Place, placed_strings, unreadable_strings};

use crate::catalogue::functions;
use crate::expr::Expr;
use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName};
use crate::known;
use crate::schema::{Schema, Table};
use crate::types::Type;

/// What an expression gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A string literal that no cast gives a type: it becomes what is needed.
    String(String),
    /// NULL.
    Null,
    /// A value of a type.
    Typed(Type),
}

/// What an expression gives, in a table whose columns it may use.
pub fn given(expr: &Expr, schema: &Schema, table: Option<&Table>) -> Option<Given> {
    let root = expr.facts().root()?;
    Typing { schema, table }.node(&root)
}

/// What the parts of an expression are typed by.
pub(crate) struct Typing<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) table: Option<&'a Table>,
}

impl Typing<'_> {
    /// What a part of an expression gives.
    pub(crate) fn node(&self, node: &SyntaxNode) -> Option<Given> {
        match node.kind() {
            SyntaxKind::PAREN_EXPR => self.node(&node.children().next()?),
            SyntaxKind::COLLATE => self.node(&node.children().next()?),
            SyntaxKind::LITERAL => literal(node),
            SyntaxKind::NAME_REF => self.name(&node.text().to_string()),
            SyntaxKind::CAST_EXPR => self.cast(node).map(Given::Typed),
            SyntaxKind::CALL_EXPR => self.call(node).map(Given::Typed),
            SyntaxKind::PREFIX_EXPR => self.prefix(node),
            SyntaxKind::BIN_EXPR => self.binary(node).map(Given::Typed),
            SyntaxKind::BETWEEN_EXPR => Some(Given::Typed(Type::builtin("boolean"))),
            _ => None,
        }
    }

    fn typed(&self, node: &SyntaxNode) -> Option<Type> {
        match self.node(node)? {
            Given::Typed(ty) => Some(ty),
            Given::String(_) | Given::Null => None,
        }
    }

    fn name(&self, text: &str) -> Option<Given> {
        let value = match text.to_lowercase().as_str() {
            "current_date" => "date",
            "current_timestamp" => "timestamp with time zone",
            "localtimestamp" => "timestamp without time zone",
            "current_time" => "time with time zone",
            "localtime" => "time without time zone",
            "current_user" | "session_user" | "user" | "current_role" | "current_schema"
            | "current_catalog" => "name",
            _ => {
                let name = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let folded = text.to_lowercase();
                let column = self.table?.column(name.unwrap_or(&folded))?;
                return Some(Given::Typed(column.ty.clone()));
            }
        };
        Some(Given::Typed(Type::builtin(value)))
    }

    fn cast(&self, node: &SyntaxNode) -> Option<Type> {
        let target = node.children().find(|child| is_type(child.kind()))?;
        type_of(self.schema, &target.text().to_string())
    }

    /// A call whose result does not hang on which of several functions it is.
    fn call(&self, node: &SyntaxNode) -> Option<Type> {
        let callee = node.children().next().filter(|child| child.kind() == SyntaxKind::NAME_REF)?;
        let name = callee.text().to_string().to_lowercase();
        let list = node.children().find(|child| child.kind() == SyntaxKind::ARG_LIST)?;
        let count = list.children().filter(|child| child.kind() == SyntaxKind::ARG).count();
        let mut results: Vec<_> = functions::named(&name)
            .filter(|function| function.accepts(count) && !function.returns_set)
            .map(|function| function.result)
            .collect();
        results.sort_unstable();
        results.dedup();
        let [result] = results.as_slice() else { return None };
        type_of(self.schema, result).filter(|_| !result.starts_with("any"))
    }

    fn prefix(&self, node: &SyntaxNode) -> Option<Given> {
        let operand = node.children().last()?;
        match node.first_token()?.kind() {
            SyntaxKind::NOT_KW => Some(Given::Typed(Type::builtin("boolean"))),
            SyntaxKind::MINUS | SyntaxKind::PLUS => self.node(&operand),
            _ => None,
        }
    }

    fn binary(&self, node: &SyntaxNode) -> Option<Type> {
        let operator = operator_of(node);
        let mut operands = node.children().filter(|child| !is_sign(child.kind()));
        let (left, right) = (operands.next()?, operands.last());
        match operator.as_str() {
            sign if GIVE_TRUTH.contains(&sign) => Some(Type::builtin("boolean")),
            "+" | "-" | "*" => {
                let (a, b) = (self.typed(&left)?, self.typed(&right?)?);
                let number = |ty: &Type| ["integer", "bigint", "numeric"].iter().any(|n| ty.is(n));
                (number(&a) && a.name == b.name).then(|| Type { modifiers: Vec::new(), ..a })
            }
            _ => None,
        }
    }
}

/// The operator of an expression with two sides.
pub(crate) fn operator_of(node: &SyntaxNode) -> String {
    let between = node.children_with_tokens().skip(1);
    let mut text = String::new();
    for element in between {
        match element.kind() {
            SyntaxKind::WHITESPACE => {}
            SyntaxKind::CUSTOM_OP => return element.to_string(),
            kind if SIGNS.contains(&kind) => {
                let words = element.to_string().to_lowercase();
                return words.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            _ if element.as_token().is_some() => {
                text.push_str(&element.to_string().to_lowercase());
            }
            _ => break,
        }
    }
    text
}

/// Operators that give what is true or false, whatever they are given.
#[rustfmt::skip]
const GIVE_TRUTH: [&str; 26] = [
    "=", "<", ">", "<=", ">=", "<>", "!=", "and", "or", "is", "is not", "is distinct from",
    "is not distinct from", "in", "not in", "like", "not like", "ilike", "not ilike", "similar to",
    "not similar to", "~", "!~", "@>", "<@", "&&",
];

/// Operators of several words.
const SIGNS: [SyntaxKind; 8] = [
    SyntaxKind::IS_NOT,
    SyntaxKind::IS_DISTINCT_FROM,
    SyntaxKind::IS_NOT_DISTINCT_FROM,
    SyntaxKind::NOT_IN,
    SyntaxKind::NOT_LIKE,
    SyntaxKind::NOT_ILIKE,
    SyntaxKind::SIMILAR_TO,
    SyntaxKind::NOT_SIMILAR_TO,
];

/// Whether a part of an expression with two sides is its operator.
pub(crate) fn is_sign(kind: SyntaxKind) -> bool {
    kind == SyntaxKind::CUSTOM_OP || SIGNS.contains(&kind)
}

fn is_type(kind: SyntaxKind) -> bool {
    format!("{kind:?}").ends_with("_TYPE")
}

/// The type that a piece of SQL names.
pub fn type_of(schema: &Schema, sql: &str) -> Option<Type> {
    let (path, rest) = type_path(sql)?;
    let array = rest.contains('[');
    let rest = rest.split('[').next()?.trim();
    let (before, rest) = rest.split_once('(').unwrap_or((rest, ""));
    let (modifiers, tail) = rest.split_once(')').unwrap_or(("", ""));
    let modifiers =
        modifiers.split(',').map(str::trim).filter(|m| !m.is_empty()).map(str::to_owned).collect();
    let (of, name) = match path.as_slice() {
        [name] => (DEFAULT_SCHEMA, name),
        [schema, name] => (schema.as_str(), name),
        _ => return None,
    };
    // The words of `timestamp (3) with time zone` stand around the modifiers.
    let words = [name.as_str(), before.trim(), tail.trim()];
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let built_in = path.len() == 1 || of == "pg_catalog";
    if let Some(row) = known::builtin_type(&words.join(" ").to_lowercase()).filter(|_| built_in) {
        let ty = Type { modifiers, array, ..Type::builtin(row.format) };
        return Some(known::with_default_modifiers(ty));
    }
    let name = ObjectName::qualified(Ident::computed(of), Ident::computed(name.as_str()));
    schema.enums.contains_key(&name).then(|| Type {
        schema: Some(name.schema),
        name: name.name,
        modifiers: Vec::new(),
        array,
    })
}

/// The path at the beginning of a type, its words folded or freed of their
/// quotes, and what follows it.
fn type_path(sql: &str) -> Option<(Vec<String>, &str)> {
    let (mut path, mut rest) = (Vec::new(), sql.trim_start());
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let doubled = |at: usize| quoted[at + 1..].starts_with('"');
            let mut ends = quoted.match_indices('"').map(|(at, _)| at).peekable();
            let mut end = ends.next()?;
            while doubled(end) {
                ends.next();
                end = ends.next()?;
            }
            path.push(quoted[..end].replace("\"\"", "\""));
            rest = &quoted[end + 1..];
        } else {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            path.push(word.to_lowercase());
            rest = after;
        }
        match rest.trim_start().strip_prefix('.') {
            Some(after) => rest = after.trim_start(),
            None => return Some((path, rest)),
        }
    }
}

fn literal(node: &SyntaxNode) -> Option<Given> {
    let token = node.first_token()?;
    let text = token.text();
    let ty = match token.kind() {
        SyntaxKind::STRING => {
            let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
            return Some(Given::String(inner.replace("''", "'")));
        }
        SyntaxKind::NULL_KW => return Some(Given::Null),
        SyntaxKind::TRUE_KW | SyntaxKind::FALSE_KW => "boolean",
        SyntaxKind::INT_NUMBER if text.parse::<i32>().is_ok() => "integer",
        SyntaxKind::INT_NUMBER if text.parse::<i64>().is_ok() => "bigint",
        SyntaxKind::INT_NUMBER | SyntaxKind::NUMERIC_NUMBER => "numeric",
        _ => return None,
    };
    Some(Given::Typed(Type::builtin(ty)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &str) {
        let found = given(&Expr::computed(sql), &Schema::empty(), None);
        let text = match found {
            Some(Given::Typed(ty)) => ty.sql(),
            Some(Given::String(_)) => "string".to_owned(),
            Some(Given::Null) => "null".to_owned(),
            None => "?".to_owned(),
        };
        assert_eq!(text, expected, "{sql}");
    }

    #[test]
    fn types_of_expressions() {
        check("5", "integer");
        check("-5", "integer");
        check("5000000000", "bigint");
        check("1.5", "numeric");
        check("'x'", "string");
        check("null", "null");
        check("true", "boolean");
        check("now()", "timestamp with time zone");
        check("gen_random_uuid()", "uuid");
        check("'x'::varchar(3)", "character varying(3)");
        check("cast('x' as int[])", "integer[]");
        check("current_timestamp", "timestamp with time zone");
        check("1 + 2", "integer");
        check("1 > 2 and true", "boolean");
        check("abs(1)", "?");
    }

    #[test]
    fn quoted_names_of_types_keep_their_case() {
        let path = |sql| type_path(sql).map(|(path, rest)| (path.join("|"), rest.to_owned()));
        for (sql, names, rest) in [
            ("App.Size[]", "app|size", "[]"),
            ("app.\"Size\"", "app|Size", ""),
            ("\"a.b\" . \"c\"\"d\"(3)", "a.b|c\"d", "(3)"),
            ("timestamp(3) with time zone", "timestamp", "(3) with time zone"),
        ] {
            assert_eq!(path(sql), Some((names.to_owned(), rest.to_owned())), "{sql}");
        }
        check("'x'::timestamp(3) with time zone", "timestamp(3) with time zone");
        check("'x'::double precision[]", "double precision[]");
    }
}
