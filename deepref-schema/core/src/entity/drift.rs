//! In what an entity differs from the history, told at the field.

use std::fmt::Display;

use super::complete::Completed;
use super::{DRIFT, Entity, generate, pascal, same};
use crate::diagnostic::{Diagnostic, Report};
use crate::expr::Expr;
use crate::history::Fold;
use crate::ident::Ident;
use crate::operation::{ConstraintDefinition, IdentityDefinition};
use crate::origin::Origin;
use crate::schema::{Column, Constraint, Index, Made, RelationKind, Schema, Table};
use crate::sql::{constraint_sql, identity_sql, index_sql};
use crate::suggest;

/// The table of an entity that no migration creates.
pub(super) fn unknown_table(entity: &Entity, history: &Fold) -> Option<Diagnostic> {
    let name = &entity.name;
    if history.doubts().doubts_by_sql(name.name.as_str()) {
        return None;
    }
    let message = format!("no migration creates table `{name}`");
    let relations = history.schema().relation_names();
    let tables: Vec<_> = relations
        .filter(|(_, relation)| relation.kind == RelationKind::Table)
        .map(|(name, _)| name.to_string())
        .collect();
    let write = generate(&format!("Create{}", pascal(name.name.as_str())));
    let help = match suggest::nearest(&name.to_string(), tables.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `#[entity(table = {near})]`? Else {write}"),
        None => write,
    };
    Some(Diagnostic::new(DRIFT, name.origin().or(entity.origin), message).help(help))
}

/// What differs between an entity and a table of the history.
pub(super) struct Drift<'a> {
    entity: &'a Entity,
    done: &'a Completed,
    doubts: &'a Report,
    findings: Vec<Diagnostic>,
}

impl<'a> Drift<'a> {
    /// Begins with what the history lacks for the entity to make sense.
    pub(super) fn of(entity: &'a Entity, done: &'a Completed, history: &'a Fold) -> Self {
        let pending = done.pending.iter().map(pending);
        Self { entity, done, doubts: history.doubts(), findings: pending.collect() }
    }

    /// Compares the aligned table of the entity with the one that was found.
    pub(super) fn against(mut self, wanted: &Table, found: &Table) -> Vec<Diagnostic> {
        for column in &wanted.columns {
            match found.column(column.name.as_str()) {
                Some(known) => self.column(column, known),
                None => self.new_column(column),
            }
        }
        for column in &found.columns {
            if wanted.column(column.name.as_str()).is_none() {
                self.no_field(column);
            }
        }
        for (name, constraint, known) in wanted.constraints.changes(&found.constraints) {
            self.constraint(name, constraint, known, found);
        }
        for (name, index, known) in wanted.indexes.changes(&found.indexes) {
            self.index(name, index, known, found);
        }
        if wanted.comment != found.comment {
            let (here, there) = (quoted(wanted.comment.as_ref()), quoted(found.comment.as_ref()));
            let message = format!("the comment on `{}` {}", self.entity.name, both(there, here));
            self.report(self.entity.origin, message, &format!("CommentOn{}", self.table_name()));
        }
        self.findings
    }

    fn table_name(&self) -> String {
        pascal(self.entity.name.name.as_str())
    }

    fn report(&mut self, origin: Origin, message: String, migration: &str) {
        let origin = origin.or(self.entity.origin);
        self.findings.push(Diagnostic::new(DRIFT, origin, message).help(generate(migration)));
    }

    fn new_column(&mut self, column: &Column) {
        if self.doubts.doubts_by_sql(column.name.as_str()) {
            return;
        }
        let message =
            format!("no migration adds column `{}` to `{}`", column.name, self.entity.name);
        let migration = format!("Add{}To{}", pascal(column.name.as_str()), self.table_name());
        self.report(column.name.origin, message, &migration);
    }

