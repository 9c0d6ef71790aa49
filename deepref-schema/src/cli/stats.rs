//! `stats`: sizes, times, and indexes that nothing uses.

use std::time::Duration;

use serde_json::json;

use super::arguments::Stats as Options;
use super::database::Database;
use super::output::{self, escape};
use crate::{Error, History, Stats};

/// How many lines of each kind people want to see.
const MOST: usize = 15;

pub(super) fn execute(history: &History, options: &Options) -> Result<(), Error> {
    let database = Database::open(history)?;
    let stats = database.migrator(history).stats()?;
    if options.json {
        output::line(format_args!("{:#}", as_json(&stats)));
        return Ok(());
    }
    database.say_where();
    say("migrations", "slowest first", stats.migrations.iter(), |time| {
        let took = output::duration(Duration::from_millis(time.duration_ms));
        format!("{took:>10}  {}", escape(&time.name))
    });
    say("tables", "rows, size, indexes", stats.tables.iter(), |table| {
        let rows = table.rows.map_or("?".into(), |rows| rows.to_string());
        let (bytes, indexes) = (size(table.bytes), size(table.index_bytes));
        format!("{rows:>12} {bytes:>10} {indexes:>10}  {}", escape(&table.name))
    });
    say("indexes that nothing read", "size", stats.unused_indexes.iter(), |index| {
        format!("{:>10}  {} of {}", size(index.bytes), escape(&index.name), escape(&index.table))
    });
    Ok(())
}

fn say<T>(
    title: &str,
    note: &str,
    items: impl ExactSizeIterator<Item = T>,
    line: impl Fn(T) -> String,
) {
    let count = items.len();
    output::line(format_args!("\n{title} ({count}; {note}):"));
    items.take(MOST).for_each(|item| output::line(line(item)));
    if count > MOST {
        output::line(format_args!("  and {} more: `--json` shows all", count - MOST));
    }
}

/// Bytes as people say them.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        (size, unit) = (size / 1024.0, unit + 1);
    }
    format!("{size:.1} {}", UNITS[unit])
}

fn as_json(stats: &Stats) -> serde_json::Value {
    let migrations = stats.migrations.iter();
    let tables = stats.tables.iter();
    let indexes = stats.unused_indexes.iter();
    json!({
        "migrations": migrations.map(|m| json!({ "name": m.name, "duration_ms": m.duration_ms })).collect::<Vec<_>>(),
        "tables": tables.map(|t| json!({ "name": t.name, "rows": t.rows, "bytes": t.bytes, "index_bytes": t.index_bytes })).collect::<Vec<_>>(),
        "unused_indexes": indexes.map(|i| json!({ "name": i.name, "table": i.table, "bytes": i.bytes })).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn says_sizes() {
        let sizes = [0, 8192, 3 << 20, 5 << 40, 5000 << 40].map(super::size);
        assert_eq!(sizes, ["0.0 kB", "8.0 kB", "3.0 MB", "5.0 TB", "5000.0 TB"]);
    }
}
