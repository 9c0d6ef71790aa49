use super::Check;
use crate::catalogue::types::{Type as KnownType, TypeKind};
use crate::catalogue::{collations, extensions, relations, types};
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName};
use crate::known;
use crate::origin::Origin;
use crate::schema::Table;
use crate::suggest;
use crate::types::Type;
use crate::typing::{self, Given};

impl Check<'_> {
    /// The type in its normal form: an alias replaced, its schema found.
    pub fn ty(&mut self, written: &Type) -> Type {
        let name = written.name.as_str();
        if written.schema.as_ref().is_none_or(|schema| *schema == "pg_catalog")
            && let Some(row) = known::builtin_type(name)
        {
            return self.builtin(written, row);
        }
        let home = written.schema.clone().unwrap_or_else(|| Ident::computed(DEFAULT_SCHEMA));
        let object = ObjectName::qualified(home.clone(), written.name.clone());
        if self.schema.enums.contains_key(&object) || self.schema.tables.contains_key(&object) {
            return Type { schema: Some(home), ..written.clone() };
        }
        match self.extension_schema_of_type(written) {
            Some(schema) => Type { schema: Some(schema), ..written.clone() },
            None => self.unknown_type(written),
        }
    }

    fn builtin(&mut self, written: &Type, row: KnownType) -> Type {
        let name = Ident::new(row.format, written.origin());
        let ty = Type { schema: None, name, ..written.clone() };
        if row.kind == TypeKind::Pseudo {
            let message = format!("`{}` is no type of a column", written.name);
            self.report(Diagnostic::new("invalid_type", written.origin(), message));
        } else if let Some(why) = why_no_modifiers(&ty, row) {
            self.report(Diagnostic::new("invalid_type", written.origin(), why));
        } else if !is_in_every_version(row, self.settings.oldest_postgres) {
            let message = format!("`{}` came with PostgreSQL {}", written.name, row.majors.first);
            let help =
                format!("write `#![postgres({}..)]` in the list of migrations", row.majors.first);
            self.report(Diagnostic::new("newer_postgres", written.origin(), message).help(help));
        }
        known::with_default_modifiers(ty)
    }

    /// The schema of the installed extension that has the type.
    fn extension_schema_of_type(&self, written: &Type) -> Option<Ident> {
        let providers = extensions::providing_type(written.name.as_str());
        let mut schemas = providers.filter_map(|name| self.schema.extension_schema(name));
        schemas
            .find(|schema| written.schema.as_ref().is_none_or(|wanted| wanted == *schema))
            .cloned()
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

    /// Whether a type was reported as unknown: what depends on it is not
    /// reported again.
    pub(crate) fn doubts_type(&self, ty: &Type) -> bool {
        let schema = ty.schema.as_ref();
        schema.is_some_and(|schema| self.report.doubts(&format!("type {schema}.{}", ty.name)))
    }

    fn type_help(&self, name: &str) -> Option<String> {
        if let Some(extension) = extensions::providing_type(name).next() {
            return Some(create_extension_help("the type", extension));
        }
        let enums: Vec<_> = self.schema.enums.keys().map(ToString::to_string).collect();
        let common = known::common_types().map(|name| -> &str { name });
        let names = enums.iter().map(String::as_str).chain(common);
        suggest::nearest(name, names).map(|near| format!("did you mean `{near}`?"))
    }

    /// Whether a value of this expression can be stored in a column of this
    /// type; what is certainly not is reported.
    pub(crate) fn assignable(&mut self, ty: &Type, expr: &Expr, what: &str, table: Option<&Table>) {
        self.assignable_at(ty, expr, what, table, expr.origin());
    }

    /// Whether a default that was there can stay when the column changes its
    /// type. PostgreSQL wants it to be assignable as it stands; where the model
    /// can not tell what it gives, it gives what the old type took.
    pub(crate) fn assignable_default(
        &mut self,
        (old, ty): (&Type, &Type),
        default: &Expr,
        origin: Origin,
    ) {
        let known = self.report.diagnostics.len();
        self.assignable_at(ty, default, "default", None, origin);
        let unknown = match typing::given(default, self.schema, None) {
            None => true,
            Some(Given::String(_)) => !typing::judges(ty, self.schema),
            Some(_) => false,
        };
        let unknown = unknown && self.schema.assignable(old, ty) == Some(false);
        let certain = self.report.diagnostics.len() > known || self.doubts_type(ty);
        if unknown && !certain {
            let message = format!("the default {} does not become {ty}", default.sql());
            let help = "write `alter column … drop default` before it, and set another after it";
            self.report(Diagnostic::new("wrong_type", origin, message).help(help));
        }
    }

    fn assignable_at(
        &mut self,
        ty: &Type,
        expr: &Expr,
        what: &str,
        table: Option<&Table>,
        origin: Origin,
    ) {
        if self.doubts_type(ty) {
            return;
        }
        let problem = match typing::given(expr, self.schema, table) {
            Some(Given::String(text)) => typing::why_no_value(&text, ty, self.schema)
                .map(|why| format!("the {what} {text:?} does not fit: {why}")),
            Some(Given::Typed(_)) if !crate::schema::Schema::holds_number(ty, expr.sql()) => {
                Some(format!("the {what} {} does not fit in {}", expr.sql(), ty.language()))
            }
            Some(Given::Typed(given)) if !known::can_be_short(&given, ty) => Some(format!(
                "the {what} is {}, which is longer than {}",
                given.language(),
                ty.language()
            )),
            Some(Given::Typed(given)) if self.schema.assignable(&given, ty) == Some(false) => {
                Some(format!("the {what} is {}, the column {}", given.language(), ty.language()))
            }
            _ => None,
        };
        if let Some(message) = problem {
            self.report(Diagnostic::new("wrong_type", origin, message));
        }
    }

    /// A condition must be true, false or null.
    pub(crate) fn boolean(&mut self, expr: &Expr, what: &str, table: Option<&Table>) {
        if let Some(Given::Typed(given)) = typing::given(expr, self.schema, table)
            && !given.is("boolean")
        {
            let message = format!("{what} is true or false, this is {}", given.language());
            self.report(Diagnostic::new("wrong_type", expr.origin(), message));
        }
    }

    /// A collation: one of PostgreSQL's own where none was written with a
    /// schema, and raw SQL has made none.
    pub(crate) fn collation(&mut self, written: &ObjectName) -> ObjectName {
        if written.schema != DEFAULT_SCHEMA {
            return written.clone();
        }
        let name = written.name.as_str();
        if collations::find(name).is_none() {
            if self.report.doubts(&format!("collation {name}")) {
                return written.clone();
            }
            let message = format!("no collation `{name}` exists here");
            let mut diagnostic = Diagnostic::new("unknown_collation", written.origin(), message);
            let near = suggest::nearest(name, collations::all());
            diagnostic.help =
                near.map(|near| format!("did you mean `{}`?", known::as_written(near)));
            self.report(diagnostic);
        }
        ObjectName::qualified(Ident::computed("pg_catalog"), written.name.clone())
    }

    /// Only strings have an order of their own for each language.
    pub(crate) fn collatable(&mut self, ty: &Type, collation: Option<&ObjectName>) {
        let Some(collation) = collation else { return };
        let certain = self.schema.is_enum(ty) || known::row_of(ty).is_some_and(|r| !r.collatable);
        if certain {
            let message = format!("{} has no collation", ty.language());
            let diagnostic = Diagnostic::new("wrong_type", collation.origin(), message);
            self.report(diagnostic.help("delete `collate …`"));
        }
    }

    /// A type can not have the name of one of PostgreSQL's own, which would be
    /// found instead of it.
    pub(crate) fn not_hidden_type(&mut self, name: &ObjectName) -> bool {
        let hidden = known::builtin_type(name.name.as_str()).is_some();
        if hidden {
            let message =
                format!("`{}` is a type of PostgreSQL, which would hide this one", name.name);
            let diagnostic = Diagnostic::new("shadowed_name", name.origin(), message);
            self.report(diagnostic.help("choose another name"));
        }
        !hidden
    }

    /// A table, an index or a sequence can not have the name of one of
    /// PostgreSQL's own, which would be found instead of it.
    pub(super) fn not_hidden(&mut self, name: &ObjectName) -> bool {
        let hidden = relations::exists(name.name.as_str());
        if hidden {
            let message = format!(
                "`{}` is a table of PostgreSQL's own, which would hide this one",
                name.name
            );
            let diagnostic = Diagnostic::new("shadowed_name", name.origin(), message);
            self.report(diagnostic.help("choose another name"));
        }
        !hidden
    }
}