    fn no_field(&mut self, column: &Column) {
        let (name, table) = (&column.name, &self.entity.name);
        let message =
            format!("`{}` has no field for column `{name}` of `{table}`", self.entity.rust_name);
        let write =
            generate(&format!("Drop{}From{}", pascal(column.name.as_str()), self.table_name()));
        let help = format!("add the field, or drop the column: {write}");
        let finding = Diagnostic::new(DRIFT, self.entity.origin, message).help(help);
        self.findings.push(made(finding, &format!("`{name}`"), &column.made));
    }

    fn column(&mut self, wanted: &Column, found: &Column) {
        let entity = self.entity;
        let Some(field) = entity.field(&wanted.name) else { return };
        let is_typed = !self.done.untyped.contains(&wanted.name);
        let of = format!("`{}.{}`", entity.name, wanted.name);
        let change = format!("Change{}Of{}", pascal(wanted.name.as_str()), self.table_name());
        let at = wanted.name.origin;
        if is_typed && wanted.ty != found.ty {
            let (there, here) = (found.ty.language(), wanted.ty.language());
            let message = format!("{of} is `{there}` in the history and `{here}` here");
            self.report(field.definition.ty.origin().or(at), message, &change);
        }
        if wanted.nullable != found.nullable {
            let message = match wanted.nullable {
                true => format!("{of} is NOT NULL in the history and may be null here"),
                false => format!("{of} may be null in the history and is NOT NULL here"),
            };
            self.report(field.nullable_origin.or(at), message, &change);
        }
        if is_typed {
            self.expressions(&of, at, "default", &wanted.default, &found.default, &change);
        }
        let what = "generating expression";
        self.expressions(&of, at, what, &wanted.generated, &found.generated, &change);
        if wanted.identity != found.identity {
            let sql = |column: &Column| {
                column.identity.as_ref().map(|identity| {
                    let definition = IdentityDefinition::from(identity);
                    let named = IdentityDefinition { sequence_name: None, ..definition };
                    format!("`{}`", identity_sql(&named).trim())
                })
            };
            let message = format!("the identity of {of} {}", both(sql(found), sql(wanted)));
            self.report(at, message, &change);
        }
        if wanted.collation != found.collation {
            let name = |column: &Column| {
                column.collation.as_ref().map(|collation| match collation.schema.as_str() {
                    "pg_catalog" => format!("`{}`", collation.name),
                    _ => format!("`{collation}`"),
                })
            };
            let message = format!("the collation of {of} {}", both(name(found), name(wanted)));
            self.report(at, message, &change);
        }
        if wanted.comment != found.comment {
            let (there, here) = (quoted(found.comment.as_ref()), quoted(wanted.comment.as_ref()));
            let message = format!("the comment on {of} {}", both(there, here));
            self.report(at, message, &change);
        }
    }

    fn expressions(
        &mut self,
        of: &str,
        at: Origin,
        what: &str,
        wanted: &Option<Expr>,
        found: &Option<Expr>,
        migration: &str,
    ) {
        if wanted == found {
            return;
        }
        let sql = |expr: &Option<Expr>| expr.as_ref().map(|expr| format!("`{}`", expr.sql()));
        let message = format!("the {what} of {of} {}", both(sql(found), sql(wanted)));
        let origin = wanted.as_ref().map_or(Origin::NONE, Expr::origin);
        self.report(origin.or(at), message, migration);
    }

