//! The tables and columns that a query in an expression names.
//!
//! What stands beside something that the model can not see into, such as a
//! function or a query in the `from`, may come from there.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::{Check, Scope};
use crate::catalogue::relations;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::schema::Table;

/// What a query can take columns from.
struct Source<'a> {
    /// How it is called in the query.
    name: String,
    /// The table; `None` where the model can not see into it.
    table: Option<(ObjectName, &'a Table)>,
}

impl<'a> Check<'a> {
    /// Reports the tables and columns that do not exist.
    pub(super) fn queries(&mut self, expr: &Expr, scope: Scope<'_>) {
        let Some(root) = expr.facts().root() else { return };
        let queries = root.descendants().filter(|node| node.kind() == SyntaxKind::SELECT);
        let sources: Vec<(SyntaxNode, Vec<Source<'a>>)> = queries
            .map(|query| {
                let sources = self.sources(expr, &query);
                (query, sources)
            })
            .collect();
        for node in root.descendants() {
            let visible: Vec<&Source<'a>> = enclosing(&node)
                .filter_map(|query| sources.iter().find(|(other, _)| *other == query))
                .flat_map(|(_, sources)| sources)
                .collect();
            let in_query = enclosing(&node).next().is_some();
            match node.kind() {
                SyntaxKind::NAME_REF if in_query => self.name(expr, &node, &visible, scope),
                SyntaxKind::FIELD_EXPR if in_query => self.field(expr, &node, &visible, scope),
                _ => {}
            }
        }
    }

    /// What stands in the `from` of a query.
    fn sources(&mut self, expr: &Expr, query: &SyntaxNode) -> Vec<Source<'a>> {
        let own = |node: &SyntaxNode| enclosing(node).next().as_ref() == Some(query);
        let mut sources = Vec::new();
        for node in query.descendants().filter(own) {
            match node.kind() {
                SyntaxKind::RELATION_FROM_ITEM => sources.push(self.relation(expr, &node)),
                kind if is_other_item(kind) => sources.push(Source::opaque()),
                _ => {}
            }
        }
        sources
    }

    fn relation(&mut self, expr: &Expr, item: &SyntaxNode) -> Source<'a> {
        let Some((schema, name)) = path(item, expr) else { return Source::opaque() };
        let alias = item.children().find(|child| child.kind() == SyntaxKind::FROM_ALIAS);
        let called = alias.as_ref().and_then(|alias| Some(text(&alias.children().next()?)));
        // Its columns have other names here.
        let renames = alias.is_some_and(|alias| alias.children().count() > 1);
        let in_catalog = match &schema {
            Some(schema) => *schema == "pg_catalog" || *schema == "information_schema",
            None => relations::exists(name.as_str()),
        };
        if in_catalog || renames || has_with(item) {
            return Source::opaque();
        }
        let named = called.unwrap_or_else(|| name.to_string());
        let name = match schema {
            Some(schema) => ObjectName::qualified(schema, name),
            None => ObjectName::unqualified(name),
        };
        let is_sequence =
            self.schema.table(&name).is_none() && self.schema.relation(&name).is_some();
        let table = if is_sequence { None } else { self.table(&name) };
        Source { name: named, table: table.map(|table| (name, table)) }
    }

    /// A column without a table before it.
    fn name(&mut self, expr: &Expr, node: &SyntaxNode, visible: &[&Source<'a>], scope: Scope<'_>) {
        let written = node.text().to_string();
        let column = text(node);
        let sees_all = visible.iter().all(|source| source.table.is_some());
        if !sees_all || is_no_column(node, &written) || is_output(node, &column) {
            return;
        }
        let inner = visible.iter().filter_map(|source| source.table.as_ref());
        let mut tables = inner.map(|(_, table)| *table).chain(scope.table.map(|(_, table)| table));
        let mut names = visible.iter().map(|source| source.name.as_str());
        let is_table = names.any(|name| name == column)
            || scope.table.is_some_and(|(name, _)| name.name == *column.as_str());
        if is_table || tables.any(|table| table.column(&column).is_some()) {
            return;
        }
        let origin = expr.origin_at(expr.facts().offset_of(node));
        match visible {
            [Source { table: Some((name, table)), .. }] => {
                self.column_of(name, table, &Ident::new(column, origin));
            }
            _ => {
                let message = format!("no table of this query has a column `{column}`");
                let key = format!("column {column}");
                self.report_once(key, Diagnostic::new("unknown_column", origin, message));
            }
        }
    }

    /// `table.column`
    fn field(&mut self, expr: &Expr, node: &SyntaxNode, visible: &[&Source<'a>], scope: Scope<'_>) {
        let parts: Vec<SyntaxNode> = node.children().collect();
        let [of, column] = parts.as_slice() else { return };
        if of.kind() != SyntaxKind::NAME_REF || column.kind() != SyntaxKind::NAME_REF {
            return;
        }
        let name = text(of);
        let inner = visible.iter().find(|source| source.name == name);
        let outer = scope.table.filter(|(table, _)| table.name == *name.as_str());
        let found = match (inner, outer) {
            (Some(source), _) => source.table.as_ref().map(|(name, table)| (name, *table)),
            (None, outer) => outer,
        };
        if let Some((table_name, table)) = found {
            let origin = expr.origin_at(expr.facts().offset_of(column));
            self.column_of(table_name, table, &Ident::new(text(column), origin));
        }
    }
}

impl Source<'_> {
    fn opaque() -> Self {
        Self { name: String::new(), table: None }
    }
}

