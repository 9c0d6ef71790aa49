//! Items that stand in for those that could not be made, so that one mistake
//! gives one error.

/// A migration that does nothing.
pub(crate) const MIGRATION: &str = "
#[doc = \"A migration that could not be read.\"]
pub(super) static MIGRATION: ::deepref_schema::__private::Migration =
    ::deepref_schema::__private::Migration {
        version: 0,
        name: \"\",
        text: \"\",
        file: \"\",
        checksum: [0; 32],
        up: &[],
        down: ::core::option::Option::None,
        irreversible: ::core::option::Option::None,
        lost_on_revert: &[],
    };
";

/// The schema of a history that could not be read.
pub(crate) const SCHEMA: &str = "
#[doc = \"The schema that the history ends in.\"]
pub(super) const SCHEMA_SQL: &str = \"\";
#[doc = \"The same as the model has it.\"]
pub(super) const SCHEMA_MODEL: &[u8] = b\"\";
";