    fn constraint(
        &mut self,
        name: &Ident,
        wanted: Option<&Constraint>,
        found: Option<&Constraint>,
        table: &Table,
    ) {
        let text = |constraint: &Constraint| {
            let definition = ConstraintDefinition::of(name, constraint);
            constraint_sql(&ConstraintDefinition { name: None, ..definition })
        };
        let of = self.entity.name.clone();
        let migration = format!("ChangeConstraintsOf{}", self.table_name());
        match (wanted, found) {
            (Some(wanted), None) => {
                let known =
                    table.constraints.iter().find(|(_, one)| same::constraints(wanted, one));
                let message = match known {
                    Some((other, _)) => format!("the history calls constraint `{name}` `{other}`"),
                    None => format!("no migration adds `{}` to `{of}`", text(wanted)),
                };
                self.report(name.origin, message, &migration);
            }
            (Some(wanted), Some(found)) => {
                let (there, here) = (text(found), text(wanted));
                let message =
                    format!("constraint `{name}` is `{there}` in the history and `{here}` here");
                self.report(name.origin, message, &migration);
            }
            (None, Some(found)) if !self.is_renamed(found) => {
                let what = format!("constraint `{name}` of `{of}`: `{}`", text(found));
                self.not_said(&what, name, &found.made, &migration);
            }
            _ => {}
        }
    }

    /// A part of the table under another name was reported there.
    fn is_renamed(&self, found: &Constraint) -> bool {
        self.done.table.constraints.values().any(|wanted| same::constraints(wanted, found))
    }

    fn index(
        &mut self,
        name: &Ident,
        wanted: Option<&Index>,
        found: Option<&Index>,
        table: &Table,
    ) {
        let of = self.entity.name.clone();
        let text = |index: &Index| index_sql(name, &of, index, false);
        let migration = format!("ChangeIndexesOf{}", self.table_name());
        match (wanted, found) {
            (Some(wanted), None) => {
                let known = table.indexes.iter().find(|(_, one)| same::indexes(wanted, one));
                let message = match known {
                    Some((other, _)) => format!("the history calls index `{name}` `{other}`"),
                    None => format!("no migration makes `{}`", text(wanted)),
                };
                self.report(name.origin, message, &migration);
            }
            (Some(wanted), Some(found)) => {
                let (there, here) = (text(found), text(wanted));
                let message =
                    format!("index `{name}` is `{there}` in the history and `{here}` here");
                self.report(name.origin, message, &migration);
            }
            (None, Some(found)) => {
                let mut ours = self.done.table.indexes.values();
                if !ours.any(|wanted| same::indexes(wanted, found)) {
                    let what = format!("index `{name}`: `{}`", text(found));
                    self.not_said(&what, name, &found.made, &migration);
                }
            }
            (None, None) => {}
        }
    }

    /// A part of the table that the entity does not mention.
    fn not_said(&mut self, what: &str, name: &Ident, by: &Made, migration: &str) {
        let message = format!("`{}` does not mention {what}", self.entity.rust_name);
        let help = format!(
            "write it into `#[entity(…)]`, say `#[entity(partial)]`, or drop it: {}",
            generate(migration)
        );
        let finding = Diagnostic::new(DRIFT, self.entity.origin, message).help(help);
        self.findings.push(made(finding, &format!("`{name}`"), by));
    }
}

/// What the history lacks for an entity to make sense, as drift.
fn pending(finding: &Diagnostic) -> Diagnostic {
    let mut drift = Diagnostic { rule: "drift", ..finding.clone() };
    let near = drift.help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
    if finding.rule == "unknown_table" && !near {
        let help = "derive `Entity` for its struct: `cargo migrate generate` then makes both";
        drift.help = Some(help.to_owned());
    }
    drift
}

fn made(finding: Diagnostic, what: &str, by: &Made) -> Diagnostic {
    match Schema::made_note(what, by) {
        Some(note) => finding.note(note),
        None => finding,
    }
}

fn quoted(text: Option<&String>) -> Option<String> {
    text.map(|text| format!("{text:?}"))
}

/// What something is in the history and here.
fn both<T: Display>(there: Option<T>, here: Option<T>) -> String {
    match (there, here) {
        (Some(there), Some(here)) => format!("is {there} in the history and {here} here"),
        (Some(there), None) => format!("is {there} in the history and missing here"),
        (None, Some(here)) => format!("is missing in the history and {here} here"),
        (None, None) => "differs".to_owned(),
    }
}
