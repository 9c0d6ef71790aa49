//! `create table` and `alter table`.

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::migration::{Allow, Item};
use deepref_schema_core::operation::{
    AddColumn, AddConstraint, AddIdentity, AlterColumnType, CreateTable, DropColumn,
    DropConstraint, DropDefault, DropIdentity, DropNotNull, Operation, RenameColumn,
    RenameConstraint, RenameTable, SetDefault, SetNotNull, TableItem, ValidateConstraint,
};
use proc_macro2::Delimiter;

use super::column::{collation, column, identity, refuse_system_column, spelled};
use super::constraint::{Place, constraint, is_constraint, refuse_sql_order};
use super::{actions, brace_items, end, item};
use crate::cursor::Cursor;
use crate::error::{Errors, Parse, Stop};
use crate::expr::{self, Ends};
use crate::keywords;
use crate::name::{name, object, object_name};
use crate::token::{Kind, Token};
use crate::types::{is_serial, ty};

/// `PATH { … }`, after `create table`.
pub(super) fn create(
    cursor: &mut Cursor,
    mut allows: Vec<Allow>,
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
) -> Parse<()> {
    let table = object(cursor)?;
    let inner = columns_in_braces(cursor)?;
    if inner.at_end() {
        errors.push(
            inner
                .mistake("a table needs a column")
                .help("write `{ id: bigint primary key identity }`"),
        );
        return Ok(());
    }
    let mut of_table = Vec::new();
    brace_items(inner, errors, "the columns of a table", |cursor, more, _| {
        allows.extend(more);
        table_item(cursor, &mut of_table)
    });
    let operation = Operation::CreateTable(CreateTable { name: table, items: of_table });
    items.push(item(operation, allows, start));
    Ok(())
}

fn columns_in_braces<'a>(cursor: &mut Cursor<'a>) -> Parse<Cursor<'a>> {
    if let Some(inner) = cursor.eat_group(Delimiter::Brace) {
        return Ok(inner);
    }
    if cursor.is_group(Delimiter::Parenthesis) {
        return Err(cursor.mistake("the columns of a table stand in braces").help("write `{ … }`"));
    }
    Err(cursor.expected("`{`"))
}

fn table_item(cursor: &mut Cursor, items: &mut Vec<TableItem>) -> Parse<()> {
    if is_constraint(cursor) {
        let (constraint, _) = constraint(cursor, Place::Table)?;
        items.push(TableItem::Constraint(constraint));
        return Ok(());
    }
    refuse_sql_order(cursor)?;
    refuse_shouted_constraint(cursor)?;
    if cursor.is_word("like") && !cursor.is_punct_at(1, ':') {
        return Err(cursor
            .mistake("`like` is written in SQL")
            .help("write `sql \"CREATE TABLE … (LIKE …)\"`"));
    }
    let column = column(cursor)?;
    items.push(TableItem::Column(column.definition));
    items.extend(column.constraints.into_iter().map(TableItem::Constraint));
    Ok(())
}

/// `PRIMARY KEY (id)`: would else be a column without a colon.
fn refuse_shouted_constraint(cursor: &Cursor) -> Parse<()> {
    let Some(Token { kind: Kind::Word, text, .. }) = cursor.peek() else {
        return Ok(());
    };
    let shouted = ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "CONSTRAINT"];
    match shouted.contains(&text.as_str()) && !cursor.is_punct_at(1, ':') {
        true => keywords::general_habit(cursor).map_or(Ok(()), Err),
        false => Ok(()),
    }
}

/// `PATH action`, after `alter table`.
pub(super) fn alter(
    cursor: &mut Cursor,
    allows: &[Allow],
    start: &Cursor,
    errors: &mut Errors,
    items: &mut Vec<Item>,
) -> Parse<()> {
    let table = object(cursor)?;
    actions(cursor, allows, start, errors, items, |cursor| action(cursor, &table))
}

fn action(cursor: &mut Cursor, table: &ObjectName) -> Parse<Vec<Operation>> {
    let table = table.clone();
    if cursor.eat_word("add") {
        return add(cursor, table);
    }
    if cursor.eat_word("drop") {
        return drop(cursor, table).map(|operation| vec![operation]);
    }
    if cursor.eat_word("rename") {
        return rename(cursor, table).map(|operation| vec![operation]);
    }
    if cursor.eat_word("validate") {
        cursor.expect_word("constraint")?;
        let name = name(cursor)?;
        return Ok(vec![Operation::ValidateConstraint(ValidateConstraint { table, name })]);
    }
    if cursor.eat_word("alter") {
        return alter_column(cursor, table).map(|operation| vec![operation]);
    }
    Err(no_action(cursor))
}

