//! What can come of a revert, other than the schema before.

use deepref_schema_core::history;

pub use history::{RevertClass, RiskKind};

use super::{Loss, Migration};

/// Something that can come of a revert, beside what it deletes of tables and
/// columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Risk {
    /// What it is.
    pub kind: RiskKind,
    /// In words, after "a revert": ``fails where `name` of users is null``.
    pub text: &'static str,
}

impl Migration {
    /// What can come of a revert; `None` where there is no way back.
    pub fn revert_class(&self) -> Option<RevertClass> {
        self.down?;
        let kinds = self.risks_of_revert.iter().map(|risk| risk.kind);
        Some(RevertClass::of(!self.lost_on_revert.is_empty(), kinds))
    }

    /// What can come of a revert, each in words after "a revert".
    pub(crate) fn reverting_lines(&self) -> Vec<String> {
        let losses = self.lost_on_revert.iter().map(|loss| match loss {
            Loss::Table { table } => format!("deletes the rows of {table}"),
            Loss::Column { table, column } => format!("deletes the values of {column} in {table}"),
        });
        losses.chain(self.risks_of_revert.iter().map(|risk| risk.text.to_owned())).collect()
    }
}
