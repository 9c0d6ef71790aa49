//! The names of the ledger and its companion, quoted, and the lock's key.

use deepref_schema_core::ident::{literal, quoted};

use crate::Ledger;

/// The first half of the key of every lock of this program.
const LOCK_CLASS: u32 = 0x6465_7072; // "depr"

/// Everything that follows from the qualified name of the ledger.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) schema: String,
    /// Whether the history is one of many in one database, in a schema each.
    pub(super) is_tenant: bool,
    pub(super) table: &'static str,
    /// The table of steps in progress, without its schema.
    pub(super) progress_table: String,
    lock_object: u32,
}

impl Names {
    pub(super) fn of(ledger: Ledger) -> Names {
        Names {
            schema: ledger.schema.to_string(),
            is_tenant: false,
            table: ledger.table,
            progress_table: format!("{}_progress", ledger.table),
            lock_object: hash(&format!("{}.{}", ledger.schema, ledger.table)),
        }
    }

    /// The same ledger in another schema, with all that the history makes.
    pub(super) fn in_schema(ledger: Ledger, schema: &str) -> Names {
        Names {
            schema: schema.to_string(),
            is_tenant: true,
            lock_object: hash(&format!("{schema}.{}", ledger.table)),
            ..Names::of(ledger)
        }
    }

    /// The ledger, qualified and quoted.
    pub(super) fn ledger(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(self.table))
    }

    /// The table of steps in progress, qualified and quoted.
    pub(super) fn progress(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.progress_table))
    }

    /// The schema, quoted as a name.
    pub(super) fn schema_name(&self) -> String {
        quoted(&self.schema)
    }

    /// The unique index on the version, quoted.
    pub(super) fn index(&self) -> String {
        quoted(&format!("{}_timestamp_idx", self.table))
    }

    /// The ledger as a text literal, for `to_regclass`.
    pub(super) fn ledger_literal(&self) -> String {
        literal(&self.ledger())
    }

    /// The companion as a text literal, for `to_regclass`.
    pub(super) fn progress_literal(&self) -> String {
        literal(&self.progress())
    }

    /// The arguments of the lock functions.
    pub(super) fn lock_arguments(&self) -> String {
        format!("{}, {}", LOCK_CLASS.cast_signed(), self.lock_object.cast_signed())
    }

    /// The condition on `pg_locks` that finds the lock in this database.
    pub(super) fn lock_condition(&self) -> String {
        format!(
            "locktype = 'advisory' AND classid = {LOCK_CLASS}::bigint::oid AND objid = {}::bigint::oid AND objsubid = 2 AND granted \
             AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())",
            self.lock_object
        )
    }
}

/// FNV-1a: small, and stable between versions of the program and of Rust.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ledgers_have_two_locks() {
        let one = Names::of(Ledger { schema: "public", table: "migrations" });
        let two = Names::of(Ledger { schema: "public", table: "other" });
        assert_ne!(one.lock_arguments(), two.lock_arguments());
        // the key must never change: old and new programs exclude each other
        assert_eq!(one.lock_arguments(), "1684369522, -1687425685");
    }

    #[test]
    fn quotes_names() {
        let names = Names::of(Ledger { schema: "My \"app\"", table: "migrations" });
        assert_eq!(names.ledger(), "\"My \"\"app\"\"\".migrations");
    }
}
