//! `#[lock_timeout = "…"]` and the other limits of a migration.

use std::time::Duration;

use deepref_schema_core::limits::{Limits, time_of};

use crate::cursor::Cursor;
use crate::error::Parse;
use crate::name::{string, whole_number};
use crate::token::{Kind, Token};

/// Their names.
pub(crate) const LIMITS: [&str; 4] =
    ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "attempts"];

/// Reads one, if one stands here.
pub(super) fn limit(cursor: &mut Cursor, limits: &mut Limits) -> Parse<bool> {
    let Some(name) = LIMITS.iter().find(|name| cursor.is_word(name)) else { return Ok(false) };
    let is_given = match *name {
        "lock_timeout" => limits.lock_timeout.is_some(),
        "statement_timeout" => limits.statement_timeout.is_some(),
        "attempts" => limits.attempts.is_some(),
        _ => limits.idle_in_transaction_session_timeout.is_some(),
    };
    if is_given {
        return Err(cursor.mistake(format!("`{name}` is given twice")));
    }
    cursor.skip(1);
    if !cursor.eat_punct('=') {
        let value = if *name == "attempts" { "3" } else { "\"10s\"" };
        return Err(cursor.expected("`=`").help(format!("write `#[{name} = {value}]`")));
    }
    match *name {
        "lock_timeout" => {
            let help =
                "write how long a statement may wait, such as `\"10s\"`: all others wait behind it";
            limits.lock_timeout = Some(positive(cursor, help)?);
        }
        "statement_timeout" => limits.statement_timeout = Some(time(cursor)?),
        "attempts" => limits.attempts = Some(attempts(cursor)?),
        _ => {
            let help = "write how long it may take, such as `\"10min\"`: a lost session would keep its locks";
            limits.idle_in_transaction_session_timeout = Some(positive(cursor, help)?);
        }
    }
    cursor.expect_end().map_err(|stop| stop.help("write each limit as an attribute of its own"))?;
    Ok(true)
}

fn time(cursor: &mut Cursor) -> Parse<Duration> {
    let help = "write a whole number and `ms`, `s`, `min`, `h` or `d`, such as `\"10s\"`";
    if let Some(Token { kind: Kind::Number, .. }) = cursor.peek() {
        return Err(cursor.mistake("a time is a string with its unit").help(help));
    }
    let at_text = *cursor;
    let (text, _) = string(cursor, "a time").map_err(|stop| stop.help(help))?;
    time_of(&text).map_err(|why| at_text.mistake(why).help(help))
}

fn positive(cursor: &mut Cursor, help: &str) -> Parse<Duration> {
    let at_text = *cursor;
    match time(cursor)? {
        Duration::ZERO => Err(at_text.mistake("zero would be without any limit").help(help)),
        time => Ok(time),
    }
}

fn attempts(cursor: &mut Cursor) -> Parse<u32> {
    let help = "write how often it is tried, such as `3`; `1` is once, without another attempt";
    let at_number = *cursor;
    let (number, _) = whole_number(cursor).map_err(|stop| stop.help(help))?;
    match u32::try_from(number) {
        Ok(0) | Err(_) => {
            let message = format!("a migration can not be tried {number} times");
            Err(at_number.mistake(message).help(help))
        }
        Ok(attempts) => Ok(attempts),
    }
}
