//! Indexes as written, completed.

use super::{Check, Scope};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::schema::{ElementSubject, Index, IndexElement, Table};

impl Check<'_> {
    /// An index of a table, checked and completed.
    pub(crate) fn index_definition(
        &mut self,
        name: &ObjectName,
        table: &Table,
        written: &Index,
    ) -> Index {
        let mut index = written.clone();
        for element in &mut index.elements {
            *element = self.element(name, table, &written.method, element);
        }
        self.columns_exist(name, table, &written.include);
        let scope = Scope::rows("the condition of an index", name, table);
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
        let scope = Scope::rows("an index", name, table);
        element.subject = match &written.subject {
            ElementSubject::Column(column) => {
                self.column_of(name, table, column);
                written.subject.clone()
            }
            ElementSubject::Call(expr) => ElementSubject::Call(self.expression(expr, scope)),
            ElementSubject::Expression(expr) => {
                ElementSubject::Expression(self.expression(expr, scope))
            }
        };
        element.collation = written.collation.as_ref().map(|collation| self.collation(collation));
        if let Some(class) = &written.operator_class {
            element.operator_class = Some(self.operator_class(method, class));
        }
        element
    }

    /// A condition: an expression that is true, false or null.
    pub(crate) fn condition(&mut self, expr: &Expr, scope: Scope<'_>) -> Expr {
        self.expression(expr, scope)
    }
}
