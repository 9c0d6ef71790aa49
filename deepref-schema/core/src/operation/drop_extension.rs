use super::{CreateExtension, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::Ident;
use crate::known;
use crate::schema::Schema;
use crate::statement::Statement;
use crate::suggest;

/// `drop extension e`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropExtension {
    /// The extension.
    pub name: Ident,
}

impl Operate for DropExtension {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let name = &self.name;
        if !check.schema.extensions.contains_key(name) {
            let message = format!("no extension `{name}` exists here");
            let mut diagnostic = Diagnostic::new("unknown_extension", name.origin, message);
            let names = check.schema.extensions.keys().map(Ident::as_str);
            diagnostic.help = suggest::help(name.as_str(), names);
            check.report(diagnostic);
            return Vec::new();
        }
        if let Some(user) = check.schema.users_of_extension(name.as_str()).first() {
            let message = format!("extension `{name}` is still used by {user}");
            let diagnostic = Diagnostic::new("still_used", name.origin, message);
            check.report(
                diagnostic.help("change or drop what uses it in statements before this one"),
            );
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.extensions.remove(&self.name);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let schema = before.extensions.get(&self.name).map(|extension| extension.schema.clone());
        Ok(vec![CreateExtension { name: self.name.clone(), schema }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        vec![Statement::new(self.describe(), format!("DROP EXTENSION {}", self.name.sql()))]
    }

    fn describe(&self) -> String {
        format!("drop extension {}", known::as_written(self.name.as_str()))
    }
}
