//! The columns by which a row is found again.

use squawk_syntax::SyntaxKind;

use super::{Row, Upsert, Value};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::Ident;
use crate::known;
use crate::schema::{ConstraintKind, Deferral, Schema, Table};
use crate::types::Type;
use crate::typing::{self, Given};

impl Upsert {
    /// Whether the key is one: each column is there, once, and no two rows have
    /// the same values.
    pub(super) fn check_key(&self, check: &mut Check<'_>, table: &Table) -> bool {
        let known = check.report.diagnostics.len();
        for (at, column) in self.key.iter().enumerate() {
            if self.key[..at].contains(column) {
                let message = format!("column `{column}` is named twice");
                let twice = Diagnostic::new("already_exists", column.origin, message);
                check.report(twice.help("delete it"));
            } else {
                self.column(check, table, column);
            }
        }
        if check.report.diagnostics.len() == known && !table.is_unique(&self.key) {
            check.report(self.not_unique(table));
        }
        // One that was reported before is not reported again, and is none.
        self.key.iter().all(|column| table.column(column.as_str()).is_some())
            && check.report.diagnostics.len() == known
            && self.check_key_values(check, table)
    }

    fn not_unique(&self, table: &Table) -> Diagnostic {
        let (name, key) = (&self.table, written(&self.key));
        let message = format!("`{key}` is no key of `{name}`");
        let origin = self.key.first().map_or(name.origin(), |column| column.origin);
        let mut diagnostic = Diagnostic::new("not_a_key", origin, message);
        let why = why_not(table, &self.key);
        diagnostic.notes.push(why.unwrap_or_else(|| "two rows can have the same".to_owned()));
        let keys: Vec<_> = keys(table).iter().map(|key| format!("`by {key}`")).collect();
        diagnostic.help(match keys.as_slice() {
            [] => format!("write a migration: `alter table {name} add unique {key};`"),
            keys => format!("write {}", keys.join(" or ")),
        })
    }

    /// A computed value of a key may be null only where the column says no; and
    /// what is encrypted is bound to a key whose text is always the same.
    fn check_key_values(&self, check: &mut Check<'_>, table: &Table) -> bool {
        let known = check.report.diagnostics.len();
        for name in &self.key {
            let Some(column) = table.column(name.as_str()) else { continue };
            for value in self.rows.iter().filter_map(|row| row.value(name)) {
                if let Value::Plain(expr) = value
                    && column.nullable
                    && literal(expr).is_none()
                    && typing::given(expr, check.schema, None) != Some(Given::Null)
                    && expr.facts().errors.is_empty()
                {
                    let message = format!("`{name}` may be null here, and no row is found by null");
                    let finding = Diagnostic::new("not_a_key", expr.origin(), message);
                    check.report(finding.help("write a literal"));
                }
            }
            let encrypts = |row: &Row| {
                row.values.iter().any(|given| matches!(given.value, Value::Encrypted { .. }))
            };
            if self.rows.iter().any(encrypts) && !has_one_text(&column.ty, check.schema) {
                let message = format!(
                    "`{name}` is {}, whose text hangs on settings: no encrypted value can be bound to it",
                    column.ty.language()
                );
                let finding = Diagnostic::new("not_a_key", name.origin, message);
                check.report(finding.help("name a key of whole numbers, text, uuid or an enum"));
            }
        }
        check.report.diagnostics.len() == known
    }

    /// Two rows that are found by the same values.
    pub(super) fn check_duplicates(&self, check: &mut Check<'_>, table: &Table) {
        let mut seen: Vec<Vec<String>> = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let values: Option<Vec<_>> =
                self.key.iter().map(|name| self.identity(table, row, name)).collect();
            let Some(values) = values else { continue };
            if seen.contains(&values) {
                let (name, key) = (&self.table, written(&self.key));
                let message = format!("another row of `{name}` has the same `{key}`");
                let origin = self.key.first().and_then(|name| match row.value(name)? {
                    Value::Plain(expr) => Some(expr.origin()),
                    Value::Encrypted { .. } => None,
                });
                let finding =
                    Diagnostic::new("duplicate_key", origin.unwrap_or(row.origin), message);
                check.report(finding.help("delete one of them, or give it another key"));
            }
            seen.push(values);
        }
    }

    /// What a value of the key is compared by: literals as values of their
    /// type, other expressions by their tokens.
    fn identity(&self, table: &Table, row: &Row, name: &Ident) -> Option<String> {
        let Value::Plain(expr) = row.value(name)? else { return None };
        let ty = &table.column(name.as_str())?.ty;
        Some(match literal(expr) {
            Some(text) => format!("= {}", same(&text, ty)),
            None => format!("~ {}", expr.facts().normal()),
        })
    }
}

/// `(a, b)`
fn written(columns: &[Ident]) -> String {
    format!("({})", columns.iter().map(Ident::to_string).collect::<Vec<_>>().join(", "))
}

