use std::sync::Arc;

use super::{DropEnumValue, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName, literal};
use crate::schema::{EnumType, Schema};
use crate::statement::{Run, Statement};

/// `alter enum e add value v after w`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddEnumValue {
    /// The enum type.
    pub name: ObjectName,
    /// The new value.
    pub value: Ident,
    /// Where it stands.
    pub position: ValuePosition,
}

/// Where a new value of an enum stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuePosition {
    /// After all others.
    Last,
    /// Before this one.
    Before(Ident),
    /// After this one.
    After(Ident),
}

impl Operate for AddEnumValue {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(of) = check.enum_type(&self.name) else { return Vec::new() };
        if let ValuePosition::Before(other) | ValuePosition::After(other) = &self.position
            && !check.enum_value(&self.name, of, other)
        {
            return Vec::new();
        }
        if !check.new_name(&self.value) {
            return Vec::new();
        }
        if of.values.contains(&self.value) {
            let message = format!("enum `{}` has a value `{}` already", self.name, self.value);
            check.report(Diagnostic::new("already_exists", self.value.origin, message));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        let Some(enum_type) = schema.enums.get_mut(&self.name) else { return };
        let index = self.index(enum_type);
        Arc::make_mut(enum_type).values.insert(index, self.value.clone());
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let value = self.value.clone();
        Ok(vec![DropEnumValue { name: self.name.clone(), value }.into()])
    }

    /// A value can not be used in the transaction that adds it to a type that
    /// was there before (manual chapter "ALTER TYPE"), so it has its own. `IF
    /// NOT EXISTS` lets an interrupted run go on.
    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let position = match &self.position {
            ValuePosition::Last => String::new(),
            ValuePosition::Before(other) => format!(" BEFORE {}", literal(other.as_str())),
            ValuePosition::After(other) => format!(" AFTER {}", literal(other.as_str())),
        };
        let (name, value) = (self.name.sql(), literal(self.value.as_str()));
        let sql = format!("ALTER TYPE {name} ADD VALUE IF NOT EXISTS {value}{position}");
        let is_new = before.enums.get(&self.name).is_some_and(|of| before.is_making(&of.made));
        let run = if is_new { Run::InTransaction } else { Run::Outside };
        vec![Statement::new(self.describe(), sql).running(run)]
    }

    fn describe(&self) -> String {
        format!("alter enum {} add value {}", self.name, self.value)
    }
}

impl AddEnumValue {
    fn index(&self, enum_type: &EnumType) -> usize {
        let of = |other: &Ident| enum_type.values.iter().position(|value| value == other);
        let end = enum_type.values.len();
        match &self.position {
            ValuePosition::Last => end,
            ValuePosition::Before(other) => of(other).unwrap_or(end),
            ValuePosition::After(other) => of(other).map_or(end, |index| index + 1),
        }
    }
}
