//! How things are written in SQL.

mod raw;
mod render;

pub use raw::{changes_rows, check_raw, data_statements, runs_outside, split, words_in_doubt};
pub(crate) use render::{collation_sql, comment_sql};
pub use render::{
    column_sql, constraint_sql, default_sql, element_sql, identity_sql, index_sql,
    sequence_options_sql,
};
