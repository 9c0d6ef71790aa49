//! The model behind `deepref-schema`: schemas, operations on them, their
//! inverses, their SQL, and what is dangerous about them.
//!
//! Everything here is pure: values in, values and [`diagnostic::Diagnostic`]s
//! out. Nothing reads a file, knows a span or talks to a database.

pub mod catalogue;
pub mod check;
pub mod checksum;
pub mod diagnostic;
pub mod diff;
pub mod entity;
pub mod expr;
pub mod history;
pub mod ident;
pub mod known;
pub mod language;
pub mod limits;
pub mod locks;
pub mod map;
pub mod migration;
pub mod names;
pub mod operation;
pub mod origin;
pub mod packed;
pub mod rules;
pub mod rust_path;
pub mod schema;
pub mod seal;
pub mod seed;
pub mod sql;
pub mod statement;
pub mod suggest;
pub mod types;
pub mod typing;
