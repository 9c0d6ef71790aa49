//! Constraints and indexes that are missing or not yet valid.

use super::Planner;
use crate::operation::{
    AddConstraint, ConstraintDefinition, CreateIndex, Operation, ValidateConstraint,
};
use crate::schema::Index;

impl Planner<'_> {
    /// Adds keys and checks, then indexes, then what refers to them.
    pub(super) fn add_constraints(&mut self) {
        self.add_missing(false);
        self.add_indexes();
        self.add_missing(true);
        self.validate();
    }

    fn add_missing(&mut self, foreign: bool) {
        let mut adds = Vec::new();
        for table in self.common_tables() {
            let (now, to) = (&self.now.tables[&table], &self.to.tables[&table]);
            let missing = to.constraints.iter().filter(|(name, constraint)| {
                !now.constraints.contains_key(*name)
                    && constraint.kind.foreign_key().is_some() == foreign
            });
            adds.extend(missing.map(|(name, constraint)| {
                let definition = ConstraintDefinition::of(name, constraint);
                (definition.form.rank(), AddConstraint::plain(table.clone(), definition))
            }));
        }
        adds.sort_by(|(a, x), (b, y)| x.table.cmp(&y.table).then(a.cmp(b)));
        adds.into_iter().for_each(|(_, add)| self.push(add));
    }

    fn add_indexes(&mut self) {
        let mut creates = Vec::new();
        for table in self.common_tables() {
            let (now, to) = (&self.now.tables[&table], &self.to.tables[&table]);
            let missing = to.indexes.iter().filter(|(name, _)| !now.indexes.contains_key(*name));
            creates.extend(missing.map(|(name, index)| {
                let plain = Index { comment: None, ..index.clone() };
                Operation::from(CreateIndex::plain(name.clone(), table.clone(), plain))
            }));
        }
        self.extend(creates);
    }

    fn validate(&mut self) {
        let mut validates = Vec::new();
        for table in self.common_tables() {
            let (now, to) = (&self.now.tables[&table], &self.to.tables[&table]);
            for (name, wanted) in &to.constraints {
                let there = now.constraints.get(name);
                if wanted.valid && there.is_some_and(|there| !there.valid) {
                    validates.push(ValidateConstraint { table: table.clone(), name: name.clone() });
                }
            }
        }
        validates.into_iter().for_each(|validate| self.push(validate));
    }
}
