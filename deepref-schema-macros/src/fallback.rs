//! Items that stand in for those that could not be made, so that one mistake
//! gives one error.

/// A migration that could not be read.
pub(crate) const MIGRATION: &str = "pub(super) static MIGRATION: &str = \"\";
    #[allow(dead_code)]
    pub(super) const BLOCKS: bool = true;";

/// The schema of a history that could not be read.
pub(crate) const SCHEMA: &str = "pub(super) static SCHEMA: &[u8] = b\"\";";

/// A seed that could not be read.
pub(crate) const SEED: &str = "pub(super) static SEED: &str = \"\";";
