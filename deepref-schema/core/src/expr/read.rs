//! Reads an expression with a real PostgreSQL grammar and notes what it uses.

use std::ops::Range;
use std::sync::OnceLock;

use squawk_syntax::{Parse, SourceFile, SyntaxKind, SyntaxNode, SyntaxToken};

use super::uses::{ColumnUse, FunctionUse, ReservedUse, StringUse, SyntaxError, TypeUse};

/// What stands before the expression in the text that is parsed.
const BEFORE: &str = "select (";

/// What an expression uses. Ranges are byte offsets into its SQL.
#[derive(Debug)]
pub struct Facts {
    /// Where it is no expression of SQL.
    pub errors: Vec<SyntaxError>,
    /// The columns, in order.
    pub columns: Vec<ColumnUse>,
    /// The functions that are called by name, in order.
    pub functions: Vec<FunctionUse>,
    /// The types of casts, in order.
    pub types: Vec<TypeUse>,
    /// The string literals, in order.
    pub strings: Vec<StringUse>,
    /// Reserved words that stand for a value: `current_user`, `user`.
    pub reserved: Vec<ReservedUse>,
    /// Whether it holds a query; what that uses is not noted.
    pub has_query: bool,
    /// Where something is compared with NULL by an operator.
    pub null_comparison: Option<usize>,
    /// The tokens in one normal form, for comparisons.
    pub(super) normal: String,
    /// The name that PostgreSQL gives to a column made by the expression.
    pub(crate) output_name: OnceLock<String>,
    is_simple: OnceLock<bool>,
    parse: Parse<SourceFile>,
}

impl Facts {
    /// Whether it is one literal, one call or one word.
    pub(super) fn is_simple(&self) -> bool {
        let simple = [SyntaxKind::LITERAL, SyntaxKind::CALL_EXPR, SyntaxKind::NAME_REF];
        let read = || self.root().is_some_and(|root| simple.contains(&root.kind()));
        *self.is_simple.get_or_init(read)
    }

    /// The tokens in one normal form.
    pub(crate) fn normal(&self) -> &str {
        &self.normal
    }

    /// Whether it is a name, cast or not.
    pub(crate) fn is_cast_chain(&self) -> bool {
        let chain = [SyntaxKind::NAME_REF, SyntaxKind::CAST_EXPR, SyntaxKind::PAREN_EXPR];
        let next = |node: &SyntaxNode| node.children().next();
        std::iter::successors(self.root(), next).all(|node| chain.contains(&node.kind()))
    }

    /// The byte of the expression at which one of its nodes begins.
    pub(crate) fn offset_of(&self, node: &SyntaxNode) -> usize {
        usize::from(node.text_range().start()).saturating_sub(BEFORE.len())
    }

    /// The string literals: where they stand, their nodes, and what they say.
    pub(crate) fn string_nodes(&self) -> Vec<(Range<usize>, SyntaxNode, String)> {
        let literals = self.root().into_iter().flat_map(|root| root.descendants());
        let literals = literals.filter(|node| node.kind() == SyntaxKind::LITERAL);
        let strings = literals.filter_map(|node| {
            let token = word(&node).filter(|token| token.kind() == SyntaxKind::STRING)?;
            Some((range(&token), node, string(token.text())))
        });
        strings.collect()
    }

    /// The node of the expression itself, where it is one.
    pub(crate) fn root(&self) -> Option<SyntaxNode> {
        let root = self.parse.syntax_node();
        let paren = root.descendants().find(|node| node.kind() == SyntaxKind::PAREN_EXPR)?;
        (usize::from(paren.text_range().start()) == BEFORE.len() - 1
            && paren.text_range().end() == root.text_range().end())
        .then_some(paren)
        .and_then(|paren| paren.children().next())
    }
}

/// Reads an expression.
pub(super) fn read(sql: &str) -> Facts {
    let parse = SourceFile::parse(&format!("{BEFORE}{sql})"));
    let mut facts = Facts {
        errors: errors(&parse, sql),
        columns: Vec::new(),
        functions: Vec::new(),
        types: Vec::new(),
        strings: Vec::new(),
        reserved: Vec::new(),
        has_query: false,
        null_comparison: None,
        normal: normal(&parse),
        output_name: OnceLock::new(),
        is_simple: OnceLock::new(),
        parse,
    };
    match facts.root() {
        Some(root) => visit(&root, &mut facts),
        None if facts.errors.is_empty() => facts
            .errors
            .push(SyntaxError { offset: 0, message: "expected one expression".to_owned() }),
        None => {}
    }
    facts
}

