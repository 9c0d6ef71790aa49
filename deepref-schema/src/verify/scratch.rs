//! Databases that exist as long as a proof takes.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use deepref_schema_core::ident::quoted;

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
        let create = format!("CREATE DATABASE {} TEMPLATE template0", quoted(name));
        // Nobody needs it after a crash.
        let quick = format!("ALTER DATABASE {} SET synchronous_commit = off", quoted(name));
        for sql in [create, quick] {
            admin.send(&sql).await.map_err(refused)?;
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
