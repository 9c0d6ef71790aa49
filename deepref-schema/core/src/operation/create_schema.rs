use super::{DropSchema, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::Ident;
use crate::schema::{Namespace, Schema};
use crate::statement::Statement;

/// `create schema s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSchema {
    /// The schema.
    pub name: Ident,
}

impl Operate for CreateSchema {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let name = &self.name;
        if !check.new_name(name) {
            return Vec::new();
        }
        let problem = if check.schema.namespaces.contains_key(name) {
            Diagnostic::new(
                "already_exists",
                name.origin,
                format!("schema `{name}` exists already"),
            )
        } else if name.as_str().starts_with("pg_") || *name == "information_schema" {
            let message =
                format!("`{name}`: this name, as those that begin with `pg_`, is PostgreSQL's own");
            Diagnostic::new("invalid_name", name.origin, message).help("choose another name")
        } else {
            return vec![self.clone().into()];
        };
        check.report(problem);
        Vec::new()
    }

    fn apply(&self, schema: &mut Schema) {
        let made = schema.now.clone();
        schema.namespaces.insert(self.name.clone(), Namespace { made });
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        Ok(vec![DropSchema { name: self.name.clone() }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        vec![Statement::new(self.describe(), format!("CREATE SCHEMA {}", self.name.sql()))]
    }

    fn describe(&self) -> String {
        format!("create schema {}", self.name)
    }
}
