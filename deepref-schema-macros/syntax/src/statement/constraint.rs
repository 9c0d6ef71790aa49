//! Constraints, in a table and after `add`.

use deepref_schema_core::ident::Ident;
use deepref_schema_core::operation::{ConstraintDefinition, ConstraintForm};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{Action, Deferral, Exclusion, ExclusionElement, ForeignKey, Key};
use proc_macro2::Delimiter;

use super::index::element;
use crate::cursor::{Cursor, list};
use crate::error::{Parse, Stop};
use crate::expr;
use crate::name::{is_name, is_name_at, name, names, object};
use crate::token::{Kind, Token};

/// Where a constraint is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Table,
    Add,
}

/// Whether a constraint begins here, and no column.
pub(crate) fn is_constraint(cursor: &Cursor) -> bool {
    let begins = cursor.are_words(&["primary", "key"])
        || cursor.are_words(&["foreign", "key"])
        || ["unique", "check", "exclude"].iter().any(|word| cursor.is_word(word));
    begins && !cursor.is_punct_at(1, ':')
}

/// Refuses `constraint x foreign key …`.
pub(crate) fn refuse_sql_order(cursor: &Cursor) -> Parse<()> {
    let mut after = *cursor;
    if !after.eat_word("constraint") || !is_name(&after) || after.is_punct(':') {
        return Ok(());
    }
    let origin = after.origin();
    let named = name(&mut after)?;
    let kind = match after.peek() {
        Some(Token { kind: Kind::Word, text, .. }) => match text.as_str() {
            "primary" => "primary key",
            "foreign" => "foreign key",
            "unique" => "unique",
            "check" => "check",
            "exclude" => "exclude",
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    let written = super::column::spelled(&named);
    Err(Stop::new(origin, "the name of a constraint stands after its kind")
        .help(format!("write `{kind} {written} …`")))
}

/// A constraint, and whether it is added `concurrently`.
pub(crate) fn constraint(cursor: &mut Cursor, place: Place) -> Parse<(ConstraintDefinition, bool)> {
    let origin = cursor.origin();
    let (name, form, mut deferral) = head(cursor)?;
    refuse_using_index(&form, place)?;
    let deferrable = cursor.origin();
    if deferral == Deferral::default() {
        deferral = self::deferral(cursor)?;
    }
    if deferral != Deferral::default() && matches!(form, ConstraintForm::Check(_)) {
        return Err(Stop::of("invalid_constraint", deferrable, "a check can not be deferred")
            .help("delete `deferrable`"));
    }
    let (not_valid, concurrently) = validity(cursor, &form, place)?;
    let constraint = ConstraintDefinition { name, form, deferral, not_valid, origin };
    Ok((constraint, concurrently))
}

type Head = (Option<Ident>, ConstraintForm, Deferral);

fn head(cursor: &mut Cursor) -> Parse<Head> {
    let deferral = Deferral::default();
    if cursor.eat_words(&["primary", "key"]) {
        let name = key_name(cursor)?;
        return Ok((name, primary_key(cursor)?, deferral));
    }
    if cursor.eat_word("unique") {
        let name = key_name(cursor)?;
        return Ok((name, unique(cursor)?, deferral));
    }
    if cursor.eat_word("check") {
        let name = optional_name(cursor)?;
        return Ok((name, ConstraintForm::Check(expr::in_parentheses(cursor)?), deferral));
    }
    if cursor.eat_words(&["foreign", "key"]) {
        let name = optional_name(cursor)?;
        let columns = names(cursor)?;
        let (foreign_key, deferral) = references(cursor, columns)?;
        return Ok((name, ConstraintForm::ForeignKey(foreign_key), deferral));
    }
    cursor.expect_word("exclude")?;
    let name = if is_exclusion_method(cursor) { None } else { optional_name(cursor)? };
    Ok((name, ConstraintForm::Exclusion(exclusion(cursor)?), deferral))
}

/// `using gist (…)`, where `using` is no name.
fn is_exclusion_method(cursor: &Cursor) -> bool {
    cursor.is_word("using") && is_name_at(cursor, 1)
}

fn optional_name(cursor: &mut Cursor) -> Parse<Option<Ident>> {
    if is_name(cursor) { name(cursor).map(Some) } else { Ok(None) }
}

fn key_name(cursor: &mut Cursor) -> Parse<Option<Ident>> {
    let keyword = cursor.are_words(&["nulls", "not", "distinct"])
        || cursor.are_words(&["using", "index"]) && is_name_at(cursor, 2);
    if keyword { Ok(None) } else { optional_name(cursor) }
}

fn primary_key(cursor: &mut Cursor) -> Parse<ConstraintForm> {
    if cursor.are_words(&["nulls", "not", "distinct"]) {
        return Err(cursor
            .mistake("the columns of a primary key are never null")
            .help("delete `nulls not distinct`"));
    }
    if let Some(index) = using_index(cursor)? {
        return Ok(ConstraintForm::PrimaryKeyUsingIndex(index));
    }
    key(cursor).map(ConstraintForm::PrimaryKey)
}

fn unique(cursor: &mut Cursor) -> Parse<ConstraintForm> {
    if let Some(index) = using_index(cursor)? {
        return Ok(ConstraintForm::UniqueUsingIndex(index));
    }
    let nulls_not_distinct = cursor.eat_words(&["nulls", "not", "distinct"]);
    Ok(ConstraintForm::Unique(Key { nulls_not_distinct, ..key(cursor)? }))
}

fn using_index(cursor: &mut Cursor) -> Parse<Option<Ident>> {
    if cursor.eat_words(&["using", "index"]) { name(cursor).map(Some) } else { Ok(None) }
}

fn key(cursor: &mut Cursor) -> Parse<Key> {
    let columns = names(cursor)?;
    let include = if cursor.eat_word("include") { names(cursor)? } else { Vec::new() };
    Ok(Key { columns, include, ..Key::default() })
}

/// `references t (…) on delete … on update … [deferrable]`
pub(crate) fn references(
    cursor: &mut Cursor,
    columns: Vec<Ident>,
) -> Parse<(ForeignKey, Deferral)> {
    cursor.expect_word("references")?;
    let table = object(cursor)?;
    let referenced =
        if cursor.is_group(Delimiter::Parenthesis) { names(cursor)? } else { Vec::new() };
    let (mut on_delete, mut on_update) = (None, None);
    while cursor.is_word("on") {
        let origin = cursor.origin();
        cursor.skip(1);
        let slot = if cursor.eat_word("delete") {
            &mut on_delete
        } else if cursor.eat_word("update") {
            &mut on_update
        } else {
            return Err(cursor.expected("`delete` or `update`"));
        };
        if slot.replace(action(cursor)?).is_some() {
            return Err(Stop::new(origin, "the action is given twice").help("delete one of them"));
        }
    }
    if cursor.is_word("match") {
        return Err(cursor
            .mistake("`match` is written in SQL")
            .help("write the statement as `sql \"ALTER TABLE …\"`"));
    }
    let foreign_key = ForeignKey {
        columns,
        table,
        referenced,
        on_delete: on_delete.unwrap_or_default(),
        on_update: on_update.unwrap_or_default(),
    };
    Ok((foreign_key, deferral(cursor)?))
}

fn action(cursor: &mut Cursor) -> Parse<Action> {
    let actions = [
        (&["cascade"][..], Action::Cascade),
        (&["restrict"], Action::Restrict),
        (&["set", "null"], Action::SetNull),
        (&["set", "default"], Action::SetDefault),
    ];
    if let Some((_, action)) = actions.into_iter().find(|(words, _)| cursor.eat_words(words)) {
        return Ok(action);
    }
    if cursor.are_words(&["no", "action"]) {
        return Err(cursor
            .mistake("`no action` is the default of a foreign key and is not written")
            .help("delete the clause"));
    }
    Err(cursor.expected("`cascade`, `restrict`, `set null` or `set default`"))
}

fn deferral(cursor: &mut Cursor) -> Parse<Deferral> {
    if cursor.are_words(&["not", "deferrable"]) {
        return Err(cursor
            .mistake("`not deferrable` is the default and is not written")
            .help("delete it"));
    }
    if cursor.is_word("initially") {
        return Err(cursor.expected("`deferrable`").help("write `deferrable initially deferred`"));
    }
    if !cursor.eat_word("deferrable") {
        return Ok(Deferral::NotDeferrable);
    }
    if !cursor.eat_word("initially") {
        return Ok(Deferral::Deferrable);
    }
    if cursor.is_word("immediate") {
        return Err(cursor
            .mistake("`initially immediate` is the default and is not written")
            .help("write `deferrable`"));
    }
    cursor.expect_word("deferred")?;
    Ok(Deferral::InitiallyDeferred)
}

fn exclusion(cursor: &mut Cursor) -> Parse<Exclusion> {
    let method = if cursor.eat_word("using") { name(cursor)? } else { Ident::computed("btree") };
    let elements = list(cursor.expect_group(Delimiter::Parenthesis)?, exclusion_element)?;
    let predicate =
        if cursor.eat_word("where") { Some(expr::in_parentheses(cursor)?) } else { None };
    Ok(Exclusion { method, elements, predicate })
}

fn exclusion_element(cursor: &mut Cursor) -> Parse<ExclusionElement> {
    let element = element(cursor)?;
    cursor.expect_word("with")?;
    let (origin, mut operator) = (cursor.origin(), String::new());
    while let Some(Token { kind: Kind::Punct { char, joint }, .. }) = cursor.peek() {
        if !"+-*/<>=~!@#%^&|?".contains(*char) {
            break;
        }
        operator.push(*char);
        cursor.bump();
        if !joint {
            break;
        }
    }
    if operator.is_empty() || operator.contains("--") {
        return Err(Stop::new(origin, "expected an operator, such as `=` or `&&`"));
    }
    Ok(ExclusionElement { element, operator: Ident::new(operator, origin) })
}

/// An index can only be taken over by a table that exists.
fn refuse_using_index(form: &ConstraintForm, place: Place) -> Parse<()> {
    match form {
        ConstraintForm::PrimaryKeyUsingIndex(index) | ConstraintForm::UniqueUsingIndex(index)
            if place == Place::Table =>
        {
            Err(Stop::of("invalid_constraint", index.origin, "a new table has no index to use")
                .help("write the columns in parentheses: `(…)`"))
        }
        _ => Ok(()),
    }
}

/// `not valid` and `concurrently`.
fn validity(cursor: &mut Cursor, form: &ConstraintForm, place: Place) -> Parse<(bool, bool)> {
    let origin = cursor.origin();
    let not_valid = cursor.eat_words(&["not", "valid"]);
    if not_valid {
        check_not_valid(origin, form, place)?;
    }
    let origin = cursor.origin();
    let concurrently = cursor.eat_word("concurrently");
    if concurrently {
        check_concurrently(origin, form, place, not_valid)?;
    }
    Ok((not_valid, concurrently))
}

fn check_not_valid(origin: Origin, form: &ConstraintForm, place: Place) -> Parse<()> {
    let stop =
        |message: &str| Stop::of("invalid_constraint", origin, message).help("delete `not valid`");
    if place == Place::Table {
        return Err(stop("a new table has no rows that could be invalid"));
    }
    match form {
        ConstraintForm::Check(_) | ConstraintForm::ForeignKey(_) => Ok(()),
        _ => Err(stop("only `check` and `foreign key` can be `not valid`")),
    }
}

fn check_concurrently(
    origin: Origin,
    form: &ConstraintForm,
    place: Place,
    not_valid: bool,
) -> Parse<()> {
    let stop =
        |message: &str| Stop::of("concurrently", origin, message).help("delete `concurrently`");
    if place == Place::Table {
        return Err(stop("nobody waits for a new table"));
    }
    match form {
        ConstraintForm::Exclusion(_) => {
            Err(stop("PostgreSQL can not add `exclude` without blocking writes"))
        }
        ConstraintForm::PrimaryKeyUsingIndex(_) | ConstraintForm::UniqueUsingIndex(_) => {
            Err(stop("the index is there: adding the constraint takes an instant"))
        }
        _ if not_valid => Err(stop("a constraint that is `not valid` is added in an instant")),
        _ => Ok(()),
    }
}
