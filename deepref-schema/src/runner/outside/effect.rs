//! What the runner can find out about a statement after a crash.

use deepref_schema_core::ident::quoted;

use super::super::words::{Words, qualified};
use super::partition::Detach;

/// What a statement outside of a transaction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// `CREATE [UNIQUE] INDEX CONCURRENTLY index ON table definition`.
    CreateIndex(NewIndex),
    /// `DROP INDEX CONCURRENTLY index`.
    DropIndex { index: String },
    /// `REINDEX INDEX CONCURRENTLY index` or `REINDEX TABLE CONCURRENTLY table`,
    /// which may leave copies behind.
    Reindex(Reindexed),
    /// `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`, which may be left half
    /// done.
    Detach(Detach),
    /// What can be sent again, whether or not it was done:
    /// `ALTER TYPE … ADD VALUE IF NOT EXISTS …`.
    Repeatable,
    /// Nothing: only a person can look.
    Unknown,
}

/// The parts of a new index, quoted as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewIndex {
    pub(super) index: String,
    pub(super) table: String,
    pub(super) unique: bool,
    /// All that stands after the table.
    pub(super) definition: String,
}

/// What is built again, quoted as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reindexed {
    Index(String),
    /// All indexes of a table.
    Table(String),
}

impl Effect {
    pub(super) fn of(sql: &str) -> Effect {
        let mut words = Words::of(sql);
        let effect = match words.keyword().as_deref() {
            Some("create") => create_index(&mut words),
            Some("drop") => drop_index(&mut words),
            Some("reindex") => reindex(&mut words),
            Some("alter") => add_value(&mut words.clone()).or_else(|| detach(&mut words)),
            _ => None,
        };
        effect.unwrap_or(Effect::Unknown)
    }
}

fn create_index(words: &mut Words<'_>) -> Option<Effect> {
    let unique = words.accept("unique");
    all(words, &["index", "concurrently"])?;
    if words.accept("if") {
        all(words, &["not", "exists"])?;
    }
    let index = quoted(&words.next()?.name());
    all(words, &["on"])?;
    words.accept("only");
    let table = qualified(words)?;
    let definition = words.rest().to_string();
    Some(Effect::CreateIndex(NewIndex { index, table, unique, definition }))
}

fn drop_index(words: &mut Words<'_>) -> Option<Effect> {
    all(words, &["index", "concurrently"])?;
    if words.accept("if") {
        all(words, &["exists"])?;
    }
    Some(Effect::DropIndex { index: qualified(words)? })
}

fn reindex(words: &mut Words<'_>) -> Option<Effect> {
    let is_table = words.accept("table");
    if !is_table {
        all(words, &["index"])?;
    }
    all(words, &["concurrently"])?;
    let name = qualified(words)?;
    Some(Effect::Reindex(if is_table { Reindexed::Table(name) } else { Reindexed::Index(name) }))
}

fn add_value(words: &mut Words<'_>) -> Option<Effect> {
    all(words, &["type"])?;
    qualified(words)?;
    all(words, &["add", "value", "if", "not", "exists"])?;
    Some(Effect::Repeatable)
}

fn detach(words: &mut Words<'_>) -> Option<Effect> {
    all(words, &["table"])?;
    if words.accept("if") {
        all(words, &["exists"])?;
    }
    words.accept("only");
    let table = qualified(words)?;
    words.accept("*");
    all(words, &["detach", "partition"])?;
    let partition = qualified(words)?;
    all(words, &["concurrently"])?;
    Some(Effect::Detach(Detach { table, partition }))
}

fn all(words: &mut Words<'_>, keywords: &[&str]) -> Option<()> {
    keywords.iter().all(|keyword| words.accept(keyword)).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_can_be_probed() {
        let create = |index: &str, table: &str, unique, definition: &str| {
            let (index, table) = (index.into(), table.into());
            Effect::CreateIndex(NewIndex { index, table, unique, definition: definition.into() })
        };
        let detach = |table: &str, partition: &str| {
            Effect::Detach(Detach { table: table.into(), partition: partition.into() })
        };
        for (sql, effect) in [
            ("CREATE INDEX CONCURRENTLY a ON t (x)", create("a", "t", false, " (x)")),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY \"A b\" ON app.\"T\" (x) WHERE y",
                create("\"A b\"", "app.\"T\"", true, " (x) WHERE y"),
            ),
            (
                "create index concurrently if not exists a on only s.t using gin (x)",
                create("a", "s.t", false, " using gin (x)"),
            ),
            ("DROP INDEX CONCURRENTLY s.\"I\"", Effect::DropIndex { index: "s.\"I\"".into() }),
            ("REINDEX INDEX CONCURRENTLY i", Effect::Reindex(Reindexed::Index("i".into()))),
            (
                "REINDEX TABLE CONCURRENTLY s.\"T\"",
                Effect::Reindex(Reindexed::Table("s.\"T\"".into())),
            ),
            ("REINDEX TABLE t", Effect::Unknown),
            ("REINDEX SCHEMA CONCURRENTLY s", Effect::Unknown),
            ("ALTER TABLE p DETACH PARTITION c CONCURRENTLY", detach("p", "c")),
            (
                "-- old\nalter table if exists only App.p * detach /* it */ partition \"C\" concurrently",
                detach("app.p", "\"C\""),
            ),
            ("ALTER TABLE p DETACH PARTITION c", Effect::Unknown),
            ("ALTER TABLE p DETACH PARTITION c FINALIZE", Effect::Unknown),
            ("ALTER TYPE \"S\" ADD VALUE IF NOT EXISTS 'a' AFTER 'b'", Effect::Repeatable),
            ("ALTER TYPE s ADD VALUE 'a'", Effect::Unknown),
            ("CREATE INDEX a ON t (x)", Effect::Unknown),
            ("CREATE INDEX CONCURRENTLY ON t (x)", Effect::Unknown),
            ("VACUUM t", Effect::Unknown),
            ("", Effect::Unknown),
        ] {
            assert_eq!(Effect::of(sql), effect, "{sql}");
        }
    }
}