fn no_action(cursor: &Cursor) -> Stop {
    let Some(Token { kind: Kind::Word, text, .. }) = cursor.peek() else {
        return cursor.expected("a change of the table");
    };
    let in_sql = [
        "attach", "cluster", "detach", "disable", "enable", "force", "inherit", "no", "of",
        "owner", "replica", "reset", "set",
    ];
    if text == "modify" || text == "change" {
        return cursor
            .mistake(format!("PostgreSQL has no `{text}`"))
            .help("write `alter column c type t`, `alter column c set not null`, …");
    }
    if in_sql.contains(&text.as_str()) {
        return cursor
            .mistake(format!("`alter table … {text}` is written in SQL"))
            .help(format!("write `sql \"ALTER TABLE … {} …\"`", text.to_ascii_uppercase()));
    }
    super::unknown_word(
        cursor,
        "`add`, `alter`, `drop`, `rename` or `validate`",
        &["add", "alter", "drop", "rename", "validate"],
    )
}

fn add(cursor: &mut Cursor, table: ObjectName) -> Parse<Vec<Operation>> {
    if cursor.eat_word("column") {
        let column = column(cursor)?;
        let add = AddColumn { table: table.clone(), column: column.definition, fill: None };
        let mut operations = vec![Operation::AddColumn(add)];
        operations.extend(column.constraints.into_iter().map(|constraint| {
            let table = table.clone();
            Operation::AddConstraint(AddConstraint { table, constraint, concurrently: false })
        }));
        return Ok(operations);
    }
    if is_constraint(cursor) {
        let (constraint, concurrently) = constraint(cursor, Place::Add)?;
        return Ok(vec![Operation::AddConstraint(AddConstraint {
            table,
            constraint,
            concurrently,
        })]);
    }
    refuse_sql_order(cursor)?;
    let stop = cursor.expected("`column` or a constraint");
    Err(match cursor.peek() {
        Some(token) if token.is_any_word() => {
            stop.help(format!("write `add column {}: …`", token.display()))
        }
        _ => stop,
    })
}

fn drop(cursor: &mut Cursor, table: ObjectName) -> Parse<Operation> {
    if cursor.eat_word("column") {
        let column = object_name(cursor)?;
        let restore = match cursor.eat_word("restore") {
            true => {
                cursor.expect_word("as")?;
                Some(expr::open(cursor, Ends::Item)?)
            }
            false => None,
        };
        return Ok(Operation::DropColumn(DropColumn { table, column, restore }));
    }
    if cursor.eat_word("constraint") {
        let name = object_name(cursor)?;
        return Ok(Operation::DropConstraint(DropConstraint { table, name }));
    }
    let stop = cursor.expected("`column` or `constraint`");
    Err(match cursor.peek() {
        Some(token) if token.is_any_word() => {
            stop.help(format!("write `drop column {}`", token.display()))
        }
        _ => stop,
    })
}

fn rename(cursor: &mut Cursor, table: ObjectName) -> Parse<Operation> {
    if cursor.eat_word("column") {
        let (column, to) = (name(cursor)?, new_name(cursor)?);
        refuse_system_column(&to)?;
        return Ok(Operation::RenameColumn(RenameColumn { table, column, to }));
    }
    if cursor.eat_word("constraint") {
        let (name, to) = (name(cursor)?, new_name(cursor)?);
        return Ok(Operation::RenameConstraint(RenameConstraint { table, name, to }));
    }
    if cursor.is_word("to") {
        return Ok(Operation::RenameTable(RenameTable { table, to: new_name(cursor)? }));
    }
    let stop = cursor.expected("`column`, `constraint` or `to`");
    Err(match cursor.peek() {
        Some(token) if token.is_any_word() => {
            stop.help(format!("write `rename column {} to …`", token.display()))
        }
        _ => stop,
    })
}

/// `to NAME`
pub(super) fn new_name(cursor: &mut Cursor) -> Parse<deepref_schema_core::ident::Ident> {
    cursor.expect_word("to")?;
    name(cursor)
}

