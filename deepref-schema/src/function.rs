//! Functions of the program that migrations run, for what SQL can not do.

mod transaction;

use std::fmt;

pub(crate) use transaction::{Link, Refusal};
pub use transaction::{StatementError, Transaction};

/// What a function fails with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A function of the program that a migration runs: `run path`.
#[derive(Clone, Copy)]
pub struct Function {
    /// Its path, as the migration writes it.
    pub path: &'static str,
    /// The function.
    pub call: fn(&mut Transaction) -> Result<(), BoxError>,
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path)
    }
}

/// Calls a function with whatever error. The macros expand to a call of this
/// at the path, so that the compiler says there what is wrong with it.
pub fn call<F, E>(function: F, transaction: &mut Transaction) -> Result<(), BoxError>
where
    F: FnOnce(&mut Transaction) -> Result<(), E>,
    E: Into<BoxError>,
{
    function(transaction).map_err(Into::into)
}
