use super::Check;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName};
use crate::known;
use crate::origin::Origin;
use crate::suggest;
use crate::types::Type;

impl Check<'_> {
    /// The type in its normal form: an alias replaced, its schema found.
    pub fn ty(&mut self, written: &Type) -> Type {
        let origin = written.origin();
        let name = written.name.as_str();
        if written.schema.as_ref().is_none_or(|schema| *schema == "pg_catalog")
            && let Some(canonical) = known::builtin_type(name)
        {
            let name = Ident::new(canonical, origin);
            return known::with_default_modifiers(Type { schema: None, name, ..written.clone() });
        }
        let candidates = match &written.schema {
            Some(schema) => vec![schema.clone()],
            None => vec![Ident::computed(DEFAULT_SCHEMA)],
        };
        for schema in candidates {
            let object = ObjectName::qualified(schema.clone(), written.name.clone());
            if self.schema.enums.contains_key(&object) || self.schema.tables.contains_key(&object) {
                return Type { schema: Some(schema), ..written.clone() };
            }
        }
        match self.extension_schema_of_type(written) {
            Some(schema) => Type { schema: Some(schema), ..written.clone() },
            None => self.unknown_type(written),
        }
    }

    /// The schema of the installed extension that has the type.
    fn extension_schema_of_type(&self, written: &Type) -> Option<Ident> {
        let providers = known::extensions_with_type(written.name.as_str());
        let installed = providers.iter().filter_map(|name| self.schema.extensions.get(*name));
        let mut schemas = installed.map(|extension| extension.schema.clone());
        schemas.find(|schema| written.schema.as_ref().is_none_or(|wanted| wanted == schema))
    }

    fn unknown_type(&mut self, written: &Type) -> Type {
        let name = &written.name;
        let schema = written.schema.clone().unwrap_or_else(|| Ident::computed(DEFAULT_SCHEMA));
        let unresolved = Type { schema: Some(schema.clone()), ..written.clone() };
        if let Some(wanted) = &written.schema
            && !self.namespace(wanted)
        {
            return unresolved;
        }
        if self.schema.has_foreign_extension() {
            return unresolved;
        }
        let shown = ObjectName::qualified(schema, name.clone());
        let message = format!("no type `{shown}` exists here");
        let mut diagnostic = Diagnostic::new("unknown_type", name.origin, message);
        diagnostic.help = self.type_help(name.as_str());
        self.report_once(format!("type {}.{}", shown.schema, shown.name), diagnostic);
        unresolved
    }

    fn type_help(&self, name: &str) -> Option<String> {
        if let Some(extension) = known::extensions_with_type(name).first() {
            let extension = known::as_written(extension);
            return Some(format!(
                "the type comes with an extension: write `create extension {extension};` before it"
            ));
        }
        let enums: Vec<_> = self.schema.enums.keys().map(ToString::to_string).collect();
        let names = enums
            .iter()
            .map(String::as_str)
            .chain(known::common_types().map(|name| -> &str { name }));
        suggest::nearest(name, names).map(|near| format!("did you mean `{near}`?"))
    }

    /// Whether a value of this expression can be stored in a column of this
    /// type; what is certainly not is reported.
    pub(crate) fn assignable(&mut self, _ty: &Type, _expr: &Expr, _what: &str) {}

    /// Whether a default that was there can stay when the column changes its
    /// type.
    pub(crate) fn assignable_default(&mut self, _ty: &Type, _default: &Expr, _origin: Origin) {}

    /// A collation: one of PostgreSQL's own where none has the name here.
    pub(crate) fn collation(&mut self, written: &ObjectName) -> ObjectName {
        if written.schema == DEFAULT_SCHEMA {
            ObjectName::qualified(Ident::computed("pg_catalog"), written.name.clone())
        } else {
            written.clone()
        }
    }

    /// An operator class of an index method.
    pub(crate) fn operator_class(&mut self, _method: &Ident, written: &ObjectName) -> ObjectName {
        written.clone()
    }

    /// A table can not have the name of one of PostgreSQL's own, which would
    /// be found instead of it.
    pub(crate) fn not_hidden(&mut self, _name: &ObjectName) {}
}