/// The keys of a table that rows can be found by.
fn keys(table: &Table) -> Vec<String> {
    let of_constraint = table.constraints.values().filter_map(|constraint| {
        let key = constraint.kind.key()?;
        (constraint.deferral == Deferral::NotDeferrable).then(|| key.columns.clone())
    });
    let of_index = table.indexes.values().map(|index| index.unique_columns());
    let mut keys: Vec<_> = of_constraint
        .chain(of_index)
        .filter(|key| !key.is_empty() && key.iter().all(|column| can_be_given(table, column)))
        .map(|key| written(&key))
        .collect();
    keys.sort_by_key(String::len);
    keys.dedup();
    keys
}

fn can_be_given(table: &Table, column: &Ident) -> bool {
    table
        .column(column.as_str())
        .is_some_and(|column| column.generated.is_none() && column.identity.is_none())
}

/// What is almost a key.
fn why_not(table: &Table, columns: &[Ident]) -> Option<String> {
    let same =
        |key: &[Ident]| key.len() == columns.len() && key.iter().all(|c| columns.contains(c));
    let deferrable = table.constraints.iter().find(|(_, constraint)| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => same(&key.columns),
        _ => false,
    });
    if let Some((name, _)) = deferrable {
        return Some(format!(
            "constraint `{name}` is deferrable, so that no upsert can rely on it"
        ));
    }
    let partial = table.indexes.iter().find(|(_, index)| {
        let all = crate::schema::Index { predicate: None, ..(*index).clone() };
        index.predicate.is_some() && same(&all.unique_columns())
    });
    partial.map(|(name, _)| format!("index `{name}` is about some of the rows only"))
}

/// The text of a literal: a string, a number with its sign, true or false;
/// cast or not.
fn literal(expr: &Expr) -> Option<String> {
    let mut node = expr.facts().root()?;
    let mut sign = "";
    loop {
        match node.kind() {
            SyntaxKind::LITERAL => {
                let text = node.text().to_string();
                if text.eq_ignore_ascii_case("null") {
                    return None;
                }
                let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
                let text = inner.map_or(text.clone(), |inner| inner.replace("''", "'"));
                return Some(format!("{sign}{text}"));
            }
            SyntaxKind::PAREN_EXPR | SyntaxKind::CAST_EXPR => node = node.children().next()?,
            SyntaxKind::PREFIX_EXPR if sign.is_empty() => {
                sign = if node.text().to_string().starts_with('-') { "-" } else { "" };
                node = node.children().last()?;
            }
            _ => return None,
        }
    }
}

/// One text for all literals of the same value, as far as the type is known.
fn same(text: &str, ty: &Type) -> String {
    let trimmed = text.trim();
    match ty.name.as_str() {
        "smallint" | "integer" | "bigint" => {
            trimmed.parse::<i64>().map_or_else(|_| trimmed.to_owned(), |number| number.to_string())
        }
        "numeric" => without_zeros(trimmed),
        "boolean" => is_true(trimmed).to_string(),
        "uuid" => {
            trimmed.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase()
        }
        "character" => text.trim_end_matches(' ').to_owned(),
        "citext" => text.to_lowercase(),
        "text" | "character varying" => text.to_owned(),
        _ => trimmed.to_owned(),
    }
}

/// A decimal number without zeros that mean nothing.
fn without_zeros(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let digits = digits.trim_start_matches('+').trim_start_matches('0');
    let digits = match digits.contains('.') && !digits.contains(['e', 'E']) {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => digits,
    };
    if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") }
}

fn is_true(text: &str) -> bool {
    let word = text.to_lowercase();
    word.starts_with(['t', 'y', '1']) || word == "on"
}

/// Whether a value of a type has the same text whatever the session's settings
/// are.
fn has_one_text(ty: &Type, schema: &Schema) -> bool {
    let known = ["smallint", "integer", "bigint", "uuid", "boolean"];
    !ty.array
        && (known.iter().any(|name| ty.is(name)) || known::is_string(ty) || schema.is_enum(ty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_the_same_value_are_the_same() {
        for (ty, a, b) in [
            ("integer", "007", "'7'"),
            ("integer", "-7", "(-7)"),
            ("numeric", "1.50", "1.5"),
            ("numeric", "0.0", "-0"),
            ("boolean", "true", "'yes'"),
            (
                "uuid",
                "'7C9E6679-7425-40de-944b-e07fc1f90ae7'",
                "'7c9e66797425-40de944be07fc1f90ae7'::uuid",
            ),
            ("character", "'a  '", "'a'"),
            ("text", "'it''s'", "'it''s'::text"),
        ] {
            let value =
                |sql: &str| same(&literal(&Expr::computed(sql)).expect(sql), &Type::builtin(ty));
            assert_eq!(value(a), value(b), "{ty}");
        }
        for other in ["null", "lower('a')", "1 + 1", "array[1]"] {
            assert_eq!(literal(&Expr::computed(other)), None, "{other}");
        }
    }
}
