//! The schema that a history should end in, as entities describe it.

use std::sync::Arc;

use super::{Entity, Enumeration};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::history::Fold;
use crate::operation::{DropTable, Operate};
use crate::origin::Origin;
use crate::rules;
use crate::schema::{EnumType, Namespace, Schema};

/// The schema that is wanted.
#[derive(Clone, Debug)]
pub struct Target {
    /// The schema: what entities describe as they describe it, all else as the
    /// history has it.
    pub schema: Schema,
    /// What is wrong with the entities; while there is anything, the schema is
    /// of no use.
    pub mistakes: Vec<Diagnostic>,
}

/// The schema that a history should end in.
///
/// Tables and enums that no entity describes stay as they are. Where several
/// structs stand for one table, one describes it whole and the others are
/// `partial`.
pub fn target(history: &Fold, entities: &[Entity], enums: &[Enumeration]) -> Target {
    let mut work = Work { history, schema: history.schema().clone(), mistakes: Vec::new() };
    enums.iter().for_each(|one| work.enumeration(one));
    let (partial, whole): (Vec<&Entity>, Vec<&Entity>) =
        entities.iter().partition(|entity| entity.partial);
    work.once(&whole);
    whole.iter().for_each(|entity| work.take_out(entity));
    // Tables first, so that foreign keys find them in whatever order they come.
    for entity in &whole {
        let alone = Entity { constraints: without_foreign_keys(entity), ..(*entity).clone() };
        work.table(&alone);
    }
    whole.iter().chain(&partial).for_each(|entity| work.table(entity));
    Target { schema: work.schema, mistakes: work.mistakes }
}

fn without_foreign_keys(entity: &Entity) -> Vec<crate::operation::ConstraintDefinition> {
    let all = entity.constraints.iter();
    all.filter(|constraint| !constraint.is_foreign_key()).cloned().collect()
}

struct Work<'a> {
    history: &'a Fold,
    schema: Schema,
    mistakes: Vec<Diagnostic>,
}

impl Work<'_> {
    fn enumeration(&mut self, one: &Enumeration) {
        let namespace = &one.name.schema;
        if !self.schema.namespaces.contains_key(namespace.as_str()) {
            self.schema.namespaces.insert(namespace.clone(), Namespace::default());
        }
        let known = self.schema.enums.get(&one.name).cloned();
        if known.is_none() && !self.is_free(one) {
            return;
        }
        let mut wanted = known.as_deref().cloned().unwrap_or_default();
        wanted.values.clone_from(&one.values);
        wanted.comment = one.comment.clone().or(wanted.comment);
        if known.as_deref() != Some(&wanted) {
            self.schema.enums.insert(one.name.clone(), Arc::<EnumType>::new(wanted));
        }
    }

    /// Whether nothing else has the name of a new enum.
    fn is_free(&mut self, one: &Enumeration) -> bool {
        let mut report = self.history.doubts().without_findings();
        let create =
            crate::operation::CreateEnum { name: one.name.clone(), values: one.values.clone() };
        let settings = self.history.settings();
        create.resolve(&mut Check::new(&self.schema, &mut report, settings, one.origin));
        let is_free = report.diagnostics.is_empty();
        self.mistakes.append(&mut report.diagnostics);
        is_free
    }

    /// Reports tables that two structs describe.
    fn once(&mut self, whole: &[&Entity]) {
        for (at, entity) in whole.iter().enumerate() {
            let first = whole[..at].iter().find(|first| first.name == entity.name);
            let Some(first) = first else { continue };
            let message =
                format!("`{}` describes table `{}` already", first.rust_name, entity.name);
            self.mistakes.push(
                Diagnostic::new("already_exists", entity.origin, message)
                    .help("write `#[entity(partial)]` at the one that knows a part of it"),
            );
        }
    }

    fn take_out(&mut self, entity: &Entity) {
        if self.schema.table(&entity.name).is_some() {
            DropTable { name: entity.name.clone() }.apply(&mut self.schema);
        }
    }

    fn table(&mut self, entity: &Entity) {
        let (history, before) = (self.history, self.schema.clone());
        let mut done = entity.complete(&before, history.doubts(), history.settings());
        let is_known = history.schema().table(&entity.name).is_some();
        for finding in done.mistakes.drain(..).chain(done.pending.drain(..)) {
            // As where it is compared with the history.
            if !(is_known && rules::is_allowable(finding.rule)) {
                self.mistake(finding, entity.origin);
            }
        }
        let current = match entity.partial {
            true => &before,
            false => history.schema(),
        };
        let table = match current.table(&entity.name) {
            Some(found) => {
                let aligned = entity.align(&done, found, current);
                for sequence in current.owned_sequences(&entity.name, None) {
                    self.keep_sequence(&sequence, &aligned, current, &mut done.schema);
                }
                aligned
            }
            None => done.table.clone(),
        };
        self.schema = done.schema;
        self.schema.remove_table(&entity.name);
        self.schema.insert_table(entity.name.clone(), table);
    }

    /// A sequence stays where the column that it belongs to draws from it
    /// still; the one that the entity brought for the column goes.
    fn keep_sequence(
        &self,
        name: &crate::ident::ObjectName,
        table: &crate::schema::Table,
        current: &Schema,
        schema: &mut Schema,
    ) {
        let Some(sequence) = current.sequences.get(name) else { return };
        let Some(owner) = &sequence.owner else { return };
        let default =
            table.column(owner.column.as_str()).and_then(|column| column.default.as_ref());
        if default.is_some_and(|default| *default == crate::schema::nextval(name)) {
            for new in schema.owned_sequences(&owner.table, Some(&owner.column)) {
                schema.remove_sequence(&new);
            }
            schema.insert_sequence(name.clone(), sequence.clone());
        }
    }

    fn mistake(&mut self, mut finding: Diagnostic, origin: Origin) {
        finding.origin = finding.origin.or(origin);
        if !self.mistakes.contains(&finding) {
            self.mistakes.push(finding);
        }
    }
}
