use super::{CreateSchema, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::Ident;
use crate::schema::Schema;
use crate::statement::Statement;

/// `drop schema s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropSchema {
    /// The schema.
    pub name: Ident,
}

impl Operate for DropSchema {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        if !check.namespace(&self.name) {
            return Vec::new();
        }
        if let Some(object) = check.schema.first_object_in(&self.name) {
            let message = format!("schema `{}` is not empty: it holds {object}", self.name);
            let diagnostic = Diagnostic::new("still_used", self.name.origin, message);
            check.report(diagnostic.help("drop what is in it in statements before this one"));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.namespaces.remove(&self.name);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        Ok(vec![CreateSchema { name: self.name.clone() }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        vec![Statement::new(self.describe(), format!("DROP SCHEMA {}", self.name.sql()))]
    }

    fn describe(&self) -> String {
        format!("drop schema {}", self.name)
    }
}

impl Schema {
    /// Something that a schema of the database holds, in words.
    fn first_object_in(&self, name: &Ident) -> Option<String> {
        let relation = self.relation_names().find(|(object, _)| object.schema == *name);
        let enums = || self.enums.keys().find(|object| object.schema == *name);
        let extension = || self.extensions.iter().find(|(_, extension)| extension.schema == *name);
        relation
            .map(|(object, relation)| format!("{} `{object}`", relation.kind.word()))
            .or_else(|| enums().map(|object| format!("enum `{object}`")))
            .or_else(|| extension().map(|(extension, _)| format!("extension `{extension}`")))
    }
}
