//! The history of the DeepRef database.
//!
//! ```no_run
//! # use deepref_schema::{Config, Error};
//! # fn main() -> Result<(), Error> {
//! migrations::HISTORY.migrator(Config::from_env()?).run()?;
//! # Ok(())
//! # }
//! ```

mod history;

pub use history::HISTORY;
