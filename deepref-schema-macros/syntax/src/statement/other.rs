//! Statements that the language does not have.

use super::{STATEMENTS, unknown_word};
use crate::cursor::Cursor;
use crate::error::Stop;
use crate::keywords;
use crate::name::is_name_at;
use crate::token::Token;
use deepref_schema_core::suggest::nearest;

/// What `create`, `alter` and `drop` take in SQL only.
#[rustfmt::skip]
const KINDS_IN_SQL: &[&str] = &[
    "access", "aggregate", "cast", "collation", "conversion", "database", "domain", "event",
    "foreign", "function", "group", "language", "materialized", "operator", "or", "policy",
    "procedure", "publication", "recursive", "role", "routine", "rule", "server", "statistics",
    "subscription", "system", "tablespace", "temp", "temporary", "text", "transform", "trigger",
    "type", "unlogged", "user", "view",
];

/// Statements of SQL that change data or what no model knows.
#[rustfmt::skip]
const STATEMENTS_IN_SQL: &[&str] = &[
    "analyze", "call", "cluster", "copy", "delete", "do", "execute", "explain", "grant", "import",
    "insert", "lock", "merge", "notify", "prepare", "reassign", "refresh", "reset",
    "revoke", "security", "select", "set", "show", "truncate", "vacuum", "values", "with",
];

/// Statements that control transactions.
const TRANSACTION: &[&str] =
    &["abort", "begin", "commit", "end", "release", "rollback", "savepoint", "start"];

/// A statement that begins with another word.
pub(super) fn statement(cursor: &Cursor, written: &str) -> Stop {
    let word = written.to_ascii_lowercase();
    let word = word.as_str();
    if TRANSACTION.contains(&word) {
        return Stop::of(
            "transaction",
            cursor.origin(),
            format!("`{word}` is not part of the language: transactions are the runner's work"),
        )
        .help("delete it");
    }
    if STATEMENTS_IN_SQL.contains(&word) {
        let upper = word.to_ascii_uppercase();
        return cursor
            .mistake(format!("`{word}` is written in SQL"))
            .help(format!("write `sql \"{upper} …\" down \"…\"`"));
    }
    if word != written && (keywords::is_shouted_keyword(written) || STATEMENTS.contains(&word)) {
        return cursor
            .mistake(format!("keywords are lower case, `{written}` is not"))
            .help(format!("write `{word}`"));
    }
    if word == "rename" || word == "add" {
        return without_alter(cursor, word);
    }
    let stop = cursor.mistake(format!("no statement begins with `{word}`"));
    match nearest(word, STATEMENTS.iter().copied()) {
        Some(near) => stop.help(format!("did you mean `{near}`?")),
        None => stop.help(
            "a statement begins with `create`, `alter`, `drop`, `comment on`, `reindex`, `update`, `sql` or `run`",
        ),
    }
}

/// `rename table a to b`
fn without_alter(cursor: &Cursor, word: &str) -> Stop {
    let stop = cursor.mistake(format!("expected `alter` before `{word}`"));
    let names: Vec<String> =
        (1..5).filter_map(|at| cursor.peek_at(at)).map(Token::display).collect();
    match names.as_slice() {
        [kind, a, to, b] if to == "to" && is_name_at(cursor, 2) => {
            stop.help(format!("write `alter {kind} {a} rename to {b};`"))
        }
        _ => stop.help(format!("write `alter table … {word} …;`")),
    }
}

const KINDS: &str = "`table`, `index`, `enum`, `extension`, `schema` or `sequence`";

pub(super) fn create(cursor: &Cursor) -> Stop {
    if cursor.is_word("type") {
        return cursor.mistake("`create type` is written by the kind of type").help(
            "for an enum write `create enum name { a, b }`; others as `sql \"CREATE TYPE …\"`",
        );
    }
    let unique = ["table", "unique index", "index", "enum", "extension", "schema", "sequence"];
    kind(cursor, "create", &unique)
}

pub(super) fn alter(cursor: &Cursor) -> Stop {
    if cursor.is_word("type") {
        return cursor
            .mistake("`alter type` is written by the kind of type")
            .help("for an enum write `alter enum name …`; others as `sql \"ALTER TYPE …\"`");
    }
    if cursor.is_word("schema") || cursor.is_word("extension") {
        let kind = cursor.peek().map(Token::display).unwrap_or_default();
        return cursor
            .mistake(format!("`alter {kind}` is written in SQL"))
            .help(format!("write `sql \"ALTER {} …\"`", kind.to_ascii_uppercase()));
    }
    kind(cursor, "alter", &["table", "index", "enum", "sequence"])
}

pub(super) fn drop(cursor: &Cursor) -> Stop {
    if cursor.is_word("type") {
        return cursor
            .mistake("`drop type` is written by the kind of type")
            .help("for an enum write `drop enum name;`; others as `sql \"DROP TYPE …\"`");
    }
    if cursor.is_word("column") || cursor.is_word("constraint") {
        let kind = cursor.peek().map(Token::display).unwrap_or_default();
        return cursor
            .mistake(format!("a {kind} is dropped from its table"))
            .help(format!("write `alter table … drop {kind} …;`"));
    }
    kind(cursor, "drop", &["table", "index", "enum", "extension", "schema", "sequence"])
}

fn kind(cursor: &Cursor, verb: &str, kinds: &[&str]) -> Stop {
    let word = cursor.peek().filter(|token| token.is_any_word()).map(|token| token.text.as_str());
    if let Some(word) = word.filter(|word| KINDS_IN_SQL.contains(word)) {
        let words = sql_words(cursor, word);
        return cursor.mistake(format!("`{verb} {words}` is written in SQL")).help(format!(
            "write `sql \"{} {} …\"`",
            verb.to_ascii_uppercase(),
            words.to_ascii_uppercase()
        ));
    }
    let expected = match verb {
        "alter" => "`table`, `index`, `enum` or `sequence`",
        _ => KINDS,
    };
    unknown_word(cursor, expected, kinds)
}

/// The kind with the words that belong to it: `or replace view`.
fn sql_words(cursor: &Cursor, first: &str) -> String {
    let more = match first {
        "or" => 3,
        "materialized" | "event" | "foreign" | "access" | "temp" | "temporary" | "unlogged" => 2,
        _ => 1,
    };
    let words = (0..more).filter_map(|at| cursor.peek_at(at)).filter(|token| token.is_any_word());
    words.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}
