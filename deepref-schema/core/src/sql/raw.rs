//! What raw SQL must not hold.

use std::collections::BTreeSet;

use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode};

use crate::diagnostic::Diagnostic;
use crate::origin::Origin;

/// Checks a text of raw SQL: that it is SQL, and that it does not undo what
/// the runner relies on: its transaction, its settings, its lock.
pub fn check_raw(text: &str, origin: Origin) -> Vec<Diagnostic> {
    let parse = SourceFile::parse(text);
    if let Some(error) = parse.errors().first() {
        let at = usize::from(error.range().start()).min(text.len());
        let line = text[..at].matches('\n').count() + 1;
        let message = format!("this is no SQL: {}, in line {line} of the text", error.message());
        return vec![Diagnostic::new("syntax", origin, message)];
    }
    let statements: Vec<_> = parse.tree().stmts().collect();
    if statements.is_empty() {
        let help = "delete it, or write `down none` where there is nothing to undo";
        let diagnostic = Diagnostic::new("syntax", origin, "the text holds no statement");
        return vec![diagnostic.help(help)];
    }
    statements.iter().filter_map(|statement| forbidden(statement, origin)).collect()
}

/// The names that a text may have made or dropped: those in its statements
/// that are not about rows; of a view or a function its own. `None` where it runs code, which can do anything.
pub fn words_in_doubt(text: &str) -> Option<BTreeSet<String>> {
    let parse = SourceFile::parse(text);
    let mut words = BTreeSet::new();
    for statement in parse.tree().stmts() {
        match statement.syntax().kind() {
            SyntaxKind::DO | SyntaxKind::CALL | SyntaxKind::EXECUTE => return None,
            SyntaxKind::INSERT | SyntaxKind::UPDATE | SyntaxKind::DELETE | SyntaxKind::MERGE => {}
            SyntaxKind::TRUNCATE | SyntaxKind::ANALYZE | SyntaxKind::LOCK => {}
            // These make what they name first, and nothing of what else they name.
            SyntaxKind::CREATE_VIEW
            | SyntaxKind::CREATE_MATERIALIZED_VIEW
            | SyntaxKind::CREATE_FUNCTION
            | SyntaxKind::CREATE_PROCEDURE
            | SyntaxKind::CREATE_AGGREGATE
            | SyntaxKind::CREATE_TRIGGER
            | SyntaxKind::CREATE_RULE
            | SyntaxKind::CREATE_POLICY
            | SyntaxKind::COMMENT_ON => {
                let is_path = |node: &SyntaxNode| node.kind() == SyntaxKind::PATH;
                let path = statement.syntax().descendants().find(is_path);
                words.extend(path.iter().flat_map(names_in));
            }
            _ => words.extend(names_in(statement.syntax())),
        }
    }
    Some(words)
}

fn names_in(statement: &SyntaxNode) -> impl Iterator<Item = String> + use<> {
    let elements = statement.descendants_with_tokens();
    let tokens = elements.filter_map(|element| element.into_token());
    let words = tokens.filter(|token| {
        token.text().starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"')
    });
    words.map(|token| match token.text().strip_prefix('"') {
        Some(quoted) => quoted.trim_end_matches('"').replace("\"\"", "\""),
        None => token.text().to_lowercase(),
    })
}

/// The statements of a text, each with the comments before it.
pub fn split(text: &str) -> Vec<String> {
    let parse = SourceFile::parse(text);
    let mut start = 0;
    let mut parts: Vec<String> = Vec::new();
    for statement in parse.tree().stmts() {
        let end = usize::from(statement.syntax().text_range().end());
        let part = trimmed(&text[start..end]);
        if !part.is_empty() {
            parts.push(part);
        }
        start = end;
    }
    parts
}

/// Whether a statement can not run in a transaction block and is known to the
/// runner, which finishes it when it was interrupted.
pub fn runs_outside(statement: &str) -> bool {
    let parse = SourceFile::parse(statement);
    let mut nodes = parse.tree().syntax().descendants();
    nodes.any(|node| node.kind() == SyntaxKind::DETACH_CONCURRENTLY)
}

/// Whether a statement may change rows: not so for changes of the schema.
pub fn changes_rows(statement: &str) -> bool {
    let parse = SourceFile::parse(statement);
    let first = parse.tree().stmts().next();
    let first = first.and_then(|statement| statement.syntax().first_token());
    let word = first.map(|token| token.text().to_lowercase()).unwrap_or_default();
    ["insert", "update", "delete", "merge", "copy", "with", "select", "do", "call", "values"]
        .contains(&word.as_str())
}