fn errors(parse: &Parse<SourceFile>, sql: &str) -> Vec<SyntaxError> {
    let offset = |at: usize| at.saturating_sub(BEFORE.len()).min(sql.len());
    let mut errors = parse.errors();
    errors.sort_by_key(|error| error.range().start());
    let place =
        |error: &squawk_syntax::syntax_error::SyntaxError| offset(error.range().start().into());
    errors
        .iter()
        .map(|error| SyntaxError { offset: place(error), message: error.message().to_owned() })
        .collect()
}

fn normal(parse: &Parse<SourceFile>) -> String {
    let root = parse.syntax_node();
    let tokens = root.descendants_with_tokens().filter_map(|element| element.into_token());
    let words = tokens.filter(|token| !is_blank(token)).map(|token| normal_token(&token));
    words.collect::<Vec<_>>().join(" ")
}

fn is_blank(token: &SyntaxToken) -> bool {
    matches!(token.kind(), SyntaxKind::WHITESPACE | SyntaxKind::COMMENT)
}

fn normal_token(token: &SyntaxToken) -> String {
    let text = token.text();
    match token.kind() {
        SyntaxKind::IDENT => format!("{:?}", name(text)),
        SyntaxKind::STRING => text.to_owned(),
        _ => text.to_lowercase(),
    }
}

/// The name that an identifier stands for: folded, or freed of its quotes.
fn name(text: &str) -> String {
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => text.to_lowercase(),
    }
}

/// The text that a string literal stands for.
fn string(text: &str) -> String {
    match text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => text.to_owned(),
    }
}

fn range(token: &SyntaxToken) -> Range<usize> {
    let range = token.text_range();
    usize::from(range.start()) - BEFORE.len()..usize::from(range.end()) - BEFORE.len()
}

fn word(node: &SyntaxNode) -> Option<SyntaxToken> {
    let tokens = node.children_with_tokens().filter_map(|element| element.into_token());
    tokens.filter(|token| !is_blank(token)).last()
}

fn visit(node: &SyntaxNode, facts: &mut Facts) {
    match node.kind() {
        SyntaxKind::SELECT => facts.has_query = true,
        SyntaxKind::NAME_REF => visit_name(node, facts),
        SyntaxKind::FIELD_EXPR => visit_field(node, facts),
        SyntaxKind::CALL_EXPR => visit_call(node, facts),
        SyntaxKind::PATH_TYPE => visit_type(node, facts),
        SyntaxKind::LITERAL => visit_literal(node, facts),
        SyntaxKind::BIN_EXPR => visit_binary(node, facts),
        SyntaxKind::COLLATE => visit_all(node.children().take(1), facts),
        _ => visit_all(node.children(), facts),
    }
}

fn visit_binary(node: &SyntaxNode, facts: &mut Facts) {
    let compares = node.children_with_tokens().any(|element| {
        matches!(element.kind(), SyntaxKind::EQ | SyntaxKind::NEQ | SyntaxKind::NEQB)
    });
    let null = node.children().find_map(|child| {
        let token = word(&child).filter(|token| token.kind() == SyntaxKind::NULL_KW);
        token.filter(|_| child.kind() == SyntaxKind::LITERAL)
    });
    if let (true, Some(null)) = (compares, null) {
        facts.null_comparison.get_or_insert(range(&null).start);
    }
    visit_all(node.children(), facts);
}

fn visit_all(nodes: impl Iterator<Item = SyntaxNode>, facts: &mut Facts) {
    for node in nodes {
        visit(&node, facts);
    }
}

/// Words that stand for a value and need no call (manual chapter "SQL Key
/// Words": reserved words that are expressions).
const VALUES: [&str; 14] = [
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
    "user",
    "value",
];

fn visit_name(node: &SyntaxNode, facts: &mut Facts) {
    let Some(token) = word(node) else { return };
    let name = name(token.text());
    if token.text().starts_with('"') {
        facts.columns.push(ColumnUse { qualifier: None, name, range: range(&token) });
    } else if is_reserved_value(&name) {
        facts.reserved.push(ReservedUse { word: name, range: range(&token) });
    } else if !follows_is(node) {
        facts.columns.push(ColumnUse { qualifier: None, name, range: range(&token) });
    }
}

pub(crate) fn is_reserved_value(word: &str) -> bool {
    VALUES.contains(&word) && !matches!(word, "value" | "default")
}

