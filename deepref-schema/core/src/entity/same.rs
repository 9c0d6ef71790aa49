//! When two parts of a table are the same, but for what an entity leaves open.

use super::{Field, Holds};
use crate::known;
use crate::schema::{Column, Constraint, ConstraintKind, Index, Key};
use crate::types::Type;

/// Whether two constraints demand the same. Whether the rows were checked, how
/// its index is stored and what is said about it is left open.
pub(super) fn constraints(wanted: &Constraint, found: &Constraint) -> bool {
    wanted.deferral == found.deferral && kind(&wanted.kind) == kind(&found.kind)
}

fn kind(kind: &ConstraintKind) -> ConstraintKind {
    let plain = |key: &Key| Key { parameters: Vec::new(), ..key.clone() };
    match kind {
        ConstraintKind::PrimaryKey(key) => ConstraintKind::PrimaryKey(plain(key)),
        ConstraintKind::Unique(key) => ConstraintKind::Unique(plain(key)),
        other => other.clone(),
    }
}

/// Whether two indexes do the same work. Storage parameters are left open
/// where none are written.
pub(super) fn indexes(wanted: &Index, found: &Index) -> bool {
    let parameters = match wanted.parameters.is_empty() {
        true => Vec::new(),
        false => found.parameters.clone(),
    };
    let found = Index { comment: None, parameters, ..found.clone() };
    Index { comment: None, ..wanted.clone() } == found
}

impl Field {
    /// Whether the field can stand for a column of the type that was found.
    pub(super) fn accepts(&self, wanted: &Type, found: &Type) -> bool {
        match &self.holds {
            Holds::AnyOf(names) => {
                wanted.array == found.array && names.iter().any(|name| found.name == **name)
            }
            Holds::EnumOf(_) => {
                Type { modifiers: found.modifiers.clone(), ..wanted.clone() } == *found
            }
            Holds::Exactly => wanted == found,
        }
    }

    /// Whether the column counts up by a sequence of its own, which the struct
    /// does not describe any further.
    pub(super) fn is_serial(&self) -> bool {
        known::serial_type(&self.definition.ty).is_some()
    }

    /// The identity of the column that was found is what the field asks for.
    pub(super) fn accepts_identity(&self, wanted: &Column, found: &Column) -> bool {
        let (Some(wanted), Some(found)) = (&wanted.identity, &found.identity) else { return false };
        let written = self.definition.identity.as_ref();
        let open = written.is_some_and(|identity| identity.options.is_empty());
        wanted.kind == found.kind && (open || wanted.sequence == found.sequence)
    }
}
