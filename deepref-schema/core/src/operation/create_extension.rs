use super::{DropExtension, Operate, Operation, Reversal};
use crate::catalogue::extensions;
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{DEFAULT_SCHEMA, Ident};
use crate::known;
use crate::schema::{Extension, Schema};
use crate::statement::Statement;
use crate::suggest;

/// `create extension e schema s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateExtension {
    /// The extension.
    pub name: Ident,
    /// The schema of its objects.
    pub schema: Option<Ident>,
}

impl Operate for CreateExtension {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let name = &self.name;
        if !check.new_name(name) || self.schema.as_ref().is_some_and(|s| !check.namespace(s)) {
            return Vec::new();
        }
        if let Some(existing) = check.schema.extensions.get(name) {
            let message = format!("extension `{name}` exists already");
            let mut diagnostic = Diagnostic::new("already_exists", name.origin, message);
            diagnostic.notes.extend(Schema::made_note("it", &existing.made));
            check.report(diagnostic);
            return Vec::new();
        }
        self.check_catalogue(check);
        let fixed = extensions::named(name.as_str()).and_then(|extension| extension.schema);
        let home = Ident::computed(fixed.unwrap_or(DEFAULT_SCHEMA));
        let schema = self.schema.clone().or(Some(home));
        vec![Self { name: name.clone(), schema }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        let made = schema.now.clone();
        let home = self.schema.clone().unwrap_or_else(|| Ident::computed(DEFAULT_SCHEMA));
        schema.extensions.insert(self.name.clone(), Extension { schema: home, made }.into());
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        Ok(vec![DropExtension { name: self.name.clone() }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        let home = self.schema.as_ref().filter(|schema| **schema != DEFAULT_SCHEMA);
        let home = home.map_or_else(String::new, |schema| format!(" SCHEMA {}", schema.sql()));
        let sql = format!("CREATE EXTENSION IF NOT EXISTS {}{home}", self.name.sql());
        vec![Statement::new(self.describe(), sql)]
    }

    fn describe(&self) -> String {
        format!("create extension {}", known::as_written(self.name.as_str()))
    }
}

impl CreateExtension {
    fn check_catalogue(&self, check: &mut Check<'_>) {
        let name = self.name.as_str();
        let Some(row) = extensions::named(name) else { return self.check_spelling(check) };
        let missing = row.requires().filter(|name| !check.schema.extensions.contains_key(*name));
        for missing in missing {
            let written = known::as_written(missing);
            let message = format!("extension `{name}` needs extension `{missing}`");
            let diagnostic = Diagnostic::new("unknown_extension", self.name.origin, message);
            check.report(diagnostic.help(format!("write `create extension {written};` before it")));
        }
    }

    /// An extension outside of contrib is believed, unless its name looks like
    /// a misspelt one.
    fn check_spelling(&self, check: &mut Check<'_>) {
        let name = self.name.as_str();
        if let Some(near) =
            suggest::nearest(name, extensions::all().map(|extension| extension.name))
        {
            let message = format!("no extension `{name}` is known");
            let diagnostic = Diagnostic::new("unknown_extension", self.name.origin, message);
            let written = known::as_written(near);
            check.report(diagnostic.help(format!("did you mean `create extension {written};`?")));
        }
    }
}