fn alter_column(cursor: &mut Cursor, table: ObjectName) -> Parse<Operation> {
    if !cursor.eat_word("column") {
        let stop = cursor.expected("`column`");
        return Err(match cursor.peek() {
            Some(token) if token.is_any_word() => {
                stop.help(format!("write `alter column {} …`", token.display()))
            }
            _ => stop,
        });
    }
    let column = object_name(cursor)?;
    if cursor.eat_word("type") {
        return alter_type(cursor, table, column);
    }
    if cursor.eat_words(&["set", "default"]) {
        let default = expr::open(cursor, Ends::Item)?;
        return Ok(Operation::SetDefault(SetDefault { table, column, default }));
    }
    if cursor.eat_words(&["drop", "default"]) {
        return Ok(Operation::DropDefault(DropDefault { table, column }));
    }
    if cursor.eat_words(&["set", "not", "null"]) {
        let concurrently = cursor.eat_word("concurrently");
        return Ok(Operation::SetNotNull(SetNotNull { table, column, concurrently }));
    }
    if cursor.eat_words(&["drop", "not", "null"]) {
        return Ok(Operation::DropNotNull(DropNotNull { table, column }));
    }
    if cursor.eat_word("add") {
        let identity = identity(cursor)?;
        return Ok(Operation::AddIdentity(AddIdentity { table, column, identity }));
    }
    if cursor.eat_words(&["drop", "identity"]) {
        return Ok(Operation::DropIdentity(DropIdentity { table, column }));
    }
    Err(no_column_action(cursor, &spelled(&column)))
}

fn no_column_action(cursor: &Cursor, column: &str) -> Stop {
    if cursor.are_words(&["set", "data", "type"]) {
        return cursor
            .mistake("`set data type` has a shorter form")
            .help(format!("write `alter column {column} type …`"));
    }
    if cursor.is_punct(':') {
        return cursor.expected("`type`").help(format!("write `alter column {column} type …`"));
    }
    let in_sql = ["statistics", "storage", "compression", "expression"];
    let second = cursor.peek_at(1).map(|token| token.text.as_str()).unwrap_or_default();
    if in_sql.contains(&second) {
        return cursor
            .mistake(format!("`alter column … {second}` is written in SQL"))
            .help("write `sql \"ALTER TABLE … ALTER COLUMN …\"`");
    }
    super::unknown_word(
        cursor,
        "`type`, `set default`, `drop default`, `set not null`, `drop not null`, `add identity` \
         or `drop identity`",
        &["type", "set", "drop", "add"],
    )
}

fn alter_type(
    cursor: &mut Cursor,
    table: ObjectName,
    column: deepref_schema_core::ident::Ident,
) -> Parse<Operation> {
    let ty = ty(cursor)?;
    if is_serial(&ty) {
        return Err(Stop::of(
            "invalid_type",
            ty.origin(),
            format!("no column can become `{}`", ty.name),
        )
        .help("write `type int` or `type bigint`, and `alter column … add identity` beside it"));
    }
    if cursor.is_punct('?') {
        return Err(cursor
            .mistake("a change of type leaves NOT NULL as it is")
            .help("write `alter column … drop not null` beside it"));
    }
    let collation = if cursor.is_word("collate") { Some(collation(cursor)?) } else { None };
    let using =
        if cursor.eat_word("using") { Some(expr::open(cursor, Ends::Revert)?) } else { None };
    if using.is_none() && cursor.are_words(&["revert", "using"]) {
        return Err(cursor
            .mistake("`revert using` stands after `using`")
            .help("write `using … revert using …`"));
    }
    let revert_using = match cursor.eat_words(&["revert", "using"]) {
        true => Some(expr::open(cursor, Ends::Item)?),
        false => None,
    };
    Ok(Operation::AlterColumnType(AlterColumnType {
        table,
        column,
        ty,
        collation,
        using,
        revert_using,
    }))
}

/// `;` after a single action. A comma shows that several were meant.
pub(super) fn end_of_action(cursor: &mut Cursor, errors: &mut Errors) -> Parse<()> {
    if cursor.is_punct(',') {
        return Err(cursor.mistake("several changes stand in braces").help("write `{ …, … }`"));
    }
    end(cursor, errors)
}
