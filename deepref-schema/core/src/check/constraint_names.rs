//! The names of constraints that are written without one.

use super::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::operation::{ConstraintDefinition, ConstraintForm};

impl Check<'_> {
    /// Gives names to the constraints that have none, in the order in which
    /// PostgreSQL does: checks, then keys, then foreign keys.
    pub(crate) fn name_constraints(
        &mut self,
        table: &ObjectName,
        constraints: &mut [ConstraintDefinition],
    ) {
        for constraint in constraints.iter() {
            if let Some(name) = &constraint.name
                && self.free_constraint(table, name, constraint.form.brings_index_name(name))
            {
                self.take(table, name, constraint.form.has_index());
            }
        }
        self.taken.relation(table.clone());
        for stage in 0..4 {
            for constraint in constraints.iter_mut() {
                if constraint.name.is_none() && naming_stage(&constraint.form) == stage {
                    let name =
                        self.schema.constraint_name(table, &constraint.form, &self.taken).name;
                    self.take(table, &name, constraint.form.has_index());
                    constraint.name = Some(Ident::new(name.as_str(), constraint.origin));
                }
            }
        }
    }

    fn take(&mut self, table: &ObjectName, name: &Ident, has_index: bool) {
        let object = table.sibling(name.clone());
        let is_taken = has_index && (object == *table || self.taken.is_relation(&object));
        if is_taken && !self.taken.is_constraint_of(&object) {
            let message =
                format!("`{name}` exists already: the index of a constraint has its name");
            self.report(Diagnostic::new("already_exists", name.origin, message));
        }
        if self.taken.is_constraint_of(&object) {
            let message = format!("constraint `{name}` is given twice");
            self.report(Diagnostic::new("already_exists", name.origin, message));
        }
        self.taken.constraint(object.clone());
        if has_index {
            self.taken.relation(object);
        }
    }
}

fn naming_stage(form: &ConstraintForm) -> u8 {
    match form {
        ConstraintForm::Check(_) => 0,
        ConstraintForm::PrimaryKey(_) => 1,
        ConstraintForm::ForeignKey(_) => 3,
        _ => 2,
    }
}

impl ConstraintForm {
    /// Whether the constraint's name is also that of a new index. One that
    /// takes over an index of the same name has it already.
    fn brings_index_name(&self, name: &Ident) -> bool {
        match self {
            Self::PrimaryKeyUsingIndex(index) | Self::UniqueUsingIndex(index) => index != name,
            form => form.has_index(),
        }
    }
}
