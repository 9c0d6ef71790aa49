//! Histories written by hand, in the shape that the macros emit.

use deepref_schema::{
    Batches, Function, History, Ledger, Limits, Migration, Segment, SegmentKind, Step,
};

/// A history of these migrations.
pub fn history(migrations: Vec<Migration>) -> History {
    let migrations: Vec<&'static Migration> = migrations.into_iter().map(leak).collect();
    History {
        migrations: migrations.leak(),
        schema: b"",
        ledger: Ledger { schema: "public", table: "migrations" },
        oldest_postgres: 14,
        manifest_dir: "",
        list_file: "",
        inline: "",
    }
}

/// A migration with these segments. Its checksum is made of the version.
pub fn migration(version: i64, name: &str, up: Vec<Segment>, down: Vec<Segment>) -> Migration {
    let mut checksum = [7; 32];
    checksum[..8].copy_from_slice(&version.to_be_bytes());
    Migration {
        version,
        name: text(name),
        text: "",
        file: text(&format!("m{version}_{}", name.to_lowercase())),
        checksum,
        up: up.leak(),
        down: Some(down.leak()),
        irreversible: None,
        lost_on_revert: &[],
        risks_of_revert: &[],
        replaces: &[],
        limits: Limits::NONE,
    }
}

/// A migration of one transaction each way.
pub fn simple(version: i64, name: &str, up: &[&str], down: &[&str]) -> Migration {
    migration(version, name, vec![transaction(up)], vec![transaction(down)])
}

/// A migration that makes one table named after its version.
pub fn table(version: i64) -> Migration {
    simple(
        version,
        &format!("Table{version}"),
        &[&format!("CREATE TABLE t{version} (id int PRIMARY KEY)")],
        &[&format!("DROP TABLE t{version}")],
    )
}

/// Statements in one transaction.
pub fn transaction(statements: &[&str]) -> Segment {
    let steps: Vec<_> = statements.iter().map(|sql| step(sql)).collect();
    Segment { kind: SegmentKind::Transaction, steps: steps.leak() }
}

/// One statement outside of a transaction.
pub fn outside(statement: &str) -> Segment {
    Segment { kind: SegmentKind::Outside, steps: vec![step(statement)].leak() }
}

/// An update in batches.
pub fn batches(batches: Batches) -> Segment {
    let sql = format!("UPDATE {} SET {}", batches.table, batches.set);
    Segment { kind: SegmentKind::Batches(batches), steps: vec![step(&sql)].leak() }
}

/// The call of a function, as a step to put into a segment.
pub fn call(function: Function) -> Step {
    let description = text(&format!("run {}", function.path));
    let sql = text(&format!("-- {description}"));
    Step { description, sql, locks: None, function: Some(function) }
}

/// A statement, as a step to put into a segment.
pub fn step(sql: &str) -> Step {
    let description: Vec<_> = sql.split_whitespace().take(3).collect();
    Step {
        description: text(&description.join(" ").to_lowercase()),
        sql: text(sql),
        locks: None,
        function: None,
    }
}

fn text(text: &str) -> &'static str {
    text.to_string().leak()
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// A batched update of a table `k` with a key `id`, which adds one to each `v`.
pub fn count_in_ranges(size: u64) -> Segment {
    batches(Batches {
        table: "k",
        key: &["id"],
        key_types: &["integer"],
        set: "v = v + 1",
        condition: "",
        size,
    })
}
