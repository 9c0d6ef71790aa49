//! The history of the DeepRef database, and its tables as structs.
//!
//! ```no_run
//! # use deepref_schema::{Config, Error};
//! # fn main() -> Result<(), Error> {
//! migrations::HISTORY.migrator(Config::from_env()?).run()?;
//! # Ok(())
//! # }
//! ```

pub mod entities;
mod history;

pub use history::HISTORY;
