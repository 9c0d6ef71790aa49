//! `update`, `sql` and `comment`.

use deepref_schema_core::operation::{
    Assignment, Comment, CommentSubject, Operation, Sql, SqlDown, Update,
};

use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::expr::{self, Ends};
use crate::name::{column_path, name, path, string, whole_number};

/// From `update` up to the `;`.
pub(super) fn update(cursor: &mut Cursor) -> Parse<Operation> {
    let origin = cursor.expect_word("update")?;
    let table = path(cursor)?;
    cursor.expect_word("set")?;
    let mut assignments = vec![assignment(cursor)?];
    while cursor.eat_punct(',') {
        assignments.push(assignment(cursor)?);
    }
    if cursor.is_word("from") || cursor.is_word("returning") {
        return Err(cursor
            .mistake(format!("`update … {}` is written in SQL", cursor.found().trim_matches('`')))
            .help("write `sql \"UPDATE …\" down \"…\"`"));
    }
    let condition =
        if cursor.eat_word("where") { Some(expr::open(cursor, Ends::Update)?) } else { None };
    let batch = batch(cursor)?;
    let down = down(cursor)?;
    Ok(Operation::Update(Update { table, assignments, condition, batch, down, origin }))
}

fn assignment(cursor: &mut Cursor) -> Parse<Assignment> {
    let column = name(cursor)?;
    cursor.expect_punct('=')?;
    Ok(Assignment { column, value: expr::open(cursor, Ends::Update)? })
}

fn batch(cursor: &mut Cursor) -> Parse<Option<u64>> {
    if !cursor.eat_words(&["in", "batches", "of"]) {
        return Ok(None);
    }
    let (rows, origin) = whole_number(cursor)?;
    match u64::try_from(rows) {
        Ok(rows) if rows > 0 => Ok(Some(rows)),
        _ => Err(Stop::new(origin, "a batch has at least one row").help("write `10_000`")),
    }
}

fn down(cursor: &mut Cursor) -> Parse<Option<SqlDown>> {
    if !cursor.eat_word("down") {
        return Ok(None);
    }
    if cursor.eat_word("none") {
        return Ok(Some(SqlDown::Nothing));
    }
    let (text, origin) = string(cursor, "a string or `none`")?;
    Ok(Some(SqlDown::Text { text, origin }))
}

/// From `sql` up to the `;`.
pub(super) fn sql(cursor: &mut Cursor) -> Parse<Operation> {
    cursor.expect_word("sql")?;
    let (text, origin) = string(cursor, "SQL as a string")?;
    Ok(Operation::Sql(Sql { text, down: down(cursor)?, origin }))
}

/// From `comment` up to the `;`.
pub(super) fn comment(cursor: &mut Cursor) -> Parse<Operation> {
    cursor.expect_words(&["comment", "on"])?;
    let subject = subject(cursor)?;
    cursor.expect_word("is")?;
    if cursor.is_word("null") {
        return Err(cursor.mistake("no comment is `none`").help("write `is none`"));
    }
    if cursor.eat_word("none") {
        return Ok(Operation::Comment(Comment::new(subject, None)));
    }
    let (text, origin) = string(cursor, "a string or `none`")?;
    Ok(Operation::Comment(Comment { subject, text: Some(text), origin }))
}

fn subject(cursor: &mut Cursor) -> Parse<CommentSubject> {
    if cursor.eat_word("table") {
        return path(cursor).map(CommentSubject::Table);
    }
    if cursor.eat_word("column") {
        return column_path(cursor).map(|(table, column)| CommentSubject::Column(table, column));
    }
    if cursor.eat_word("index") {
        return path(cursor).map(CommentSubject::Index);
    }
    if cursor.eat_word("enum") {
        return path(cursor).map(CommentSubject::Enum);
    }
    if cursor.eat_word("constraint") {
        let constraint = name(cursor)?;
        cursor.expect_word("on")?;
        return Ok(CommentSubject::Constraint(constraint, path(cursor)?));
    }
    Err(super::unknown_word(
        cursor,
        "`table`, `column`, `index`, `enum` or `constraint`",
        &["table", "column", "index", "enum", "constraint"],
    ))
}
