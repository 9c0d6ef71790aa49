//! Sizes, times, and indexes that nothing uses.

use super::connection::Reply;
use super::migrator::Migrator;
use super::session;
use crate::Error;

/// What a database holds, and how long it took to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// The applied migrations with their times, slowest first.
    pub migrations: Vec<MigrationTime>,
    /// The tables, largest first.
    pub tables: Vec<TableSize>,
    /// Indexes that were never read since the statistics began, largest
    /// first; those that keep values unique do their work without it.
    pub unused_indexes: Vec<IndexSize>,
}

/// How long a migration took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationTime {
    /// The name with the version.
    pub name: String,
    /// Milliseconds.
    pub duration_ms: u64,
}

/// How large a table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSize {
    /// The table, quoted, with its schema.
    pub name: String,
    /// Rows, as the server estimates; `None` before it has looked.
    pub rows: Option<u64>,
    /// Bytes of its rows, with those that are stored apart.
    pub bytes: u64,
    /// Bytes of its indexes.
    pub index_bytes: u64,
}

/// How large an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSize {
    /// The index, quoted, with its schema.
    pub name: String,
    /// Its table.
    pub table: String,
    /// Bytes.
    pub bytes: u64,
}

const TABLES: &str = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END, \
     pg_catalog.pg_table_size(c.oid), pg_catalog.pg_indexes_size(c.oid) \
     FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     WHERE c.relkind IN ('r', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
     ORDER BY pg_catalog.pg_total_relation_size(c.oid) DESC, 1";

const UNUSED: &str = "SELECT pg_catalog.format('%I.%I', s.schemaname, s.indexrelname), pg_catalog.format('%I.%I', s.schemaname, s.relname), \
     pg_catalog.pg_relation_size(s.indexrelid) \
     FROM pg_catalog.pg_stat_user_indexes AS s JOIN pg_catalog.pg_index AS i ON i.indexrelid = s.indexrelid \
     WHERE s.idx_scan = 0 AND NOT i.indisunique AND NOT i.indisexclusion AND i.indisvalid ORDER BY 3 DESC, 1";

pub(super) async fn stats(migrator: &mut Migrator) -> Result<Stats, Error> {
    let (mut connection, state) = session::open(migrator, "stats").await?;
    let reply = connection
        .send(&format!("{TABLES};\n{UNUSED}"))
        .await
        .map_err(|failed| failed.into_error("the sizes could not be read"))?;
    let time = |row: &super::state::AppliedRow| {
        Some(MigrationTime { name: row.name.clone(), duration_ms: row.duration_ms? })
    };
    let mut migrations: Vec<_> = state.applied.iter().filter_map(time).collect();
    migrations.sort_by_key(|time| std::cmp::Reverse(time.duration_ms));
    Ok(Stats { migrations, tables: tables(&reply), unused_indexes: unused(&reply) })
}

fn tables(reply: &Reply) -> Vec<TableSize> {
    let table = |row: &Vec<Option<String>>| TableSize {
        name: text(row, 0),
        rows: row[1].as_deref().and_then(|rows| rows.parse().ok()),
        bytes: number(row, 2),
        index_bytes: number(row, 3),
    };
    reply.rows(0).iter().map(table).collect()
}

fn unused(reply: &Reply) -> Vec<IndexSize> {
    let index = |row: &Vec<Option<String>>| IndexSize {
        name: text(row, 0),
        table: text(row, 1),
        bytes: number(row, 2),
    };
    reply.rows(1).iter().map(index).collect()
}

fn text(row: &[Option<String>], at: usize) -> String {
    row.get(at).cloned().flatten().unwrap_or_default()
}

fn number(row: &[Option<String>], at: usize) -> u64 {
    text(row, at).parse().unwrap_or(0)
}
