//! Indexes.

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{
    CreateIndex, DropIndex, Operation, Reindex, ReindexSubject, RenameIndex,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{
    ElementSubject, Index, IndexElement, Made, NullsOrder, StorageParameter,
};
use proc_macro2::Delimiter;

use super::column::collation;
use super::table::new_name;
use super::unknown_word;
use crate::cursor::{Cursor, list};
use crate::error::{Parse, Stop};
use crate::expr::{self, Ends};
use crate::keywords;
use crate::name::{is_name, is_name_at, name, names, object, path, string, whole_number};
use crate::token::{Kind, Token};

/// `['unique'] 'index' …`, after `create`, whose origin this gets.
pub(super) fn create(cursor: &mut Cursor, origin: Origin) -> Parse<Operation> {
    let unique = cursor.eat_word("unique");
    cursor.expect_word("index")?;
    let concurrently = cursor.eat_word("concurrently");
    let name = index_name(cursor)?;
    cursor.expect_word("on")?;
    if cursor.is_word("only") && is_name_at(cursor, 1) {
        return Err(cursor
            .mistake("`on only` is written in SQL")
            .help("write `sql \"CREATE INDEX …\"`"));
    }
    let table = path(cursor)?;
    let index = index(cursor, unique)?;
    Ok(Operation::CreateIndex(CreateIndex { name, table, index, concurrently, origin }))
}

/// The name, which may be `on` itself where another `on` follows.
fn index_name(cursor: &mut Cursor) -> Parse<Option<Ident>> {
    keywords::refuse_if_exists(cursor)?;
    let another_on = cursor.peek_at(1).is_some_and(|token| token.is_word("on"));
    let is_on = cursor.is_word("on");
    if !is_name(cursor) || is_on && !(another_on && is_name_at(cursor, 2)) {
        return Ok(None);
    }
    name(cursor).map(Some)
}

/// What stands after the table: method, elements, options, condition.
pub(crate) fn index(cursor: &mut Cursor, unique: bool) -> Parse<Index> {
    let method = if cursor.eat_word("using") { name(cursor)? } else { Ident::computed("btree") };
    let inner = cursor.expect_group(Delimiter::Parenthesis)?;
    let elements = elements(inner)?;
    let include = if cursor.eat_word("include") { names(cursor)? } else { Vec::new() };
    let nulls_not_distinct = nulls_not_distinct(cursor, unique)?;
    let parameters = match cursor.eat_word("with") {
        true => list(cursor.expect_group(Delimiter::Parenthesis)?, parameter)?,
        false => Vec::new(),
    };
    let predicate =
        if cursor.eat_word("where") { Some(expr::open(cursor, Ends::Item)?) } else { None };
    Ok(Index {
        unique,
        method,
        elements,
        include,
        nulls_not_distinct,
        parameters,
        predicate,
        comment: None,
        made: Made::default(),
    })
}

fn nulls_not_distinct(cursor: &mut Cursor, unique: bool) -> Parse<bool> {
    let origin = cursor.origin();
    if !cursor.eat_word("nulls") {
        return Ok(false);
    }
    cursor.expect_words(&["not", "distinct"])?;
    if unique {
        return Ok(true);
    }
    Err(Stop::new(origin, "`nulls not distinct` has a meaning in a unique index only")
        .help("write `create unique index …`, or delete it"))
}

fn elements(mut inner: Cursor) -> Parse<Vec<IndexElement>> {
    let mut elements = Vec::new();
    loop {
        elements.push(element(&mut inner)?);
        if inner.at_end() {
            return Ok(elements);
        }
        if !inner.eat_punct(',') {
            return Err(no_comma(&inner));
        }
        if inner.at_end() {
            return Ok(elements);
        }
    }
}

fn no_comma(cursor: &Cursor) -> Stop {
    let stop = cursor.expected("`,`");
    let operator = cursor.peek().and_then(Token::punct).is_some_and(|char| char != ';');
    match operator && !keywords::is_dashes(cursor) {
        true => stop.help("an expression that is no single call stands in parentheses"),
        false => stop,
    }
}

/// A column, a call or an expression in parentheses, and what follows it.
pub(super) fn element(cursor: &mut Cursor) -> Parse<IndexElement> {
    let subject = subject(cursor)?;
    let collation = if cursor.is_word("collate") { Some(collation(cursor)?) } else { None };
    if cursor.is_word("asc") {
        return Err(cursor.mistake("`asc` is the default and is not written").help("delete it"));
    }
    let keyword = ["desc", "nulls", "with"].iter().any(|word| cursor.is_word(word));
    let operator_class =
        if is_name(cursor) && !keyword && !shouts(cursor) { Some(path(cursor)?) } else { None };
    let descending = cursor.eat_word("desc");
    let nulls = match cursor.eat_word("nulls") {
        true => Some(nulls_order(cursor)?),
        false => None,
    };
    Ok(IndexElement { subject, collation, operator_class, descending, nulls })
}

fn shouts(cursor: &Cursor) -> bool {
    matches!(cursor.peek(), Some(Token { kind: Kind::Word, text, .. })
        if keywords::is_shouted_keyword(text))
}

fn nulls_order(cursor: &mut Cursor) -> Parse<NullsOrder> {
    if cursor.eat_word("first") {
        return Ok(NullsOrder::First);
    }
    if cursor.eat_word("last") {
        return Ok(NullsOrder::Last);
    }
    Err(cursor.expected("`first` or `last`"))
}

fn subject(cursor: &mut Cursor) -> Parse<ElementSubject> {
    if cursor.is_group(Delimiter::Parenthesis) {
        return expr::in_parentheses(cursor).map(ElementSubject::Expression);
    }
    let start = *cursor;
    if !is_name(cursor) {
        return Err(cursor.expected("a column, a call or an expression in parentheses"));
    }
    let schema_or_name = name(cursor)?;
    let mut after = *cursor;
    if after.eat_punct('.') {
        name(&mut after)?;
        if !after.is_group(Delimiter::Parenthesis) {
            return Err(cursor
                .mistake("a column stands without its table here")
                .help(format!("write the column alone, without `{schema_or_name}.`")));
        }
    }
    if after.eat_group(Delimiter::Parenthesis).is_some() {
        *cursor = after;
        return expr::call(start, &after).map(ElementSubject::Call);
    }
    Ok(ElementSubject::Column(schema_or_name))
}

/// `NAME = value`
fn parameter(cursor: &mut Cursor) -> Parse<StorageParameter> {
    let name = name(cursor)?;
    cursor.expect_punct('=')?;
    let value = match cursor.peek() {
        Some(Token { kind: Kind::Word | Kind::RawWord, text, .. }) => {
            let text = text.clone();
            cursor.bump();
            deepref_schema_core::ident::quoted(&text).replace('"', "")
        }
        Some(Token { kind: Kind::Str, .. }) => {
            deepref_schema_core::ident::literal(&string(cursor, "a value")?.0)
        }
        _ => whole_number(cursor)?.0.to_string(),
    };
    Ok(StorageParameter { name, value })
}

/// `PATH rename to NAME`, after `alter index`.
pub(super) fn alter(cursor: &mut Cursor) -> Parse<Operation> {
    let name = object(cursor)?;
    cursor.expect_word("rename")?;
    Ok(Operation::RenameIndex(RenameIndex { name, to: new_name(cursor)? }))
}

/// `['concurrently'] PATH`, after `drop index`.
pub(super) fn drop(cursor: &mut Cursor) -> Parse<Operation> {
    let concurrently = cursor.eat_word("concurrently");
    Ok(Operation::DropIndex(DropIndex { name: object(cursor)?, concurrently }))
}

/// `reindex ('index' | 'table') PATH ['concurrently']`
pub(super) fn reindex(cursor: &mut Cursor) -> Parse<Operation> {
    let origin = cursor.expect_word("reindex")?;
    let subject = if cursor.eat_word("index") {
        ReindexSubject::Index(reindexed(cursor, "index")?)
    } else if cursor.eat_word("table") {
        ReindexSubject::Table(reindexed(cursor, "table")?)
    } else {
        return Err(no_subject(cursor));
    };
    let concurrently = cursor.eat_word("concurrently");
    Ok(Operation::Reindex(Reindex { subject, concurrently, origin }))
}

/// The name, of which `concurrently` is a part only where no other one follows.
fn reindexed(cursor: &mut Cursor, kind: &str) -> Parse<ObjectName> {
    let other = cursor.peek_at(1).is_some_and(|token| !token.is_word("concurrently"));
    if cursor.is_word("concurrently") && other && is_name_at(cursor, 1) {
        let name = cursor.peek_at(1).map(Token::display).unwrap_or_default();
        return Err(cursor
            .mistake("`concurrently` stands after the name")
            .help(format!("write `reindex {kind} {name} concurrently;`")));
    }
    object(cursor)
}

fn no_subject(cursor: &Cursor) -> Stop {
    let whole = ["schema", "database", "system"].iter().find(|word| cursor.is_word(word));
    match whole {
        Some(word) => cursor
            .mistake(format!("a {word} is not built again at once"))
            .help("write `reindex table … concurrently;` for each of its tables"),
        None => unknown_word(cursor, "`index` or `table`", &["index", "table"]),
    }
}
