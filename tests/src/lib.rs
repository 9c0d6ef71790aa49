//! What integration tests on real PostgreSQL servers need: servers, databases, catalogs.
//!
//! ```no_run
//! let server = tests::server::newest();
//! let database = tests::database::fresh(server);
//! database.client().batch_execute("CREATE TABLE users (id int)").unwrap();
//! let lines = tests::catalog::snapshot(&mut database.client());
//! ```
//!
//! The servers of all supported versions are fetched by `tests/fetch-servers`.

pub mod catalog;
pub mod catalogue;
pub mod container;
pub mod database;
pub mod functions;
pub mod ground;
pub mod history;
pub mod hostile;
pub mod interpreted;
pub mod laws;
pub mod model;
pub mod own;
pub mod project;
pub mod proxy;
pub mod random;
pub mod rows;
pub mod seeded;
pub mod server;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
