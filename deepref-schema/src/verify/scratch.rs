//! Databases that exist as long as a proof takes.
//!
//! Who makes one holds an advisory lock of its name before that and until it is
//! dropped (manual chapter "Explicit Locking", section "Advisory Locks"). A
//! killed process drops nothing and holds nothing: the next one that makes
//! scratch databases drops what it left.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use deepref_schema_core::ident::{literal, quoted};

use crate::inspect::Reader;
use crate::runner::{Connection, Failed, Failure, Signals};
use crate::{Config, Error, Ledger};

/// Who asks for scratch databases.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'a> {
    /// A database of the server; the user may create others beside it.
    pub(crate) server: &'a Config,
    /// The ledger, which is not part of a schema.
    pub(crate) ledger: Ledger,
    /// Whether Ctrl-C is listened to.
    pub(crate) signals: bool,
}

/// Works in two empty databases, which are dropped whatever comes of it.
pub(crate) async fn with_scratch<T>(
    asking: Asking<'_>,
    work: impl AsyncFnOnce(&mut Reader, &mut Reader) -> Result<T, Error>,
) -> Result<T, Error> {
    let signals = Signals::new(asking.signals);
    let mut admin = Connection::open(asking.server, "scratch", signals).await?;
    drop_left(&mut admin).await?;
    let names = [name(), name()];
    let worked = match create(&mut admin, &names).await {
        Ok(()) => in_databases(asking, &names, work).await,
        Err(error) => Err(error),
    };
    // The connection may have been interrupted or lost: another one cleans up.
    for name in &names {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name));
        if admin.send(&sql).await.is_err() {
            let mut other = Connection::open(asking.server, "scratch", Signals::new(false)).await?;
            let _ = other.send(&sql).await;
        }
    }
    worked
}

async fn in_databases<T>(
    asking: Asking<'_>,
    names: &[String; 2],
    work: impl AsyncFnOnce(&mut Reader, &mut Reader) -> Result<T, Error>,
) -> Result<T, Error> {
    let [mut first, mut second] = [open(asking, &names[0]).await?, open(asking, &names[1]).await?];
    work(&mut first, &mut second).await
}

async fn open(asking: Asking<'_>, name: &str) -> Result<Reader, Error> {
    let config = asking.server.clone().with_database(name);
    Reader::open(&config, "scratch", asking.ledger, asking.signals).await
}

async fn create(admin: &mut Connection, names: &[String; 2]) -> Result<(), Error> {
    for name in names {
        let lock = format!("SELECT pg_catalog.pg_advisory_lock({})", lock_of(&literal(name)));
        let create = format!("CREATE DATABASE {} TEMPLATE template0", quoted(name));
        // Nobody needs it after a crash.
        let quick = format!("ALTER DATABASE {} SET synchronous_commit = off", quoted(name));
        for sql in [lock, create, quick] {
            admin.send(&sql).await.map_err(refused)?;
        }
    }
    Ok(())
}

/// The class of the advisory locks: "deps".
const LOCK_CLASS: u32 = 0x6465_7073;

/// The lock of a database, from an expression of its name.
fn lock_of(name: &str) -> String {
    format!("{LOCK_CLASS}, pg_catalog.hashtext({name})")
}

/// Drops the databases of the user whose owner is gone. One that somebody is
/// still connected to stays.
async fn drop_left(admin: &mut Connection) -> Result<(), Error> {
    // The lock is taken before the database is made: whoever sees the database sees its lock.
    let left = format!(
        "SELECT d.datname FROM pg_catalog.pg_database d \
         WHERE d.datname ~ '^deepref_scratch_[0-9]+_[0-9]+_[0-9]+$' \
         AND pg_catalog.pg_get_userbyid(d.datdba) = current_user \
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 \
         AND (l.classid::int8, l.objid::int8) = ({LOCK_CLASS}, pg_catalog.hashtext(d.datname) & 4294967295))"
    );
    let found = admin.send(&left).await;
    let found =
        found.map_err(|failed| failed.into_error("scratch databases could not be listed"))?;
    for row in found.rows(0) {
        let Some(name) = row.first().and_then(Option::as_deref) else { continue };
        let dropped = admin.send(&format!("DROP DATABASE IF EXISTS {}", quoted(name))).await;
        match dropped {
            Err(failed) if !failed.is_refusal() => {
                return Err(failed.into_error("a scratch database could not be dropped"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn refused(failed: Failed) -> Error {
    match failed.failure {
        Failure::Server(error) if error.sqlstate == "42501" => Error::Refused {
            problem: "the user may not create a scratch database on the server".into(),
            help: "name a server where that is allowed in `--scratch-url` or DATABASE_SCRATCH_URL"
                .into(),
        },
        failure => Failed { failure, ..failed }.into_error("a scratch database is not to be had"),
    }
}

fn name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_millis());
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("deepref_scratch_{now}_{}_{number}", std::process::id())
}
