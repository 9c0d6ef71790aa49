//! Proofs on real servers: that a history does what the model says, and that a
//! database is what its history makes.
//!
//! PostgreSQL writes expressions in a form of its own, so only catalogs are
//! compared that both come from servers of one version: what should be is made
//! in a scratch database and read from there.

mod live;
#[cfg(feature = "cli")]
mod part;
mod replay;
mod scratch;
#[cfg(feature = "cli")]
mod steps;

pub use live::Drift;
pub(crate) use live::drift;
#[cfg(feature = "cli")]
pub(crate) use live::{check_major, stable_wholes};
#[cfg(feature = "cli")]
pub(crate) use replay::{apply, made_by};
pub(crate) use scratch::Asking;
#[cfg(feature = "cli")]
pub(crate) use scratch::with_scratch;
#[cfg(feature = "cli")]
pub(crate) use steps::{Step, verify};
