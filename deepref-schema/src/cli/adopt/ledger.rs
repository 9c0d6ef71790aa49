//! The ledgers of other tools.

use deepref_schema_core::ident::{literal, quoted};

use crate::inspect::{Reader, Row};
use crate::{Error, History, Ledger};

/// What another tool has recorded.
#[derive(Debug)]
pub(super) struct Found {
    /// The tool.
    pub(super) tool: &'static str,
    versions: Vec<i64>,
    /// Whether only the last version is recorded.
    only_last: bool,
    /// What is no whole number.
    pub(super) unreadable: Vec<String>,
}

/// How a tool records: its table, columns that tell it from others, the query
/// of the versions, and of what failed half-way.
struct Tool {
    name: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
    versions: &'static str,
    failed: Option<&'static str>,
    only_last: bool,
}

const TOOLS: [Tool; 6] = [
    Tool {
        name: "sqlx",
        table: "_sqlx_migrations",
        columns: &["version", "success"],
        versions: "SELECT version::text FROM {} WHERE success ORDER BY version",
        failed: Some("SELECT version::text FROM {} WHERE NOT success"),
        only_last: false,
    },
    Tool {
        name: "diesel",
        table: "__diesel_schema_migrations",
        columns: &["version", "run_on"],
        versions: "SELECT version FROM {} ORDER BY version",
        failed: None,
        only_last: false,
    },
    Tool {
        name: "refinery",
        table: "refinery_schema_history",
        columns: &["version", "applied_on"],
        versions: "SELECT version::text FROM {} ORDER BY version",
        failed: None,
        only_last: false,
    },
    Tool {
        name: "golang-migrate",
        table: "schema_migrations",
        columns: &["version", "dirty"],
        versions: "SELECT version::text FROM {}",
        failed: Some("SELECT version::text FROM {} WHERE dirty"),
        only_last: true,
    },
    Tool {
        name: "Flyway",
        table: "flyway_schema_history",
        columns: &["version", "success", "installed_rank"],
        versions: "SELECT version FROM {} WHERE success AND version IS NOT NULL ORDER BY installed_rank",
        failed: Some("SELECT coalesce(version, script) FROM {} WHERE NOT success"),
        only_last: false,
    },
    // Rails and others that record versions alone.
    Tool {
        name: "the other tool",
        table: "schema_migrations",
        columns: &["version"],
        versions: "SELECT version::text FROM {} ORDER BY version",
        failed: None,
        only_last: false,
    },
];

/// Looks for the ledger of another tool.
pub(super) async fn find(reader: &mut Reader, own: Ledger) -> Result<Option<Found>, Error> {
    if let Some(found) = typeorm(reader, own).await? {
        return Ok(Some(found));
    }
    let tables = tables(reader, TOOLS.iter().map(|tool| tool.table)).await?;
    let known = TOOLS.iter().find_map(|tool| {
        let of_tool = |row: &&Row| {
            let columns = row.list(2);
            row.text(1) == tool.table
                && tool.columns.iter().all(|wanted| columns.iter().any(|column| column == wanted))
        };
        tables.iter().find(of_tool).map(|row| (tool, row))
    });
    let Some((tool, row)) = known else { return Ok(None) };
    let table = format!("{}.{}", quoted(row.text(0)), quoted(row.text(1)));
    let what = format!("the ledger of {} could not be read", tool.name);
    if let Some(failed) = tool.failed {
        let failed = reader.rows(&failed.replace("{}", &table), &what).await?;
        if let Some(row) = failed.first() {
            return Err(Error::Refused {
                problem: format!("{} has left {} half-way", tool.name, row.text(0)),
                help: "nothing was written; repair it with that tool first".into(),
            });
        }
    }
    let versions = reader.rows(&tool.versions.replace("{}", &table), &what).await?;
    Ok(found(tool.name, tool.only_last, &versions))
}

/// TypeORM's ledger is the same table as ours, without our columns.
async fn typeorm(reader: &mut Reader, own: Ledger) -> Result<Option<Found>, Error> {
    let tables = tables(reader, [own.table].into_iter()).await?;
    let Some(row) = tables.iter().find(|row| row.text(0) == own.schema) else { return Ok(None) };
    let columns = row.list(2);
    let has = |name: &str| columns.iter().any(|column| column == name);
    if !(has("timestamp") && has("name")) {
        return Ok(None);
    }
    let table = format!("{}.{}", quoted(own.schema), quoted(own.table));
    let what = "the ledger could not be read";
    if has("checksum") {
        let ours = format!("SELECT name FROM {table} WHERE checksum IS NOT NULL LIMIT 1");
        if let Some(row) = reader.rows(&ours, what).await?.first() {
            return Err(Error::Refused {
                problem: format!(
                    "the database is taken over already: {table} records `{}`",
                    row.text(0)
                ),
                help: "`cargo migrate show` says where it stands".into(),
            });
        }
    }
    let sql = format!("SELECT \"timestamp\"::text FROM {table} ORDER BY \"timestamp\"");
    Ok(found("TypeORM", false, &reader.rows(&sql, what).await?))
}

/// The tables of these names: schema, name, columns.
async fn tables(reader: &mut Reader, names: impl Iterator<Item = &str>) -> Result<Vec<Row>, Error> {
    let names: Vec<_> = names.map(literal).collect();
    let sql = format!(
        "SELECT n.nspname, c.relname, array_agg(a.attname::text) \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND c.relname IN ({}) GROUP BY 1, 2 ORDER BY 1, 2",
        names.join(", ")
    );
    reader.rows(&sql, "the tables could not be listed").await
}

/// A ledger without rows says nothing.
fn found(tool: &'static str, only_last: bool, rows: &[Row]) -> Option<Found> {
    let (mut versions, mut unreadable) = (Vec::new(), Vec::new());
    for row in rows {
        match row.text(0).parse() {
            Ok(version) => versions.push(version),
            Err(_) => unreadable.push(row.text(0).to_owned()),
        }
    }
    (!rows.is_empty()).then_some(Found { tool, versions, only_last, unreadable })
}

impl Found {
    /// The versions that are applied, ascending.
    pub(super) fn versions(&self, history: &History) -> Vec<i64> {
        let mut versions = self.versions.clone();
        if let (true, Some(last)) = (self.only_last, self.versions.first()) {
            let before = history.migrations.iter().map(|migration| migration.version);
            versions.extend(before.filter(|version| version < last));
        }
        versions.sort_unstable();
        versions.dedup();
        versions
    }
}
