//! Columns as written, completed.

use super::{Check, Scope};
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::known;
use crate::operation::{ColumnDefinition, CreateSequence, IdentityDefinition, SequenceOption};
use crate::origin::Origin;
use crate::schema::{Owner, Table, nextval};
use crate::types::Type;

impl Check<'_> {
    /// A column with its type resolved and its sequence named; expressions are
    /// left as they are. A serial column adds the sequence that it needs.
    pub(crate) fn column_definition(
        &mut self,
        table: &ObjectName,
        written: &ColumnDefinition,
        sequences: &mut Vec<(CreateSequence, Owner)>,
    ) -> Option<ColumnDefinition> {
        if !self.new_column_name(&written.name) {
            return None;
        }
        let mut column = written.clone();
        if let Some(ty) = known::serial_type(&written.ty) {
            let name = self.schema.sequence_name(table, written.name.as_str(), &self.taken);
            self.no_enum(&at(&name, written.name.origin));
            self.taken.relation(name.clone());
            column.default = Some(nextval(&name));
            column.ty = Type { name: Ident::new(ty, written.ty.origin()), ..written.ty.clone() };
            let options = vec![SequenceOption::As(column.ty.clone())];
            let owner = Owner { table: table.clone(), column: written.name.clone() };
            sequences.push((CreateSequence { name, options }, owner));
            return Some(column);
        }
        column.ty = self.ty(&written.ty);
        column.collation = written.collation.as_ref().map(|collation| self.collation(collation));
        self.collatable(&column.ty, column.collation.as_ref());
        if let Some(identity) = &written.identity {
            column.identity = self.identity(table, &column, identity);
        }
        Some(column)
    }

    /// An identity with its sequence named and its options checked.
    pub(crate) fn identity(
        &mut self,
        table: &ObjectName,
        column: &ColumnDefinition,
        written: &IdentityDefinition,
    ) -> Option<IdentityDefinition> {
        if !["smallint", "integer", "bigint"].iter().any(|name| column.ty.is(name)) {
            let message =
                format!("an identity column is smallint, int or bigint, not `{}`", column.ty);
            self.report(Diagnostic::new("invalid_identity", column.ty.origin(), message));
            return None;
        }
        let own = [SequenceOption::As(column.ty.clone())];
        let options: Vec<_> = own.into_iter().chain(written.options.iter().cloned()).collect();
        let options = self.sequence_options(table, None, &options)?.split_off(1);
        let name = written
            .sequence_name
            .clone()
            .unwrap_or_else(|| self.schema.sequence_name(table, column.name.as_str(), &self.taken));
        self.no_enum(&at(&name, column.name.origin));
        self.taken.relation(name.clone());
        Some(IdentityDefinition { sequence_name: Some(name), options, ..written.clone() })
    }

    /// The columns with their expressions checked against the table that they
    /// are to stand in.
    pub(crate) fn column_expressions(
        &mut self,
        name: &ObjectName,
        table: &Table,
        mut columns: Vec<ColumnDefinition>,
    ) -> Vec<ColumnDefinition> {
        for column in &mut columns {
            if let Some(default) = &column.default {
                column.default = Some(self.default_value(&column.ty, default));
            }
            if let Some(generated) = &column.generated {
                let before = self.report.diagnostics.len();
                let resolved = self.generated(name, table, generated);
                if self.report.diagnostics.len() == before {
                    self.assignable(&column.ty, &resolved, "expression", Some(table));
                }
                column.generated = Some(resolved);
            }
        }
        columns
    }

    /// A default for a column of this type.
    pub(crate) fn default_value(&mut self, ty: &Type, default: &Expr) -> Expr {
        let before = self.report.diagnostics.len();
        let resolved = self.expression(default, Scope::default_value());
        if self.report.diagnostics.len() == before {
            self.assignable(ty, &resolved, "default", None);
        }
        resolved
    }

    fn generated(&mut self, name: &ObjectName, table: &Table, expr: &Expr) -> Expr {
        let scope = Scope::stored("a generated column", name, table);
        for used in &expr.facts().columns {
            let of = table.column(&used.name);
            if of.is_some_and(|of| of.generated.is_some()) {
                let message =
                    format!("a generated column can not use another one, `{}`", used.name);
                let origin = expr.origin_at(used.range.start);
                self.report(Diagnostic::new("generated", origin, message));
            }
        }
        self.expression(expr, scope)
    }
}

/// A name that the model computed, at the place it was computed for.
fn at(name: &ObjectName, origin: Origin) -> ObjectName {
    name.sibling(Ident::new(name.name.as_str(), origin))
}
