//! Sequences, and the options that identity columns share with them.

use deepref_schema_core::operation::{
    AlterSequence, CreateSequence, Operation, RenameSequence, SequenceOption,
};
use deepref_schema_core::schema::Owner;
use proc_macro2::Delimiter;

use super::table::new_name;
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::name::{column_path, object, whole_number};
use crate::token::{Kind, Token};
use crate::types::ty;

const OPTIONS: &[&str] = &[
    "as",
    "increment",
    "minvalue",
    "maxvalue",
    "start",
    "restart",
    "cache",
    "cycle",
    "owned",
    "no",
];

/// `PATH {option}`, after `create sequence`.
pub(super) fn create(cursor: &mut Cursor) -> Parse<Operation> {
    let name = object(cursor)?;
    let options = options(cursor)?;
    refuse_restart(&options, "a new sequence begins at `start`")?;
    Ok(Operation::CreateSequence(CreateSequence { name, options }))
}

/// `PATH {option}`, after `alter sequence`.
pub(super) fn alter(cursor: &mut Cursor) -> Parse<Operation> {
    let name = object(cursor)?;
    if cursor.are_words(&["rename", "to"]) {
        cursor.skip(1);
        let to = new_name(cursor)?;
        refuse_rename_beside(cursor, cursor.peek().is_some_and(Token::is_any_word))?;
        return Ok(Operation::RenameSequence(RenameSequence { name, to }));
    }
    let options = options(cursor)?;
    refuse_rename_beside(cursor, cursor.is_word("rename"))?;
    if options.is_empty() {
        return Err(super::unknown_word(cursor, "an option of the sequence", OPTIONS));
    }
    Ok(Operation::AlterSequence(AlterSequence { name, options }))
}

fn refuse_rename_beside(cursor: &Cursor, beside: bool) -> Parse<()> {
    if !beside {
        return Ok(());
    }
    Err(cursor
        .mistake("`rename to` stands alone")
        .help("write a statement of its own: `alter sequence … rename to …;`"))
}

fn refuse_restart(options: &[SequenceOption], message: &str) -> Parse<()> {
    let restart = options.iter().find_map(|option| match option {
        SequenceOption::Restart(_, origin) => Some(*origin),
        _ => None,
    });
    match restart {
        Some(origin) => Err(Stop::new(origin, message).help("write `start`")),
        None => Ok(()),
    }
}

/// The options of an identity column, in parentheses.
pub(super) fn options_in_parentheses(cursor: &mut Cursor) -> Parse<Vec<SequenceOption>> {
    let Some(mut inner) = cursor.eat_group(Delimiter::Parenthesis) else {
        return Ok(Vec::new());
    };
    let options = options(&mut inner)?;
    if !inner.at_end() {
        return Err(super::unknown_word(&inner, "an option of the sequence", OPTIONS));
    }
    refuse_restart(&options, "the sequence of a new identity begins at `start`")?;
    for option in &options {
        let (origin, word) = match option {
            SequenceOption::As(ty) => (ty.origin(), "as"),
            SequenceOption::OwnedBy(_, origin) => (*origin, "owned by"),
            _ => continue,
        };
        return Err(Stop::new(
            origin,
            format!("`{word}` of an identity's sequence is its column's"),
        )
        .help("delete it"));
    }
    Ok(options)
}

fn options(cursor: &mut Cursor) -> Parse<Vec<SequenceOption>> {
    let mut options: Vec<SequenceOption> = Vec::new();
    loop {
        let origin = cursor.origin();
        let Some(option) = option(cursor)? else {
            return Ok(options);
        };
        let kind = std::mem::discriminant(&option);
        if options.iter().any(|other| std::mem::discriminant(other) == kind) {
            return Err(Stop::new(origin, "the option is given twice").help("delete one of them"));
        }
        options.push(option);
    }
}

fn option(cursor: &mut Cursor) -> Parse<Option<SequenceOption>> {
    let origin = cursor.origin();
    let no = cursor.is_word("no");
    let ahead = usize::from(no);
    let Some(Token { kind: Kind::Word, text, .. }) = cursor.peek_at(ahead) else {
        return if no { Err(no_what(cursor)) } else { Ok(None) };
    };
    if no && !["minvalue", "maxvalue", "cycle"].contains(&text.as_str()) {
        return Err(no_what(cursor));
    }
    if !OPTIONS.contains(&text.as_str()) {
        return Ok(None);
    }
    cursor.skip(ahead + 1);
    skip_noise(cursor, text)?;
    let option = match text.as_str() {
        "as" => SequenceOption::As(ty(cursor)?),
        "increment" => SequenceOption::Increment(whole_number(cursor)?.0, origin),
        "minvalue" if no => SequenceOption::Min(None, origin),
        "minvalue" => SequenceOption::Min(Some(whole_number(cursor)?.0), origin),
        "maxvalue" if no => SequenceOption::Max(None, origin),
        "maxvalue" => SequenceOption::Max(Some(whole_number(cursor)?.0), origin),
        "start" => SequenceOption::Start(whole_number(cursor)?.0, origin),
        "restart" => {
            let number = if is_number(cursor) { Some(whole_number(cursor)?.0) } else { None };
            SequenceOption::Restart(number, origin)
        }
        "cache" => SequenceOption::Cache(whole_number(cursor)?.0, origin),
        "cycle" => SequenceOption::Cycle(!no, origin),
        _ => SequenceOption::OwnedBy(owner(cursor)?, origin),
    };
    Ok(Some(option))
}

/// `increment by`, `start with`: SQL's optional words.
fn skip_noise(cursor: &Cursor, option: &str) -> Parse<()> {
    let noise = match option {
        "increment" => "by",
        "start" | "restart" => "with",
        _ => return Ok(()),
    };
    if !cursor.is_word(noise) {
        return Ok(());
    }
    Err(cursor
        .mistake(format!("the number stands directly after `{option}`"))
        .help(format!("delete `{noise}`")))
}

fn no_what(cursor: &Cursor) -> Stop {
    let mut after = *cursor;
    after.skip(1);
    after.expected("`minvalue`, `maxvalue` or `cycle`")
}

fn is_number(cursor: &Cursor) -> bool {
    let signed = cursor.is_punct('-') || cursor.is_punct('+');
    cursor.peek_at(usize::from(signed)).is_some_and(|token| matches!(token.kind, Kind::Number))
}

fn owner(cursor: &mut Cursor) -> Parse<Option<Owner>> {
    cursor.expect_word("by")?;
    if cursor.eat_word("none") {
        return Ok(None);
    }
    let (table, column) = column_path(cursor)?;
    Ok(Some(Owner { table, column }))
}
