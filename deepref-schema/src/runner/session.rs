//! What all commands share: connecting, the first look, the lock.

use super::connection::Connection;
use super::executor::Executor;
use super::lock;
use super::migrator::Migrator;
use super::signals::Signals;
use super::state::{self, State};
use crate::Error;

/// The oldest major version of PostgreSQL that the runner itself needs.
const OLDEST_POSTGRES: u32 = 14;

/// Connects and reads the state: one round trip after the handshake.
pub(super) async fn open(migrator: &Migrator, command: &str) -> Result<(Connection, State), Error> {
    let signals = Signals::new(migrator.options.signals);
    let mut connection = Connection::open(&migrator.config, command, signals).await?;
    let state = read(&mut connection, migrator).await?;
    check_version(migrator, &state)?;
    Ok((connection, state))
}

/// Reads the state.
pub(super) async fn read(connection: &mut Connection, migrator: &Migrator) -> Result<State, Error> {
    let message = state::query(&migrator.names).map(|statement| statement + ";\n").concat();
    let reply = connection
        .send(&message)
        .await
        .map_err(|failed| failed.into_error("the ledger could not be read"))?;
    Ok(State::of(&reply, 0, &migrator.names)?.seen_by(&migrator.history))
}

/// Refuses a server that is too old, before any work.
fn check_version(migrator: &Migrator, state: &State) -> Result<(), Error> {
    let needed = migrator.history.oldest_postgres.max(OLDEST_POSTGRES);
    let found = state.server_version / 10_000;
    if found >= needed {
        return Ok(());
    }
    Err(Error::Usage {
        problem: format!(
            "the server at {} is PostgreSQL {found}, and the migrations need {needed} or newer",
            migrator.config.place()
        ),
        help: "use a newer server".into(),
    })
}

/// Refuses a server that can not be written to, and a ledger that the user
/// may not write to, before any work.
pub(super) fn check_writable(migrator: &Migrator, state: &State) -> Result<(), Error> {
    let refused = |problem: &str, help: &str| {
        Err(Error::Connect {
            place: migrator.config.place(),
            problem: problem.into(),
            help: help.into(),
        })
    };
    if let Some(lost) = &state.lost_settings {
        return refused(
            &format!("the session does not have its settings: {lost}"),
            "a pooler drops them: name the server itself in DATABASE_MIGRATION_URL",
        );
    }
    if state.in_recovery {
        return refused("the server is a standby, which is read-only", "name the primary");
    }
    if state.read_only {
        return refused(
            "the session is read-only",
            "`default_transaction_read_only` is set for the user, the database or the server",
        );
    }
    let ledger = migrator.names.ledger();
    let help = "nothing was run; grant it, or run the migrations as the owner";
    match &state.ledger {
        Some(table) => {
            if let Some(missing) = &table.missing_privilege {
                return Err(Error::ledger(
                    format!("the user `{}` lacks {missing} on {ledger}", state.user),
                    help,
                ));
            }
            if !table.may_alter && !super::ledger::prepare(state, &migrator.names).is_empty() {
                return Err(Error::ledger(
                    format!(
                        "{ledger} must be extended, and the user `{}` does not own it",
                        state.user
                    ),
                    help,
                ));
            }
        }
        None if !state.may_create => {
            return Err(Error::ledger(
                format!("the user `{}` may not create {ledger}", state.user),
                help,
            ));
        }
        None => {}
    }
    Ok(())
}

/// Waits for the lock and gives an executor with the state under it; `None`
/// where somebody else did the work meanwhile.
pub(super) async fn lock<'a>(
    migrator: &'a mut Migrator,
    command: &'static str,
    mut connection: Connection,
    before: &State,
    is_done: impl Fn(&State) -> Result<bool, Error>,
) -> Result<Option<(Executor<'a>, State)>, Error> {
    let look = lock::acquire(
        &mut connection,
        &migrator.names,
        migrator.options.lock_wait,
        &mut migrator.observer,
        is_done,
    )
    .await?;
    if !look.acquired {
        return Ok(None);
    }
    if look.state.backend != before.backend {
        return Err(Error::Refused {
            problem: "a pooler moves the session between backends, so that no lock would hold"
                .into(),
            help: "name the server itself in DATABASE_MIGRATION_URL".into(),
        });
    }
    let state = look.state.seen_by(&migrator.history);
    let executor = Executor::new(connection, command, migrator, &state);
    Ok(Some((executor, state)))
}

/// The operating system gave no runtime.
pub(super) fn no_runtime(error: std::io::Error) -> Error {
    Error::File { path: "the runtime".into(), problem: error.to_string() }
}
