//! Functions, types and operator classes that an expression or an index names.

use std::ops::Range;

use super::types::create_extension_help;
use super::{Check, Scope};
use crate::catalogue::functions::{self, Function, FunctionKind};
use crate::catalogue::{Volatility, access_methods, extensions, operator_classes};
use crate::diagnostic::Diagnostic;
use crate::expr::{Expr, FunctionUse, TypeUse};
use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName, quoted};
use crate::known;
use crate::schema::Schema;
use crate::suggest;
use crate::types::Type;

/// Words that look like functions and are part of the grammar.
const GRAMMAR: [&str; 12] = [
    "coalesce",
    "greatest",
    "grouping",
    "least",
    "nullif",
    "row",
    "xmlelement",
    "xmlforest",
    "xmlconcat",
    "xmlparse",
    "xmlroot",
    "merge_action",
];

/// Whether a word looks like a function and is part of the grammar.
pub(crate) fn is_grammar_function(name: &str) -> bool {
    GRAMMAR.contains(&name)
}

impl Check<'_> {
    /// Finds the functions and types of an expression; those of extensions in
    /// other schemas are qualified.
    pub(super) fn known_names(&mut self, expr: &Expr) -> Expr {
        let facts = expr.facts();
        let functions: Vec<_> =
            facts.functions.iter().filter_map(|used| self.function_use(expr, used)).collect();
        let types: Vec<_> =
            facts.types.iter().filter_map(|used| self.type_use(expr, used)).collect();
        let mut qualified: Vec<_> = functions.into_iter().chain(types).collect();
        qualified.sort_by_key(|(range, _)| range.start);
        expr.with_replaced(qualified)
    }

    fn function_use(&mut self, expr: &Expr, used: &FunctionUse) -> Option<(Range<usize>, String)> {
        let name = used.name.as_str();
        if used.schema.as_ref().is_some_and(|schema| schema != "pg_catalog")
            || GRAMMAR.contains(&name)
        {
            return None;
        }
        let rows: Vec<_> = functions::named(name).collect();
        let here = |function: &&Function| match function.extension {
            None => true,
            Some(extension) => self.schema.extension_schema(extension).is_some(),
        };
        let installed: Vec<_> = rows.iter().filter(here).collect();
        if installed.is_empty() {
            self.unknown_function(expr, used, &rows);
            return None;
        }
        if !installed.iter().any(|function| function.accepts(used.arguments)) {
            let message = format!("no function `{name}` takes {} arguments", used.arguments);
            let origin = expr.origin_at(used.range.start);
            self.report_once(
                format!("function {name}"),
                Diagnostic::new("unknown_function", origin, message),
            );
        }
        let home =
            installed.iter().find_map(|function| self.schema.extension_schema(function.extension?));
        home.and_then(|home| qualification(home, name, &used.range))
    }

    /// The functions of the catalogue that can be meant. In a schema that is
    /// named, there are those of the extensions in it; others are the user's.
    fn meant(&self, used: &FunctionUse) -> Vec<Function> {
        let in_schema = |row: &Function| match used.schema.as_deref() {
            None | Some("pg_catalog") => true,
            Some(schema) => row
                .extension
                .and_then(|extension| self.schema.extension_schema(extension))
                .is_some_and(|home| home == schema),
        };
        functions::named(&used.name).filter(in_schema).collect()
    }

    fn unknown_function(&mut self, expr: &Expr, used: &FunctionUse, rows: &[Function]) {
        if self.schema.has_foreign_extension() {
            return;
        }
        let name = used.name.as_str();
        let message = format!("no function `{name}` exists here");
        let origin = expr.origin_at(used.range.start);
        let mut diagnostic = Diagnostic::new("unknown_function", origin, message);
        diagnostic.help = match rows.iter().find_map(|function| function.extension) {
            Some(extension) => Some(create_extension_help("the function", extension)),
            None => nearest_function(name).map(|near| format!("did you mean `{near}`?")),
        };
        self.report_once(format!("function {name}"), diagnostic);
    }

    fn type_use(&mut self, expr: &Expr, used: &TypeUse) -> Option<(Range<usize>, String)> {
        let origin = expr.origin_at(used.range.start);
        let written = Type {
            schema: used.schema.as_deref().map(Ident::computed),
            name: Ident::new(used.name.as_str(), origin),
            modifiers: Vec::new(),
            array: false,
        };
        let is_builtin = used.schema.is_none() && known::builtin_type(&used.name).is_some();
        if is_builtin || used.schema.as_deref() == Some("pg_catalog") {
            return None;
        }
        let resolved = self.ty(&written);
        let home = resolved.schema.filter(|_| used.schema.is_none())?;
        qualification(&home, &used.name, &used.range)
    }

    /// Indexes and generated columns must give the same tomorrow (manual
    /// chapter "Function Volatility Categories").
    pub(super) fn immutable(&mut self, expr: &Expr, scope: Scope<'_>) {
        let what = scope.what;
        for used in &expr.facts().functions {
            let mut rows = self.meant(used);
            rows.retain(|row| row.accepts(used.arguments));
            let changes =
                !rows.is_empty() && rows.iter().all(|row| row.volatility != Volatility::Immutable);
            if changes {
                let origin = expr.origin_at(used.range.start);
                self.not_immutable(&format!("{}()", used.name), what, origin);
            }
        }
        // A word that is a column as well was reported for that.
        let is_column =
            |word: &str| scope.table.is_some_and(|(_, table)| table.column(word).is_some());
        for used in expr.facts().reserved.iter().filter(|used| !is_column(&used.word)) {
            self.not_immutable(&used.word, what, expr.origin_at(used.range.start));
        }
    }

    fn not_immutable(&mut self, name: &str, what: &str, origin: crate::origin::Origin) {
        let message =
            format!("`{name}` can give something else tomorrow, which {what} can not use");
        self.report(Diagnostic::new("not_immutable", origin, message));
    }

    /// Aggregates and window functions have a meaning in queries only.
    pub(super) fn no_aggregates(&mut self, expr: &Expr, what: &str) {
        for used in &expr.facts().functions {
            let rows = self.meant(used);
            let plain =
                |row: &Function| matches!(row.kind, FunctionKind::Function) && !row.returns_set;
            if !rows.is_empty() && !rows.iter().any(plain) {
                let message =
                    format!("{what} can not use `{}`, which works on many rows", used.name);
                let origin = expr.origin_at(used.range.start);
                self.report(Diagnostic::new("query_in_expression", origin, message));
            }
        }
    }

    /// An operator class of an index method; qualified where its extension is
    /// in another schema.
    pub(crate) fn operator_class(&mut self, method: &Ident, written: &ObjectName) -> ObjectName {
        let (method, name) = (method.as_str(), written.name.as_str());
        if written.schema != DEFAULT_SCHEMA || self.schema.has_foreign_extension() {
            return written.clone();
        }
        let classes: Vec<_> = operator_classes::named(method, name).collect();
        if classes.iter().any(|class| class.extension.is_none()) {
            return written.clone();
        }
        let homes = classes.iter().find_map(|class| self.schema.extension_schema(class.extension?));
        if let Some(home) = homes {
            return ObjectName::qualified(home.clone(), written.name.clone());
        }
        let message = format!("no operator class `{name}` of `{method}` exists here");
        let mut diagnostic = Diagnostic::new("unknown_operator_class", written.origin(), message);
        diagnostic.help = match extensions::providing_operator_class(method, name).next() {
            Some(extension) => Some(create_extension_help("the class", extension)),
            None => {
                let names = operator_classes::of_method(method).map(|class| class.name);
                suggest::nearest(name, names).map(|near| format!("did you mean `{near}`?"))
            }
        };
        self.report_once(format!("operator class {name}"), diagnostic);
        written.clone()
    }

    /// Whether a column of this type can stand in an index without an operator
    /// class being named.
    pub(super) fn default_operator_class(&mut self, method: &Ident, column: &Ident, ty: &Type) {
        if self.schema.has_foreign_extension() || access_methods::find(method.as_str()).is_none() {
            return;
        }
        let is_enum = self.schema.is_enum(ty);
        let name = match (is_enum, known::row_of(ty)) {
            (true, _) => "anyenum".to_owned(),
            (false, Some(row)) => row.format.to_owned(),
            (false, None) => return,
        };
        let name = if ty.array { format!("{name}[]") } else { name };
        let classes = operator_classes::default_for(method.as_str(), &name);
        let usable = classes.iter().any(|class| match class.extension {
            None => true,
            Some(extension) => self.schema.extension_schema(extension).is_some(),
        });
        if usable {
            return;
        }
        let message =
            format!("`{method}` has no way to index {}, the type of `{column}`", ty.language());
        let mut diagnostic = Diagnostic::new("no_operator_class", column.origin, message);
        diagnostic.help = classes
            .iter()
            .find_map(|class| class.extension)
            .map(|extension| create_extension_help("one", extension));
        self.report(diagnostic);
    }
}

impl Schema {
    /// Whether a type is an enum of this schema.
    pub(crate) fn is_enum(&self, ty: &Type) -> bool {
        let home = ty.schema.as_ref();
        home.is_some_and(|home| {
            let name = ObjectName::qualified(home.clone(), ty.name.clone());
            self.enums.contains_key(&name)
        })
    }
}

/// A name with the schema it needs before it.
fn qualification(home: &Ident, name: &str, range: &Range<usize>) -> Option<(Range<usize>, String)> {
    let needed = *home != DEFAULT_SCHEMA && *home != "pg_catalog";
    needed.then(|| (range.clone(), format!("{}.{}", home.sql(), quoted(name))))
}

fn nearest_function(name: &str) -> Option<&'static str> {
    let first = name.chars().next();
    let alike = functions::all().filter(|function| function.extension.is_none());
    let alike = alike.map(|function| function.name).filter(|other| other.chars().next() == first);
    suggest::nearest(name, alike)
}
