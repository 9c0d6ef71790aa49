//! What statements lock, and what they do while they hold the lock: what a
//! reviewer must know beside the SQL (manual chapter "Explicit Locking").
//!
//! A lock is held until the transaction ends. Only what was there before the
//! migration is told: nobody else can see a table that the same migration made.
//! Left out are locks weaker than SHARE UPDATE EXCLUSIVE on tables that a
//! statement only looks at: they conflict with nothing that an application does.

mod add_column;
mod advice;
mod blocking;
mod constraint;
mod mode;
mod retype;
mod work;

pub use mode::LockMode;
pub use work::Work;

pub(crate) use add_column::work_of_new_column;
pub(crate) use blocking::Transaction;
pub(crate) use constraint::{
    locks_of_new_constraint, locks_of_validation, locks_without, work_of_not_null,
};
pub(crate) use retype::locks_of_new_type;

use crate::ident::ObjectName;
use crate::schema::{RelationKind, Schema};

/// The lock of one relation that was there before the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The table, index or sequence, by its name before the statement.
    pub relation: ObjectName,
    /// How it is locked.
    pub mode: LockMode,
    /// What is done while it is locked.
    pub work: Work,
}

impl Schema {
    /// The lock of a relation for an instant; none where it is new.
    pub(crate) fn lock(&self, relation: &ObjectName, mode: LockMode) -> Vec<Lock> {
        self.lock_for(relation, mode, Work::Nothing)
    }

    /// The lock of a relation while something is done to it; none where the
    /// migration that is being applied made it.
    pub(crate) fn lock_for(&self, relation: &ObjectName, mode: LockMode, work: Work) -> Vec<Lock> {
        if self.is_new_relation(relation) {
            return Vec::new();
        }
        vec![Lock { relation: relation.clone(), mode, work }]
    }

    /// The lock of every `ALTER TABLE` for which the manual names no weaker one
    /// (manual chapter "ALTER TABLE").
    pub(crate) fn lock_to_alter(&self, table: &ObjectName, work: Work) -> Vec<Lock> {
        self.lock_for(table, LockMode::AccessExclusive, work)
    }

    /// What the model does not know was made by raw SQL, before or now: it is
    /// taken to be old.
    pub(crate) fn is_new_relation(&self, name: &ObjectName) -> bool {
        let Some(relation) = self.relation(name) else { return false };
        let table = relation.table.as_ref().and_then(|table| self.table(table));
        match relation.kind {
            RelationKind::Table => self.table(name).is_some_and(|table| table.is_new(self)),
            RelationKind::Sequence => {
                let sequence = self.sequences.get(name);
                sequence.is_some_and(|sequence| self.is_making(&sequence.made))
            }
            RelationKind::IdentitySequence => table.is_some_and(|table| table.is_new(self)),
            RelationKind::Index | RelationKind::ConstraintIndex => table.is_some_and(|table| {
                let index = table.indexes.get(&name.name).map(|index| &index.made);
                let key = table.constraints.get(&name.name).map(|constraint| &constraint.made);
                table.is_new(self) || index.or(key).is_some_and(|made| self.is_making(made))
            }),
        }
    }
}
