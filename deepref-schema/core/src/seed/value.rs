//! The values of a row.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::{Upsert, Value};
use crate::catalogue::{Volatility, functions};
use crate::check::{Check, Scope};
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::origin::Origin;
use crate::schema::Column;
use crate::typing::{self, Given};

/// The scope of a value: the same tomorrow, without columns of its own row.
const SCOPE: Scope<'static> = Scope { what: "a seed", table: None, query: true, immutable: true };

/// The length of an encrypted text: `v1:`, and two digits for each byte of the
/// nonce, the text and the tag.
pub(super) fn encrypted_length(text: &str) -> usize {
    3 + 2 * (12 + text.len() + 16)
}

impl Upsert {
    /// A value as it is sent: of the column's type, and the same tomorrow.
    pub(super) fn check_value(
        &self,
        check: &mut Check<'_>,
        column: &Column,
        value: &Value,
    ) -> Value {
        match value {
            Value::Plain(expr) => Value::Plain(self.check_plain(check, column, expr)),
            Value::Encrypted { text, origin } => {
                self.check_encrypted(check, column, text, *origin);
                value.clone()
            }
        }
    }

    fn check_plain(&self, check: &mut Check<'_>, column: &Column, written: &Expr) -> Expr {
        let known = check.report.diagnostics.len();
        let expr = check.expression(written, SCOPE);
        if check.report.diagnostics.len() == known {
            check.same_tomorrow(&expr);
        }
        if check.report.diagnostics.len() > known {
            return expr;
        }
        if typing::given(&expr, check.schema, None) == Some(Given::Null) {
            self.check_null(check, column, &expr);
        } else {
            check.assignable(&column.ty, &expr, "value", None);
        }
        expr
    }

    fn check_null(&self, check: &mut Check<'_>, column: &Column, expr: &Expr) {
        let name = &column.name;
        let message = if !column.nullable {
            format!("column `{name}` can not be null")
        } else if self.key.contains(name) {
            format!("`{name}` is null, and no row is found by null")
        } else {
            return;
        };
        check.report(Diagnostic::new("missing_value", expr.origin(), message).help("give a value"));
    }

    /// An encrypted text fits into a column of text, and differs each time.
    fn check_encrypted(&self, check: &mut Check<'_>, column: &Column, text: &str, origin: Origin) {
        let name = &column.name;
        if self.key.contains(name) {
            let message = format!(
                "`{name}` is encrypted, which gives another text each time: no row is found by it"
            );
            let finding = Diagnostic::new("not_a_key", origin, message);
            check.report(finding.help("delete `encrypted`, or name another key in `by (…)`"));
            return;
        }
        let (ty, length) = (&column.ty, encrypted_length(text));
        let holds: Option<usize> = ty.modifiers.first().and_then(|most| most.parse().ok());
        let is_text = !ty.array && (ty.is("text") || ty.is("character varying"));
        let message = match holds {
            _ if !is_text => format!("an encrypted value is text, the column {}", ty.language()),
            Some(most) if most < length => {
                format!("encrypted it has {length} characters, the column holds {most}")
            }
            _ => return,
        };
        let help = match is_text {
            true => format!(
                "write a migration: `alter table {} alter column {name} type text;`",
                self.table
            ),
            false => "delete `encrypted`, or name a column of text".to_owned(),
        };
        check.report(Diagnostic::new("wrong_type", origin, message).help(help));
    }
}

impl Check<'_> {
    /// What a query in a value calls gives the same tomorrow; [`Check::expression`]
    /// has looked at all else.
    fn same_tomorrow(&mut self, expr: &Expr) {
        if !expr.facts().has_query {
            return;
        }
        let Some(root) = expr.facts().root() else { return };
        for node in root.descendants() {
            let Some(word) = changing(&node) else { continue };
            let message =
                format!("`{word}` can give something else tomorrow, which a seed can not use");
            let origin = expr.origin_at(expr.facts().offset_of(&node));
            self.report(Diagnostic::new("not_immutable", origin, message));
        }
    }
}

/// The function or the word whose result is another one each time.
fn changing(node: &SyntaxNode) -> Option<String> {
    if node.kind() == SyntaxKind::NAME_REF {
        let word = node.text().to_string().to_lowercase();
        return crate::expr::is_reserved_value(&word).then_some(word);
    }
    let callee = (node.kind() == SyntaxKind::CALL_EXPR).then(|| node.children().next())??;
    let name = callee.text().to_string().to_lowercase();
    let mut rows = functions::named(&name).peekable();
    let changes = rows.peek().is_some() && rows.all(|row| row.volatility != Volatility::Immutable);
    changes.then(|| format!("{name}()"))
}
