//! The history of the DeepRef database, its tables as structs, and the rows
//! that it begins with.
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
mod seeds;

pub use history::HISTORY;
pub use seeds::SEEDS;