/// The queries around a part of an expression, innermost first.
fn enclosing(node: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> {
    node.ancestors().skip(1).filter(|node| node.kind() == SyntaxKind::SELECT)
}

/// Whether names of the query may be those of a `with`.
fn has_with(node: &SyntaxNode) -> bool {
    let with =
        |node: &SyntaxNode| node.children().any(|child| child.kind() == SyntaxKind::WITH_CLAUSE);
    node.ancestors().any(|node| with(&node))
}

/// What else can stand in a `from`.
fn is_other_item(kind: SyntaxKind) -> bool {
    kind != SyntaxKind::RELATION_FROM_ITEM && format!("{kind:?}").ends_with("_FROM_ITEM")
}

/// The schema and the name of a relation.
fn path(item: &SyntaxNode, expr: &Expr) -> Option<(Option<Ident>, Ident)> {
    let name = item.children().find(|child| child.kind() == SyntaxKind::RELATION_NAME_REF)?;
    let segments = name.descendants().filter(|node| node.kind() == SyntaxKind::PATH_SEGMENT_REF);
    let mut parts =
        segments.map(|node| Ident::new(text(&node), expr.origin_at(expr.facts().offset_of(&node))));
    match (parts.next()?, parts.next(), parts.next()) {
        (name, None, _) => Some((None, name)),
        (schema, Some(name), None) => Some((Some(schema), name)),
        _ => None,
    }
}

/// The name that a word stands for: folded, or freed of its quotes.
fn text(node: &SyntaxNode) -> String {
    let text = node.text().to_string();
    match text.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => text.trim().to_lowercase(),
    }
}

/// A function's name, a part of a path, or a word of the grammar.
fn is_no_column(node: &SyntaxNode, written: &str) -> bool {
    let Some(parent) = node.parent() else { return true };
    let is_first = parent.children().next().as_ref() == Some(node);
    let elsewhere = match parent.kind() {
        SyntaxKind::CALL_EXPR => is_first,
        SyntaxKind::FIELD_EXPR => true,
        SyntaxKind::BIN_EXPR => !is_first && crate::typing::operator_of(&parent).starts_with("is"),
        _ => false,
    };
    let is_word = node.first_token().is_some_and(|token| token.kind() != SyntaxKind::IDENT);
    elsewhere || (is_word && !written.starts_with('"'))
}

/// Whether it is the name of a result, as in `order by`.
fn is_output(node: &SyntaxNode, column: &str) -> bool {
    enclosing(node).any(|query| {
        let mut outputs = query.descendants().filter(|one| one.kind() == SyntaxKind::COLUMN_NAME);
        outputs.any(|output| text(&output) == *column)
    })
}
