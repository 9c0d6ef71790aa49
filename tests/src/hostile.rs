//! Rows that a revert may not like: nulls, equal rows, values as long and as large as they can be.

use deepref_schema_core::statement::{Run, Segment};
use postgres::{GenericClient, Transaction};

use crate::model::execute;

/// The columns that can be written, with their tables, as SQL.
const COLUMNS: &str = "
    SELECT format('%I.%I', n.nspname, c.relname), quote_ident(a.attname),
        format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
          AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, a.attnum";

/// Reverts in spite of hostile rows, and takes all of it back. The schema is that after the
/// migration. Gives what the server refused, or how many rows are missing.
pub fn survives(client: &mut postgres::Client, down: &[Segment]) -> Result<(), String> {
    if !down.iter().all(|segment| matches!(segment.run, Run::InTransaction | Run::AfterCommit)) {
        return Ok(());
    }
    for disturb in [doubled_and_empty, long_and_large] {
        let mut transaction = client.transaction().map_err(|error| error.to_string())?;
        disturb(&mut transaction);
        execute(&mut transaction, "SET CONSTRAINTS ALL IMMEDIATE")?;
        let rows = count(&mut transaction);
        for statement in down.iter().flat_map(|segment| &segment.statements) {
            let done = execute(&mut transaction, &statement.sql);
            done.map_err(|why| format!("a total revert fails on hostile rows: {why}"))?;
        }
        let kept = count(&mut transaction);
        if rows != kept {
            return Err(format!("a total revert keeps {kept} of {rows} rows"));
        }
    }
    Ok(())
}

/// Each row twice, with nulls where they can be.
fn doubled_and_empty(transaction: &mut Transaction<'_>) {
    let columns = columns(transaction);
    let mut tables: Vec<&String> = columns.iter().map(|(table, ..)| table).collect();
    tables.dedup();
    for table in tables {
        let of_table = columns.iter().filter(|(of, ..)| of == table);
        let names: Vec<&str> = of_table.map(|(_, name, _)| name.as_str()).collect();
        let names = names.join(", ");
        let twice = format!(
            "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {table}"
        );
        attempt(transaction, &twice);
    }
    for (table, name, _) in &columns {
        attempt(transaction, &format!("UPDATE {table} SET {name} = NULL"));
    }
}

/// The longest and largest values that are taken.
fn long_and_large(transaction: &mut Transaction<'_>) {
    let noise = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 500))";
    for (table, name, ty) in columns(transaction) {
        let value = match ty.as_str() {
            "smallint" => "32767".to_owned(),
            "integer" => "2147483647".to_owned(),
            "bigint" => "9223372036854775807".to_owned(),
            "numeric" => "repeat('9', 20000)::numeric".to_owned(),
            "jsonb" | "json" => format!("to_json({noise})::{ty}"),
            _ if ty.ends_with("[]") => format!("ARRAY[{noise}]::{ty}"),
            _ => format!("{noise}::{ty}"),
        };
        attempt(transaction, &format!("UPDATE {table} SET {name} = {value}"));
    }
}

fn columns(client: &mut impl GenericClient) -> Vec<(String, String, String)> {
    let rows = client.query(COLUMNS, &[]).expect("the columns can be read");
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

/// Tries it; where the server refuses, nothing happened.
fn attempt(transaction: &mut Transaction<'_>, sql: &str) {
    let mut savepoint = transaction.transaction().expect("a savepoint");
    let constraints = "SET CONSTRAINTS ALL IMMEDIATE";
    if savepoint.batch_execute(sql).and_then(|()| savepoint.batch_execute(constraints)).is_ok() {
        savepoint.commit().expect("it is kept");
    }
}

/// How many rows there are in all.
fn count(client: &mut impl GenericClient) -> i64 {
    let mut tables: Vec<_> = columns(client).into_iter().map(|(table, ..)| table).collect();
    tables.dedup();
    let count = |table: &String| -> i64 {
        client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).expect("a number").get(0)
    };
    tables.iter().map(count).sum()
}