/// The help for what comes with an extension.
pub(super) fn create_extension_help(what: &str, extension: &str) -> String {
    let written = known::as_written(extension);
    format!("{what} comes with an extension: write `create extension {written};` before it")
}

/// Whether a type is there from the oldest supported version on; the catalogue has several rows of
/// one that changed.
fn is_in_every_version(row: KnownType, oldest: u32) -> bool {
    types::named(row.name).any(|found| found.extension.is_none() && found.majors.contains(oldest))
}

/// Modifiers that PostgreSQL refuses (manual chapter "Data Types").
fn why_no_modifiers(ty: &Type, row: KnownType) -> Option<String> {
    if ty.modifiers.is_empty() {
        return None;
    }
    let name = ty.language();
    let name = name.split('(').next().unwrap_or_default();
    if !row.takes_modifiers {
        return Some(format!("`{name}` takes nothing in parentheses"));
    }
    let numbers: Vec<Option<i64>> = ty.modifiers.iter().map(|text| text.parse().ok()).collect();
    let (least, most, many) = match row.name {
        "varchar" | "bpchar" => (1, 10_485_760, 1),
        "bit" | "varbit" => (1, 83_886_080, 1),
        "numeric" => (1, 1000, 2),
        "timestamp" | "timestamptz" | "time" | "timetz" | "interval" => (0, 6, 1),
        _ => return None,
    };
    let fits = |number: Option<&Option<i64>>| {
        number.is_some_and(|n| n.is_some_and(|n| (least..=most).contains(&n)))
    };
    if numbers.len() > many || !fits(numbers.first()) {
        return Some(format!("`{name}` takes a number from {least} to {most} in parentheses"));
    }
    match (row.name, numbers.as_slice()) {
        ("numeric", [Some(precision), scale])
            if scale.is_none_or(|s| !(0..=*precision).contains(&s)) =>
        {
            Some(format!("the scale of `numeric` is from 0 to its precision, {precision}"))
        }
        _ => None,
    }
}
