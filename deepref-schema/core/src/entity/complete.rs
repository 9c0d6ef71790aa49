//! An entity as a table, complete: what the operations that make it leave.

use std::sync::Arc;

use super::{Entity, Holds};
use crate::catalogue::extensions;
use crate::check::Check;
use crate::diagnostic::{Diagnostic, Report};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::migration::Settings;
use crate::operation::{
    AddConstraint, ColumnDefinition, ConstraintDefinition, ConstraintForm, CreateTable, DropTable,
    Operate, Operation, TableItem,
};
use crate::origin::Origin;
use crate::rules;
use crate::schema::{Namespace, Schema, Table};
use crate::types::Type;

/// Rules of what the history does not have yet, or no more: drift, and no
/// mistake of the entity.
const PENDING: &[&str] = &[
    "foreign_key_target",
    "foreign_key_type",
    "newer_postgres",
    "no_operator_class",
    "unknown_collation",
    "unknown_function",
    "unknown_operator_class",
    "unknown_schema",
    "unknown_table",
    "unknown_type",
];

/// A table as an entity describes it.
#[derive(Debug, Default)]
pub(super) struct Completed {
    /// The table; without the foreign keys that are pending.
    pub(super) table: Table,
    /// The schema with this table, and with the sequences that it brings.
    pub(super) schema: Schema,
    /// What is wrong, whatever the history says.
    pub(super) mistakes: Vec<Diagnostic>,
    /// What the history lacks.
    pub(super) pending: Vec<Diagnostic>,
    /// The columns whose type the history lacks.
    pub(super) untyped: Vec<Ident>,
    /// The columns of foreign keys to what the history lacks.
    pub(super) untied: Vec<Vec<Ident>>,
}

impl Entity {
    /// The table that the entity describes, beside what else is in the schema.
    pub(super) fn complete(
        &self,
        schema: &Schema,
        doubts: &Report,
        settings: &Settings,
    ) -> Completed {
        let found = schema.tables.get(&self.name).cloned();
        let (same_default, done) = (Vec::new(), Completed::default());
        let mut work = Work { entity: self, settings, found, same_default, done };
        work.done.schema = schema.clone();
        work.make_room();
        let fields = self.fields.iter().map(|field| &field.definition);
        let columns: Vec<_> = fields.map(|field| work.column(field, doubts)).collect();
        let mut report = doubts.without_findings();
        let (foreign, others): (Vec<_>, Vec<_>) =
            self.constraints.iter().cloned().partition(ConstraintDefinition::is_foreign_key);
        let items = columns.into_iter().map(TableItem::Column);
        let items = items.chain(others.into_iter().map(TableItem::Constraint)).collect();
        let create = CreateTable { name: self.name.clone(), items };
        work.run(&create.into(), &mut report);
        for index in &self.indexes {
            work.run(&index.clone().into(), &mut report);
        }
        for constraint in foreign {
            work.foreign_key(constraint, &mut report);
        }
        work.rest();
        let mut done = work.done;
        done.table = done.schema.table(&self.name).cloned().unwrap_or_default();
        done
    }
}

struct Work<'a> {
    entity: &'a Entity,
    settings: &'a Settings,
    /// The table as it was found.
    found: Option<Arc<Table>>,
    /// The columns whose default is the one that was found: it was checked.
    same_default: Vec<Ident>,
    done: Completed,
}