/// The statements of a text that change rows, or may do so, by their first
/// words.
pub fn data_statements(text: &str) -> Vec<String> {
    let words = |statement: &String| {
        let parse = SourceFile::parse(statement);
        let first = parse.tree().stmts().next();
        let text = first.map(|first| first.syntax().text().to_string()).unwrap_or_default();
        text.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
    };
    let empties = |statement: &str| {
        let word = words(&statement.to_owned()).to_lowercase();
        word.starts_with("truncate") || word.starts_with("execute")
    };
    let statements = split(text).into_iter();
    let changing = statements.filter(|one| changes_rows(one) || empties(one));
    changing.map(|one| format!("sql {}", words(&one))).collect()
}

fn trimmed(statement: &str) -> String {
    let blank = |c: char| c.is_whitespace() || c == ';';
    statement.trim_start_matches(blank).trim_end_matches(blank).to_owned()
}

fn forbidden(statement: &ast::Stmt, origin: Origin) -> Option<Diagnostic> {
    let node = statement.syntax();
    if let Some((shown, help)) = outside_only(node) {
        let message =
            format!("`{shown}` can not stand in raw SQL: it can not run in a transaction");
        return Some(Diagnostic::new("raw_sql", origin, message).help(help));
    }
    let words = node.text().to_string().to_lowercase();
    let first = first_words(node);
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    // What a function says is not done when it is made.
    let is_made = matches!(node.kind(), SyntaxKind::CREATE_FUNCTION | SyntaxKind::CREATE_PROCEDURE);
    let (what, help) = match (node.kind(), first.as_slice()) {
        (_, ["begin" | "commit" | "rollback" | "savepoint" | "release" | "abort" | "end", ..])
        | (_, ["start" | "prepare", "transaction"]) => {
            ("transactions are the runner's work", "delete it")
        }
        (_, ["set", word]) if *word != "local" && *word != "constraints" => {
            ("a setting would outlive the migration", "write `SET LOCAL …`")
        }
        (_, ["reset" | "discard", ..]) => ("the settings are the runner's", "delete it"),
        (_, ["listen" | "unlisten", ..]) => ("it would outlive the migration", "delete it"),
        (SyntaxKind::COPY, _) if words.contains("stdin") || words.contains("stdout") => {
            ("there is no client to copy from or to", "write `INSERT` instead")
        }
        _ if is_made => return None,
        _ if words.contains("pg_advisory_unlock") => ("the lock is the runner's", "delete it"),
        _ if sets_config_for_session(&words) => (
            "a setting would outlive the migration",
            "pass `true` as the last argument of `set_config`",
        ),
        _ => return None,
    };
    let shown: String = first.join(" ");
    let message = format!("`{shown}` can not stand in a migration: {what}");
    Some(Diagnostic::new("raw_sql", origin, message).help(help))
}

/// What PostgreSQL refuses in a transaction block, in which raw SQL always
/// runs: the words of the statement, and what to do instead. Only detaching a
/// partition is left, see [`runs_outside`].
fn outside_only(node: &SyntaxNode) -> Option<(&'static str, &'static str)> {
    let elements = || node.descendants_with_tokens().map(|element| element.kind());
    let concurrently = || elements().any(|kind| kind == SyntaxKind::CONCURRENTLY_KW);
    let of_all = |kind| {
        use SyntaxKind::{REINDEX_TARGET_DATABASE, REINDEX_TARGET_SCHEMA, REINDEX_TARGET_SYSTEM};
        [REINDEX_TARGET_DATABASE, REINDEX_TARGET_SCHEMA, REINDEX_TARGET_SYSTEM].contains(&kind)
    };
    Some(match node.kind() {
        SyntaxKind::CREATE_INDEX if concurrently() => {
            ("create index concurrently", "write `create index concurrently …;` without `sql`")
        }
        SyntaxKind::DROP_INDEX if concurrently() => {
            ("drop index concurrently", "write `drop index concurrently …;` without `sql`")
        }
        SyntaxKind::REINDEX if elements().any(of_all) => {
            ("reindex", "write `reindex table … concurrently;` for each table, without `sql`")
        }
        SyntaxKind::REINDEX if concurrently() => (
            "reindex concurrently",
            "write `reindex index … concurrently;` or `reindex table … concurrently;` without `sql`",
        ),
        SyntaxKind::VACUUM => ("vacuum", "leave it to autovacuum, or run it beside the migrations"),
        SyntaxKind::CREATE_DATABASE => ("create database", BEFORE),
        SyntaxKind::DROP_DATABASE => ("drop database", BEFORE),
        SyntaxKind::CREATE_TABLESPACE => ("create tablespace", BEFORE),
        SyntaxKind::DROP_TABLESPACE => ("drop tablespace", BEFORE),
        SyntaxKind::ALTER_SYSTEM => ("alter system", BEFORE),
        _ => return None,
    })
}

/// What is about the whole server is no part of a history.
const BEFORE: &str = "do it beside the migrations: it is about the whole server";

