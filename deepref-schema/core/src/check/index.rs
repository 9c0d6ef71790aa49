//! Indexes as written, completed.

use super::{Check, Scope};
use crate::catalogue::access_methods;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::origin::Origin;
use crate::schema::{ElementSubject, Index, IndexElement, Table};
use crate::typing::{self, Given};

impl Check<'_> {
    /// An index of a table, checked and completed.
    pub(crate) fn index_definition(
        &mut self,
        name: &ObjectName,
        table: &Table,
        written: &Index,
    ) -> Index {
        if !self.method(written) {
            return written.clone();
        }
        self.newer_nulls_not_distinct(written.nulls_not_distinct, written.method.origin);
        self.parameters(&written.method, &written.parameters);
        let mut index = written.clone();
        for element in &mut index.elements {
            *element = self.element(name, table, &written.method, element);
        }
        self.columns_exist(name, table, &written.include);
        let scope = Scope::stored("the condition of an index", name, table);
        index.predicate = index.predicate.map(|expr| self.condition(&expr, scope));
        index
    }

    /// An element of an index or of an exclusion constraint.
    pub(crate) fn element(
        &mut self,
        name: &ObjectName,
        table: &Table,
        method: &Ident,
        written: &IndexElement,
    ) -> IndexElement {
        let mut element = written.clone();
        let scope = Scope::stored("an index", name, table);
        element.subject = match &written.subject {
            ElementSubject::Column(column) => {
                if let Some(of) = self.column_of(name, table, column) {
                    match &written.operator_class {
                        None => self.default_operator_class(method, column, &of.ty),
                        Some(class) => self.class_accepts(method, class, &of.ty),
                    }
                    self.collatable(&of.ty, written.collation.as_ref());
                }
                written.subject.clone()
            }
            ElementSubject::Call(expr) => ElementSubject::Call(self.expression(expr, scope)),
            ElementSubject::Expression(expr) => {
                ElementSubject::Expression(self.expression(expr, scope))
            }
        };
        if let (Some(expr), None) = (element.subject.expression(), &written.operator_class)
            && let Some(Given::Typed(ty)) = typing::given(expr, self.schema, Some(table))
        {
            self.default_operator_class(method, &Ident::new(expr.sql(), expr.origin()), &ty);
        }
        element.collation = written.collation.as_ref().map(|collation| self.collation(collation));
        if let Some(class) = &written.operator_class {
            element.operator_class = Some(self.operator_class(method, class));
        }
        element
    }

    /// A condition: an expression that is true, false or null.
    pub(crate) fn condition(&mut self, expr: &Expr, scope: Scope<'_>) -> Expr {
        let known = self.report.diagnostics.len();
        let resolved = self.expression(expr, scope);
        if self.report.diagnostics.len() == known {
            self.boolean(&resolved, scope.what, scope.table.map(|(_, table)| table));
        }
        resolved
    }

    /// `nulls not distinct` came with PostgreSQL 15.
    pub(crate) fn newer_nulls_not_distinct(&mut self, used: bool, origin: Origin) {
        if used && self.settings.oldest_postgres < 15 {
            let message = "`nulls not distinct` came with PostgreSQL 15";
            let help = "write `#![postgres(15..)]` in the list of migrations";
            self.report(Diagnostic::new("newer_postgres", origin, message).help(help));
        }
    }

    /// An index method, and whether it can do what is asked of it (manual
    /// chapter "Index Types").
    fn method(&mut self, index: &Index) -> bool {
        let name = index.method.as_str();
        let Some(method) = access_methods::find(name) else {
            if !self.schema.has_foreign_extension() {
                let message = format!("no index method `{name}` exists here");
                let mut diagnostic =
                    Diagnostic::new("unknown_index_method", index.method.origin, message);
                let names = access_methods::all().map(|method| method.name);
                diagnostic.help = crate::suggest::help(name, names);
                self.report(diagnostic);
            }
            return self.schema.has_foreign_extension();
        };
        let ordered = index.elements.iter().any(|e| e.descending || e.nulls.is_some());
        let problem = if index.unique && !method.can_unique {
            "can not make values unique"
        } else if !index.include.is_empty() && !method.can_include {
            "can not hold further columns by `include`"
        } else if index.elements.len() > 1 && !method.can_multi_column {
            "indexes one column only"
        } else if ordered && !method.can_order {
            "has no order, so `desc` and `nulls` mean nothing"
        } else {
            return true;
        };
        let message = format!("an index by `{name}` {problem}");
        self.report(Diagnostic::new("invalid_index", index.method.origin, message));
        false
    }
}