impl Work<'_> {
    /// Takes the table out of the schema, and makes sure that it has a place.
    fn make_room(&mut self) {
        let (name, schema) = (&self.entity.name, &mut self.done.schema);
        if !schema.namespaces.contains_key(name.schema.as_str()) {
            schema.namespaces.insert(name.schema.clone(), Namespace::default());
        }
        if schema.table(name).is_some() {
            DropTable { name: name.clone() }.apply(schema);
        }
    }

    /// The column, without a default that was checked already.
    fn column(&mut self, written: &ColumnDefinition, doubts: &Report) -> ColumnDefinition {
        let mut column = self.typed(written, doubts);
        let found = self.found.as_ref().and_then(|table| table.column(written.name.as_str()));
        let known = found.and_then(|found| found.default.as_ref()).map(Expr::sql);
        if known.is_some() && known == column.default.as_ref().map(Expr::sql) {
            self.same_default.push(written.name.clone());
            column.default = None;
        }
        column
    }

    /// The column, with the schema of its enum found. One whose enum is not
    /// there is a text for now.
    fn typed(&mut self, written: &ColumnDefinition, doubts: &Report) -> ColumnDefinition {
        let field = self.entity.field(&written.name);
        let Some(Holds::EnumOf(rust_name)) = field.map(|field| &field.holds) else {
            return written.clone();
        };
        let own = self.entity.name.sibling(written.ty.name.clone());
        let found = [own, ObjectName::unqualified(written.ty.name.clone())]
            .into_iter()
            .find(|name| self.done.schema.enums.contains_key(name));
        if let Some(name) = found {
            let ty = Type { schema: Some(name.schema), ..written.ty.clone() };
            return ColumnDefinition { ty, ..written.clone() };
        }
        let (name, origin) = (&written.ty.name, written.ty.origin());
        let mut providers = extensions::providing_type(name.as_str());
        if providers.any(|extension| self.done.schema.extension_schema(extension).is_some()) {
            return written.clone();
        }
        if !doubts.doubts_by_sql(name.as_str()) {
            self.done.pending.push(no_enum(rust_name, name, origin));
        }
        self.done.untyped.push(written.name.clone());
        // The default of a type that is not there is not judged.
        let ty = Type { name: Ident::new("text", origin), ..written.ty.clone() };
        ColumnDefinition { ty, default: None, ..written.clone() }
    }

    fn run(&mut self, operation: &Operation, report: &mut Report) {
        let schema = &self.done.schema;
        let mut check = Check::new(schema, report, self.settings, self.entity.origin);
        let resolved = operation.resolve(&mut check);
        for operation in resolved {
            operation.apply(&mut self.done.schema);
        }
        for finding in report.diagnostics.drain(..) {
            self.found(finding);
        }
    }

    fn found(&mut self, finding: Diagnostic) {
        // What is dangerous alone was accepted by the migration that made it, or will be by the one
        // that is generated.
        if self.found.is_some() && rules::is_allowable(finding.rule) {
            return;
        }
        if !PENDING.contains(&finding.rule) {
            self.done.mistakes.push(finding);
            return;
        }
        let at = |origin: Origin| origin.is_known() && origin == finding.origin;
        let typed = self.entity.fields.iter().map(|field| &field.definition);
        let untyped = typed.filter(|column| at(column.ty.origin())).map(|column| &column.name);
        self.done.untyped.extend(untyped.cloned());
        self.done.pending.push(finding);
    }

    fn foreign_key(&mut self, constraint: ConstraintDefinition, report: &mut Report) {
        let ConstraintForm::ForeignKey(key) = &constraint.form else { return };
        let (columns, target) = (key.columns.clone(), key.table.clone());
        let known = (self.done.mistakes.len(), self.done.pending.len());
        let is_own = target == self.entity.name;
        let table = self.entity.name.clone();
        let add = AddConstraint { table, constraint, concurrently: false };
        self.run(&add.into(), report);
        if is_own {
            return;
        }
        // A column that the other table lacks, the history lacks.
        let others = self.done.mistakes.split_off(known.0);
        let (own, other): (Vec<_>, Vec<_>) = others.into_iter().partition(|finding| {
            finding.rule != "unknown_column"
                || columns.iter().any(|column| column.origin == finding.origin)
        });
        self.done.mistakes.extend(own);
        self.done.pending.extend(other);
        if self.done.pending.len() > known.1 {
            self.done.untied.push(columns);
        }
    }

    /// What needs no check.
    fn rest(&mut self) {
        let (entity, found, same_default) = (self.entity, &self.found, &self.same_default);
        self.done.schema.change_table(&entity.name, |table| {
            table.comment.clone_from(&entity.comment);
            for field in &entity.fields {
                if let Some(column) = table.column_mut(field.definition.name.as_str()) {
                    column.comment.clone_from(&field.comment);
                }
            }
            for name in same_default {
                let known = found.as_ref().and_then(|found| found.column(name.as_str()));
                if let (Some(column), Some(known)) = (table.column_mut(name.as_str()), known) {
                    column.default.clone_from(&known.default);
                }
            }
        });
    }
}

fn no_enum(rust_name: &str, name: &Ident, origin: Origin) -> Diagnostic {
    let message = format!("no migration creates an enum `{name}`, the type of a `{rust_name}`");
    Diagnostic::new(super::DRIFT, origin, message).help(format!(
        "derive `PgEnum` for `{rust_name}` and run `cargo migrate generate Create{rust_name}`; \
         where it is no enum, write `#[column(type = …)]`"
    ))
}
