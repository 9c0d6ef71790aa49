use super::Check;
use crate::diagnostic::Diagnostic;
use crate::expr::{ColumnUse, Expr};
use crate::ident::{Ident, ObjectName};
use crate::schema::Table;
use crate::typing;

/// Where an expression stands, which says what it may use.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// What it is for, in words: `a default`, `a check`.
    pub what: &'static str,
    /// The table whose columns it may use.
    pub table: Option<(&'a ObjectName, &'a Table)>,
    /// Whether it may hold a query.
    pub query: bool,
    /// Whether it must give the same tomorrow.
    pub immutable: bool,
}

impl<'a> Scope<'a> {
    /// A default: no column, no query.
    pub fn default_value() -> Self {
        Self { what: "a default", table: None, query: false, immutable: false }
    }

    /// An expression about the rows of a table.
    pub fn rows(what: &'static str, name: &'a ObjectName, table: &'a Table) -> Self {
        Self { what, table: Some((name, table)), query: false, immutable: false }
    }

    /// The same, of which the result is stored.
    pub fn stored(what: &'static str, name: &'a ObjectName, table: &'a Table) -> Self {
        Self { immutable: true, ..Self::rows(what, name, table) }
    }
}

impl Check<'_> {
    /// An expression, checked and with the types in it resolved.
    pub fn expression(&mut self, expr: &Expr, scope: Scope<'_>) -> Expr {
        let (facts, known) = (expr.facts(), self.report.diagnostics.len());
        if let Some(error) = facts.errors.first() {
            let message = format!("this is no expression of SQL: {}", error.message);
            self.report(Diagnostic::new("syntax", expr.origin_at(error.offset), message));
            return expr.clone();
        }
        if facts.has_query && !scope.query {
            let message = format!("{} can not hold a query", scope.what);
            self.report(Diagnostic::new("query_in_expression", expr.origin(), message));
        }
        for used in &facts.columns {
            self.column_use(expr, used, scope);
        }
        if facts.has_query && scope.query {
            self.queries(expr, scope);
        }
        if !facts.has_query {
            self.no_aggregates(expr, scope.what);
        }
        if scope.immutable {
            self.immutable(expr, scope);
        }
        self.null_comparisons(expr);
        self.reserved_columns(expr, scope);
        self.strings_like_columns(expr, scope);
        let resolved = self.known_names(expr);
        if self.report.diagnostics.len() == known {
            self.readable_strings(&resolved, scope);
        }
        if self.report.diagnostics.len() == known {
            self.operands(&resolved, scope);
        }
        resolved
    }

    /// A string beside a value of another type is read as one of that type.
    fn readable_strings(&mut self, expr: &Expr, scope: Scope<'_>) {
        let table = scope.table.map(|(_, table)| table);
        for (range, message) in typing::unreadable_strings(expr, self.schema, table) {
            let text = expr.sql()[range.clone()].trim_matches('\'');
            // A text search configuration may come from raw SQL.
            if !self.report.doubts_by_sql(text) {
                let origin = expr.origin_at(range.start);
                self.report(Diagnostic::new("wrong_type", origin, message));
            }
        }
    }

    fn column_use(&mut self, expr: &Expr, used: &ColumnUse, scope: Scope<'_>) {
        let origin = expr.origin_at(used.range.start);
        let column = Ident::new(used.name.as_str(), origin);
        let Some((table_name, table)) = scope.table else {
            let message = format!("{} can not use a column, `{column}`", scope.what);
            let help = format!("for a string write {:?}", used.name);
            self.report(Diagnostic::new("column_in_default", origin, message).help(help));
            return;
        };
        if let Some((range, qualifier)) = &used.qualifier
            && table_name.name != **qualifier
        {
            let message =
                format!("`{qualifier}` is not the table of this expression, `{table_name}`");
            let origin = expr.origin_at(range.start);
            self.report(Diagnostic::new("unknown_table", origin, message));
            return;
        }
        if table.column(&used.name).is_none() && used.name == *table_name.name.as_str() {
            let message = format!("`{column}` is the whole row of `{table_name}` here");
            self.report(Diagnostic::new("whole_row", origin, message).help("name a column"));
        } else {
            self.column_of(table_name, table, &column);
        }
    }

    /// `user` is the session's user even where a column has that name.
    fn reserved_columns(&mut self, expr: &Expr, scope: Scope<'_>) {
        let Some((table_name, table)) = scope.table else { return };
        for used in &expr.facts().reserved {
            if table.column(&used.word).is_none() {
                continue;
            }
            let word = &used.word;
            let (is, write) = match word.as_str() {
                "user" => ("the session's user".to_owned(), "current_user"),
                word => (format!("what `{word}` is in SQL"), word),
            };
            let message = format!("`{word}` is {is} here, and a column of `{table_name}`");
            let help = match word.as_str() {
                "user" => format!("write `r#user` for the column, `{write}` for the user"),
                _ => format!("write `r#{word}` for the column"),
            };
            let origin = expr.origin_at(used.range.start);
            self.report(Diagnostic::new("reserved_word", origin, message).help(help));
        }
    }

    fn strings_like_columns(&mut self, expr: &Expr, scope: Scope<'_>) {
        let Some((table_name, table)) = scope.table else { return };
        for string in &expr.facts().strings {
            if table.column(&string.value).is_some() {
                let value = &string.value;
                let message =
                    format!("\"{value}\" is a string, and `{value}` a column of `{table_name}`");
                let origin = expr.origin_at(string.range.start);
                let help = format!("write `{value}` for the column");
                self.report(Diagnostic::new("string_names_column", origin, message).help(help));
            }
        }
    }

    /// `= null` is never true.
    fn null_comparisons(&mut self, expr: &Expr) {
        if let Some(offset) = expr.facts().null_comparison {
            let message = "nothing is equal to null, not even null";
            let diagnostic = Diagnostic::new("null_comparison", expr.origin_at(offset), message);
            self.report(diagnostic.help("write `is null` or `is not null`"));
        }
    }
}
