//! What to do about the errors that people meet most.

/// Advice by SQLSTATE, where there is some.
pub(super) fn of(sqlstate: &str) -> Option<&'static str> {
    Some(match sqlstate {
        "42P07" | "42710" | "42701" | "42P06" => {
            "it exists already, made by hand or by another tool: compare it with the migration, and drop it where it is not needed"
        }
        "42P01" | "42703" | "42704" | "42883" => {
            "the database is not what the history says: it was changed by hand, or raw SQL depends on something that no migration makes"
        }
        "23503" => {
            "rows refer to rows that are missing: repair or delete them in a migration before this one"
        }
        "23505" => {
            "rows repeat a value that is to be unique: find them with `GROUP BY … HAVING count(*) > 1`, and repair them in a migration before this one"
        }
        "23502" => {
            "rows hold NULL where it is no longer allowed: fill them in a migration before this one"
        }
        "23514" => "rows break the check: repair them in a migration before this one",
        "42501" => {
            "the user of the migrations lacks a privilege; only the owner can change a table"
        }
        "55P03" => {
            "another session holds a lock: end it, or run the migration at a quieter time; `--lock-timeout`, or `#[lock_timeout = \"…\"]` before the migration's name, waits longer, and so does everyone behind it"
        }
        "40P01" => {
            "another session locks the same tables in another order: run the migration at a quieter time"
        }
        "57014" => "it was cancelled, by a timeout or by somebody",
        "53100" => "the disk of the server is full: make space, then run again",
        "53200" => {
            "it touches too many objects at once: raise `max_locks_per_transaction`, or split the migration"
        }
        "53400" => "it needs more than the server's configuration allows",
        "55006" => {
            "the object is in use in this very transaction: move the change of data into a migration of its own"
        }
        "2BP01" => "something else depends on it: drop that first, in a migration before this one",
        "0A000" => "the server does not support this",
        "22P02" | "22003" | "22001" => {
            "rows hold a value that does not fit: repair them in a migration before this one"
        }
        _ => return None,
    })
}
