//! Changes of enums.

use super::Text;
use super::name::name;
use crate::ident::ObjectName;
use crate::operation::{Operation, ValuePosition};

/// The enum that an operation changes, in one of its changes that can stand
/// beside others.
pub(super) fn changed(operation: &Operation) -> Option<&ObjectName> {
    match operation {
        Operation::AddEnumValue(add) => Some(&add.name),
        Operation::RenameEnumValue(rename) => Some(&rename.name),
        Operation::DropEnumValue(drop) => Some(&drop.name),
        Operation::RenameEnum(rename) => Some(&rename.name),
        _ => None,
    }
}

/// What stands after `alter enum e`.
pub(super) fn change(operation: &Operation) -> Text {
    match operation {
        Operation::AddEnumValue(add) => {
            let position = match &add.position {
                ValuePosition::Last => String::new(),
                ValuePosition::Before(other) => format!(" before {}", name(other)?),
                ValuePosition::After(other) => format!(" after {}", name(other)?),
            };
            Ok(format!("add value {}{position}", name(&add.value)?))
        }
        Operation::RenameEnumValue(rename) => {
            Ok(format!("rename value {} to {}", name(&rename.value)?, name(&rename.to)?))
        }
        Operation::DropEnumValue(drop) => Ok(format!("drop value {}", name(&drop.value)?)),
        Operation::RenameEnum(rename) => Ok(format!("rename to {}", name(&rename.to)?)),
        other => Err(format!("`{}` is no change of an enum", other.describe())),
    }
}
