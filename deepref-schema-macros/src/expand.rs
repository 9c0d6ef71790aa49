//! What the macros expand to, as text that the compiler reads.
//!
//! A migration is one string, which the library unpacks when the program
//! starts, so that a thousand of them stay cheap to compile:
//!
//! ```text
//! pub(super) static MIGRATION: &str = "1\n11:CreateUsers\n10:The users.\n…";
//! ```
//!
//! The order of its parts is that of the fields of the library's `Migration`,
//! whose `unpack` reads them. Functions are no text; a migration that runs some
//! has a table of them beside it:
//!
//! ```text
//! pub(super) static MIGRATION: ::deepref_schema::__private::Packed = … {
//!     text: "1\n11:CreateUsers\n…",
//!     functions: MIGRATION_FUNCTIONS,
//! };
//! static MIGRATION_FUNCTIONS: &[::deepref_schema::__private::Function] = &[…];
//! ```
//!
//! The table is made of the tokens of the migration each time, since what was
//! kept of an earlier compilation has no places.

use deepref_schema_core::checksum::hex;
use deepref_schema_core::history::{Loss, Verified};
use deepref_schema_core::ident::quoted;
use deepref_schema_core::limits::Limits;
use deepref_schema_core::locks::Lock;
use deepref_schema_core::migration::Migration;
use deepref_schema_core::packed::Packer;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::statement::{Batches, Run, Segment, Statement};
use proc_macro2::TokenStream;
use quote::quote;

/// How the item of a migration begins that needs the table of its functions.
const WITH_FUNCTIONS: &str = "pub(super) static MIGRATION: ::deepref_schema::__private::Packed =";

/// The item of a migration in a file of its own.
pub(crate) fn migration_item(packed: &str, has_functions: bool) -> String {
    if has_functions {
        return format!(
            "{WITH_FUNCTIONS} ::deepref_schema::__private::Packed {{ text: {packed:?}, functions: MIGRATION_FUNCTIONS }};"
        );
    }
    format!("pub(super) static MIGRATION: &str = {packed:?};")
}

/// Whether the items of a migration need the table of its functions.
pub(crate) fn has_functions(items: &str) -> bool {
    items.starts_with(WITH_FUNCTIONS)
}

/// The table of the functions of a migration in a file of its own.
pub(crate) fn functions_item(table: &TokenStream) -> TokenStream {
    quote! {
        static MIGRATION_FUNCTIONS: &[::deepref_schema::__private::Function] = #table;
    }
}

/// A migration of those that are written in the list itself.
pub(crate) fn inline_item(packed: &str, functions: Option<&TokenStream>) -> TokenStream {
    match functions {
        None => quote! { ::deepref_schema::__private::Packed::from(#packed) },
        Some(functions) => quote! {
            ::deepref_schema::__private::Packed { text: #packed, functions: #functions }
        },
    }
}

/// The schema that the history ends in, beside its last migration.
pub(crate) fn schema_item(schema: &Schema) -> String {
    let bytes = schema.to_bytes();
    format!("pub(super) static SCHEMA: &[u8] = b\"{}\";", bytes.escape_ascii())
}

/// The item of a seed in a file of its own.
pub(crate) fn seed_item(packed: &str) -> String {
    format!("pub(super) static SEED: &str = {packed:?};")
}

/// Whether anybody waits for the migration, where the history allows that: the
/// list looks whether it is needed.
pub(crate) fn blocks_item(verified: &Verified) -> String {
    format!("pub(super) const BLOCKS: bool = {};", !verified.blocking.is_empty())
}

/// A migration as one text.
pub(crate) fn packed(file: &str, migration: &Migration, verified: &Verified) -> String {
    let mut packer = Packer::default();
    packer.number(migration.version);
    packer.text(migration.name.as_str());
    packer.text(&migration.text);
    packer.text(file);
    packer.text(&hex(&migration.checksum));
    packer.list(&verified.up, segment);
    packer.option(verified.down.as_deref(), |packer, down| packer.list(down, segment));
    let reason = migration.irreversible.as_ref().map(|irreversible| &irreversible.reason);
    packer.option(reason, |packer, reason| packer.text(reason));
    packer.list(&verified.losses, loss);
    packer.list(&verified.risks, |packer, risk| {
        packer.number(risk.kind as i64);
        packer.text(&risk.text);
    });
    packer.list(&migration.replaces, |packer, one| {
        packer.number(one.version);
        packer.text(&hex(&one.checksum));
    });
    limits(&mut packer, &migration.limits);
    packer.finish()
}

fn limits(packer: &mut Packer, limits: &Limits) {
    let Limits { lock_timeout, statement_timeout, idle_in_transaction_session_timeout, attempts } =
        limits;
    for time in [lock_timeout, statement_timeout, idle_in_transaction_session_timeout] {
        let milliseconds = time.map(|time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
        packer.option(milliseconds, |packer, milliseconds| packer.number(*milliseconds));
    }
    packer.option(*attempts, |packer, attempts| packer.number(i64::from(*attempts)));
}

fn segment(packer: &mut Packer, segment: &Segment) {
    match &segment.run {
        Run::InTransaction | Run::AfterCommit => packer.text("transaction"),
        Run::Outside => packer.text("outside"),
        Run::Batches(batches) => {
            packer.text("batches");
            self::batches(packer, batches);
        }
    }
    packer.list(&segment.statements, statement);
}

fn statement(packer: &mut Packer, statement: &Statement) {
    packer.text(&statement.description);
    packer.text(&statement.sql);
    packer.option(statement.locks.as_deref(), |packer, locks| packer.list(locks, lock));
    let function = statement.function.as_ref();
    packer.option(function, |packer, function| packer.text(&function.to_string()));
}

fn lock(packer: &mut Packer, lock: &Lock) {
    packer.text(&lock.relation.sql());
    packer.number(lock.mode as i64);
    packer.number(lock.work as i64);
}

fn batches(packer: &mut Packer, batches: &Batches) {
    let Batches { table, key, set, condition, size } = batches;
    packer.text(&table.sql());
    packer.list(key, |packer, (column, _)| packer.text(&column.sql()));
    packer.list(key, |packer, (_, ty)| packer.text(&ty.sql()));
    packer.text(set);
    packer.text(condition);
    packer.number(i64::try_from(*size).unwrap_or(i64::MAX));
}

fn loss(packer: &mut Packer, loss: &Loss) {
    match loss {
        Loss::Table(table) => {
            packer.text(&table.sql());
            packer.option(None::<String>, |packer, column| packer.text(column));
        }
        Loss::Column(table, column) => {
            packer.text(&table.sql());
            packer.option(Some(quoted(column.as_str())), |packer, column| packer.text(column));
        }
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