/// `is document`, `is unknown`: words of the grammar, not names.
fn follows_is(node: &SyntaxNode) -> bool {
    let Some(token) = word(node) else { return false };
    let is_word = matches!(
        token.kind(),
        SyntaxKind::DOCUMENT_KW
            | SyntaxKind::NORMALIZED_KW
            | SyntaxKind::UNKNOWN_KW
            | SyntaxKind::JSON_KW
    );
    let before = std::iter::successors(node.prev_sibling_or_token(), |e| e.prev_sibling_or_token());
    let mut words = before.filter(|element| element.kind() != SyntaxKind::WHITESPACE);
    is_word
        && words.next().is_some_and(|e| {
            matches!(e.kind(), SyntaxKind::IS_KW | SyntaxKind::NOT_KW | SyntaxKind::IS_NOT)
        })
}

/// `t.c`, `s.t.c`, `(row).field`
fn visit_field(node: &SyntaxNode, facts: &mut Facts) {
    let mut parts: Vec<_> = node.children().collect();
    let (Some(field), Some(base)) = (parts.pop(), parts.pop()) else {
        return visit_all(node.children(), facts);
    };
    let qualifier = match base.kind() {
        SyntaxKind::NAME_REF => word(&base),
        SyntaxKind::FIELD_EXPR => base.children().last().as_ref().and_then(word),
        _ => return visit(&base, facts),
    };
    if let (Some(qualifier), Some(field)) = (qualifier, word(&field)) {
        facts.columns.push(ColumnUse {
            qualifier: Some((range(&qualifier), name(qualifier.text()))),
            name: name(field.text()),
            range: range(&field),
        });
    }
}

fn visit_call(node: &SyntaxNode, facts: &mut Facts) {
    let Some(callee) = node.children().next() else { return };
    let path = match callee.kind() {
        SyntaxKind::NAME_REF => vec![callee.clone()],
        SyntaxKind::FIELD_EXPR => callee.children().collect(),
        _ => return visit_all(node.children(), facts),
    };
    let words: Vec<_> = path.iter().filter_map(word).collect();
    let arguments = node.children().find(|child| child.kind() == SyntaxKind::ARG_LIST);
    if let Some(last) = words.last() {
        note_call(last, &words, arguments.as_ref(), facts);
    }
    match arguments {
        Some(list) if words.len() == 1 && words[0].text().eq_ignore_ascii_case("normalize") => {
            visit_all(list.children().filter(|argument| !is_normal_form(argument)), facts);
        }
        _ => visit_all(node.children().skip(1), facts),
    }
}

/// The second argument of `normalize(a, nfc)`: a word of the grammar, not a
/// name.
fn is_normal_form(argument: &SyntaxNode) -> bool {
    let form = argument.children().next().as_ref().and_then(word);
    argument.prev_sibling().is_some()
        && form.is_some_and(|form| {
            let forms = ["nfc", "nfd", "nfkc", "nfkd"];
            forms.iter().any(|known| form.text().eq_ignore_ascii_case(known))
        })
}

fn note_call(
    last: &SyntaxToken,
    words: &[SyntaxToken],
    arguments: Option<&SyntaxNode>,
    facts: &mut Facts,
) {
    let name_of = name(last.text());
    if !last.text().starts_with('"') && VALUES.contains(&name_of.as_str()) {
        facts.reserved.push(ReservedUse { word: name_of, range: range(last) });
        return;
    }
    let count = |list: &SyntaxNode| list.children().filter(|c| c.kind() == SyntaxKind::ARG).count();
    facts.functions.push(FunctionUse {
        schema: (words.len() > 1).then(|| name(words[words.len() - 2].text())),
        name: name_of,
        range: range(last),
        arguments: arguments.map_or(0, count),
    });
}

fn visit_type(node: &SyntaxNode, facts: &mut Facts) {
    let segments: Vec<_> = node
        .descendants()
        .filter(|child| child.kind() == SyntaxKind::PATH_SEGMENT_REF)
        .filter_map(|segment| word(&segment))
        .collect();
    if let Some(last) = segments.last() {
        facts.types.push(TypeUse {
            schema: (segments.len() > 1).then(|| name(segments[segments.len() - 2].text())),
            name: name(last.text()),
            range: range(last),
        });
    }
    let literals = node.children().filter(|child| child.kind() == SyntaxKind::LITERAL);
    visit_all(literals, facts);
}

fn visit_literal(node: &SyntaxNode, facts: &mut Facts) {
    let Some(token) = word(node) else { return };
    if token.kind() == SyntaxKind::STRING {
        facts.strings.push(StringUse { value: string(token.text()), range: range(&token) });
    }
}

#[cfg(test)]
mod tests;