/// The first two words of a statement, whatever stands between them.
fn first_words(statement: &SyntaxNode) -> Vec<String> {
    let elements = statement.descendants_with_tokens();
    let tokens = elements.filter_map(|element| element.into_token());
    let words = tokens.filter(|token| {
        !matches!(
            token.kind(),
            SyntaxKind::WHITESPACE | SyntaxKind::COMMENT | SyntaxKind::SEMICOLON
        )
    });
    words.take(2).map(|token| token.text().to_lowercase()).collect()
}

fn sets_config_for_session(words: &str) -> bool {
    let call = words.find("set_config").map(|at| &words[at..]);
    call.is_some_and(|call| call.split(')').next().is_some_and(|call| call.contains("false")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        check_raw(text, Origin::NONE).into_iter().map(|d| d.message).collect()
    }

    #[test]
    fn a_text_is_split_into_its_statements() {
        let text = "INSERT INTO t VALUES (';');\n-- why\nUPDATE t SET a = 2 ;; SELECT 1 -- end";
        assert_eq!(
            split(text),
            ["INSERT INTO t VALUES (';')", "-- why\nUPDATE t SET a = 2", "SELECT 1"]
        );
    }

    #[test]
    fn what_is_not_about_rows_puts_its_names_in_doubt() {
        let words =
            |text: &str| words_in_doubt(text).map(|words| words.into_iter().collect::<Vec<_>>());
        assert_eq!(words("INSERT INTO t VALUES (1); ANALYZE t"), Some(vec![]));
        let found = words("ALTER TABLE \"My\" RENAME Id TO users").unwrap_or_default();
        for name in ["My", "id", "users"] {
            assert!(found.contains(&name.to_owned()), "{name} in {found:?}");
        }
        let own =
            |text: &str, name: &str| assert_eq!(words(text), Some(vec![name.to_owned()]), "{text}");
        own("CREATE VIEW \"My\" AS SELECT Id FROM users", "My");
        own(
            "CREATE OR REPLACE FUNCTION slug(a users) RETURNS int LANGUAGE sql AS 'SELECT id'",
            "slug",
        );
        own("CREATE MATERIALIZED VIEW seen AS SELECT id FROM t", "seen");
        assert_eq!(words("DO $$ BEGIN END $$"), None);
    }

    #[test]
    fn data_statements_are_named() {
        let text = "CREATE VIEW v AS SELECT 1; insert into t values (1);\n-- why\nTRUNCATE t; \
                    ANALYZE t; DO $$ BEGIN END $$; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'";
        assert_eq!(
            data_statements(text),
            ["sql insert into t values", "sql TRUNCATE t", "sql DO $$ BEGIN END"]
        );
    }

    #[test]
    fn plain_statements_are_fine() {
        for text in [
            "INSERT INTO t VALUES (1); UPDATE t SET a = 2",
            "SET LOCAL work_mem = '1GB'",
            "SET CONSTRAINTS ALL IMMEDIATE",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$",
            "SELECT set_config('a.b', 'x', true)",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "REINDEX TABLE t",
            "ALTER TABLE p DETACH PARTITION c CONCURRENTLY",
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT set_config('a.b', 'x', false) $$",
        ] {
            assert_eq!(findings(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_partition_is_detached_outside_of_a_transaction() {
        for (statement, outside) in [
            ("-- old\nalter table only a.p detach partition a.c concurrently", true),
            ("ALTER TABLE p DETACH PARTITION c CONCURRENTLY", true),
            ("ALTER TABLE p DETACH PARTITION c FINALIZE", false),
            ("ALTER TABLE p DETACH PARTITION c", false),
            ("COMMENT ON TABLE p IS 'DETACH PARTITION c CONCURRENTLY'", false),
        ] {
            assert_eq!(runs_outside(statement), outside, "{statement}");
        }
    }

    #[test]
    fn what_would_undo_the_runner_is_refused() {
        for text in [
            "BEGIN; SELECT 1",
            "COMMIT",
            "/* now */ COMMIT/* it */",
            "COMMIT--",
            "ROLLBACK;",
            "SELECT 1; END",
            "prepare/**/transaction 'x'",
            "START TRANSACTION",
            "SAVEPOINT a",
            "SET work_mem = '1GB'",
            "RESET ALL",
            "DISCARD ALL",
            "SELECT pg_advisory_unlock_all()",
            "SELECT set_config('a.b', 'x', false)",
            "CREATE TABLE a AS SELECT set_config('a.b', 'x', false)",
            "COPY t FROM STDIN",
            "VACUUM t",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
            "DROP INDEX CONCURRENTLY i",
            "REINDEX INDEX CONCURRENTLY i",
            "REINDEX (CONCURRENTLY) TABLE t",
            "REINDEX SCHEMA s",
            "CREATE DATABASE d",
            "DROP DATABASE d",
            "CREATE TABLESPACE s LOCATION '/'",
            "DROP TABLESPACE s",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "LISTEN a",
            "SELEC 1",
            "",
            " -- nothing",
        ] {
            assert_eq!(findings(text).len(), 1, "{text}: {:?}", findings(text));
        }
    }
}
