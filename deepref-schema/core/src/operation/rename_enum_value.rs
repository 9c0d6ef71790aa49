use std::sync::Arc;

use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName, literal};
use crate::schema::Schema;
use crate::statement::Statement;

/// `alter enum e rename value v to w`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameEnumValue {
    /// The enum type.
    pub name: ObjectName,
    /// The value.
    pub value: Ident,
    /// Its new name.
    pub to: Ident,
}

impl Operate for RenameEnumValue {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(of) = check.enum_type(&self.name) else { return Vec::new() };
        if !check.enum_value(&self.name, of, &self.value) || !check.new_name(&self.to) {
            return Vec::new();
        }
        if of.values.contains(&self.to) {
            let message = format!("enum `{}` has a value `{}` already", self.name, self.to);
            check.report(Diagnostic::new("already_exists", self.to.origin, message));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        if let Some(enum_type) = schema.enums.get_mut(&self.name) {
            for value in &mut Arc::make_mut(enum_type).values {
                if *value == self.value {
                    *value = self.to.clone();
                }
            }
        }
        schema.rename_enum_value(&self.name, self.value.as_str(), self.to.as_str());
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let (value, to) = (self.to.clone(), self.value.clone());
        Ok(vec![Self { name: self.name.clone(), value, to }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        let (from, to) = (literal(self.value.as_str()), literal(self.to.as_str()));
        let sql = format!("ALTER TYPE {} RENAME VALUE {from} TO {to}", self.name.sql());
        vec![Statement::new(self.describe(), sql)]
    }

    fn describe(&self) -> String {
        format!("alter enum {} rename value {} to {}", self.name, self.value, self.to)
    }
}
