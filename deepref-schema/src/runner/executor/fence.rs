//! How every transaction begins and ends: settings, and the check that this
//! session still holds the lock.

use std::time::Duration;

use super::super::script::{Role, Script};
use super::Executor;
use crate::Limits;

/// An orphaned transaction may not keep its locks for longer, where its
/// migration does not say so.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(60);

impl Executor<'_> {
    /// The beginning of every transaction: isolation, what earlier raw SQL may
    /// have left behind, limits, the fence, and the ledger where it is not
    /// there yet.
    pub(super) fn open(&self, limits: &Limits, script: &mut Script) {
        let lock_timeout = limits.lock_timeout.unwrap_or(self.options.lock_timeout).as_millis();
        let statement_timeout = limits.statement_timeout.or(self.options.statement_timeout);
        let statement_timeout = statement_timeout.map_or(0, |timeout| timeout.as_millis());
        let idle = limits.idle_in_transaction_session_timeout.unwrap_or(IDLE_IN_TRANSACTION);
        let idle = idle.as_millis();
        for statement in [
            "BEGIN ISOLATION LEVEL READ COMMITTED",
            "RESET SESSION AUTHORIZATION",
            "RESET ALL",
            "UNLISTEN *",
            self.connection.deallocate(),
            "DISCARD TEMP",
            // an orphan ends soon; only Linux and a few others can look
            "SELECT CASE WHEN pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '2s', false) END",
            &format!("SET LOCAL search_path = {}", self.config.search_path()),
            &format!("SET LOCAL lock_timeout = {lock_timeout}"),
            &format!("SET LOCAL statement_timeout = {statement_timeout}"),
            &format!("SET LOCAL idle_in_transaction_session_timeout = {idle}"),
        ] {
            script.push(Role::Own, statement);
        }
        script.push(Role::Fence, &self.opening_fence());
        for statement in &self.prepare {
            script.push(Role::Own, statement);
        }
    }

    /// Raises unless this backend holds the lock, and remembers the
    /// transaction.
    fn opening_fence(&self) -> String {
        self.fence(
            "pg_catalog.set_config('deepref_schema.transaction', pg_catalog.pg_current_xact_id()::text, true)",
        )
    }

    /// Raises unless this is still the same transaction under the same lock:
    /// raw SQL could have ended either.
    pub(super) fn closing_fence(&self) -> String {
        self.fence(&format!(
            "CASE WHEN pg_catalog.current_setting('deepref_schema.transaction', true) = pg_catalog.pg_current_xact_id()::text THEN '' ELSE {RAISE}::text END"
        ))
    }

    /// The lock is held twice, so that taking one of them back and again tells
    /// whether it is held, and it never is not. A look into `pg_locks` would
    /// cost as much as a small migration.
    fn fence(&self, otherwise: &str) -> String {
        let lock = self.names.lock_arguments();
        format!(
            "SELECT CASE WHEN NOT pg_catalog.pg_advisory_unlock({lock}) THEN {RAISE}::text \
             WHEN NOT pg_catalog.pg_try_advisory_lock({lock}) THEN {RAISE}::text ELSE {otherwise} END"
        )
    }
}

/// An expression that raises when it is reached, and not when it is planned.
const RAISE: &str = "('deepref-schema: the fence found no lock or another transaction, backend ' || pg_catalog.pg_backend_pid()::text)::integer";
