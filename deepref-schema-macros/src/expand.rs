//! What the macros expand to, as text that the compiler reads.
//!
//! A migration is one `static`, so that a thousand of them stay cheap:
//!
//! ```text
//! pub(super) static MIGRATION: ::deepref_schema::__private::Migration = {
//!     use ::deepref_schema::__private::*;
//!     Migration {
//!         version: 1,
//!         name: "CreateUsers",
//!         text: "The users.",
//!         file: "m1_create_users",
//!         checksum: *b"\x12\x34…",
//!         up: &[Segment { kind: SegmentKind::Transaction, steps: &[Step { … }] }],
//!         down: Some(&[…]),
//!         irreversible: None,
//!         lost_on_revert: &[Loss::Table { table: "users" }],
//!     }
//! };
//! ```

use std::fmt::Write;

use deepref_schema_core::history::{Loss, Verified};
use deepref_schema_core::ident::quoted;
use deepref_schema_core::migration::Migration;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::statement::{Batches, Run, Segment};
use proc_macro2::TokenStream;

const PRIVATE: &str = "::deepref_schema::__private";

/// The item of a migration in a file of its own.
pub(crate) fn migration_item(file: &str, migration: &Migration, verified: &Verified) -> String {
    let value = migration_value(file, migration, verified);
    format!(
        "#[doc = \"The migration.\"] \
         pub(super) static MIGRATION: {PRIVATE}::Migration = {value};"
    )
}

/// The schema that the history ends in, beside its last migration.
pub(crate) fn schema_item(schema: &Schema) -> String {
    let (sql, model) = (schema.sql(), schema.to_bytes());
    format!(
        "#[doc = \"The schema that the history ends in.\"] \
         pub(super) const SCHEMA_SQL: &str = {sql:?}; \
         #[doc = \"The same as the model has it.\"] \
         pub(super) const SCHEMA_MODEL: &[u8] = b\"{}\";",
        model.escape_ascii()
    )
}

/// A migration as an expression.
pub(crate) fn migration_value(file: &str, migration: &Migration, verified: &Verified) -> String {
    let Migration { version, text, .. } = migration;
    let checksum = bytes(&migration.checksum);
    let name = migration.name.as_str();
    let up = segments(&verified.up);
    let down = option(verified.down.as_deref().map(segments));
    let irreversible =
        option(migration.irreversible.as_ref().map(|reason| format!("{:?}", reason.reason)));
    let lost = list(&verified.losses, loss);
    format!(
        "{{ use {PRIVATE}::*; \
         Migration {{ version: {version}, name: {name:?}, text: {text:?}, file: {file:?}, \
         checksum: {checksum}, up: {up}, down: {down}, irreversible: {irreversible}, \
         lost_on_revert: {lost} }} }}"
    )
}

/// Bytes as one token, not as one for each.
fn bytes(bytes: &[u8]) -> String {
    format!("*b\"{}\"", bytes.escape_ascii())
}

fn option(value: Option<String>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
}

fn list<T>(items: &[T], mut write: impl FnMut(&T) -> String) -> String {
    let mut list = String::from("&[");
    for item in items {
        list.push_str(&write(item));
        list.push_str(", ");
    }
    list.push(']');
    list
}

fn segments(segments: &[Segment]) -> String {
    list(segments, |segment| {
        let kind = match &segment.run {
            Run::InTransaction | Run::AfterCommit => "Transaction".to_owned(),
            Run::Outside => "Outside".to_owned(),
            Run::Batches(batches) => format!("Batches({})", self::batches(batches)),
        };
        let steps = list(&segment.statements, |statement| {
            let (description, sql) = (&statement.description, &statement.sql);
            format!("Step {{ description: {description:?}, sql: {sql:?} }}")
        });
        format!("Segment {{ kind: SegmentKind::{kind}, steps: {steps} }}")
    })
}

fn batches(batches: &Batches) -> String {
    let Batches { table, key, set, condition, size } = batches;
    let table = table.sql();
    let columns = list(key, |(column, _)| format!("{:?}", column.sql()));
    let types = list(key, |(_, ty)| format!("{:?}", ty.sql()));
    let mut text = format!("Batches {{ table: {table:?}, key: {columns}, ");
    let _ =
        write!(text, "key_types: {types}, set: {set:?}, condition: {condition:?}, size: {size} }}");
    text
}

fn loss(loss: &Loss) -> String {
    match loss {
        Loss::Table(table) => format!("Loss::Table {{ table: {:?} }}", table.sql()),
        Loss::Column(table, column) => format!(
            "Loss::Column {{ table: {:?}, column: {:?} }}",
            table.sql(),
            quoted(column.as_str())
        ),
    }
}

/// The tokens of a text that this module wrote.
pub(crate) fn tokens(text: &str) -> TokenStream {
    // What is written here is valid whatever the names and texts in it are:
    // they stand in Rust's own escapes. The compiler is asked directly, since
    // `proc_macro2` would read the text itself first.
    if proc_macro::is_available() {
        return text.parse().map(proc_macro::TokenStream::into).unwrap_or_default();
    }
    text.parse().unwrap_or_default()
}
