use super::{DropEnum, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName, literal};
use crate::schema::{EnumType, Schema};
use crate::statement::Statement;

/// `create enum e { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateEnum {
    /// The enum type.
    pub name: ObjectName,
    /// Its values, in order.
    pub values: Vec<Ident>,
}

impl Operate for CreateEnum {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        if !check.namespace(&self.name.schema) || !check.free_type(&self.name) {
            return Vec::new();
        }
        check.not_hidden_type(&self.name);
        for (index, value) in self.values.iter().enumerate() {
            check.new_name(value);
            if self.values[..index].contains(value) {
                let message = format!("value `{value}` is given twice");
                check.report(Diagnostic::new("already_exists", value.origin, message));
            }
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        let made = schema.now.clone();
        let enum_type = EnumType { values: self.values.clone(), comment: None, made };
        schema.enums.insert(self.name.clone(), enum_type.into());
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        Ok(vec![DropEnum { name: self.name.clone() }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        let sql = create_enum_sql(&self.name, &self.values);
        vec![Statement::new(self.describe(), sql)]
    }

    fn describe(&self) -> String {
        format!("create enum {}", self.name)
    }
}

/// The statement that makes an enum type.
pub(super) fn create_enum_sql(name: &ObjectName, values: &[Ident]) -> String {
    let values: Vec<_> = values.iter().map(|value| literal(value.as_str())).collect();
    format!("CREATE TYPE {} AS ENUM ({})", name.sql(), values.join(", "))
}
