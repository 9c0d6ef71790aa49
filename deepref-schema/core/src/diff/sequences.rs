//! Sequences, and the columns that own them.

use super::Planner;
use crate::ident::ObjectName;
use crate::operation::{AlterSequence, SequenceOption, changed_options};
use crate::origin::Origin;
use crate::schema::{Owner, Schema};

impl Planner<'_> {
    /// Takes sequences that stay, or that other columns draw from, from columns
    /// that go.
    pub(super) fn disown_sequences(&mut self) {
        let needed = self.now.sequences.iter().filter_map(|(name, sequence)| {
            let owner = sequence.owner.as_ref()?;
            let is_needed =
                self.to.sequences.contains_key(name) || !self.now.is_of_its_owner_alone(name);
            (is_needed && self.is_going(owner)).then(|| name.clone())
        });
        for name in needed.collect::<Vec<_>>() {
            let options = vec![SequenceOption::OwnedBy(None, Origin::NONE)];
            self.push(AlterSequence { name, options });
        }
    }

    fn is_going(&self, owner: &Owner) -> bool {
        !self.to.tables.contains_key(&owner.table)
            || self.going_columns(&owner.table).contains(&owner.column)
    }

    /// Makes the sequences that do not come with a column.
    pub(super) fn create_sequences(&mut self) {
        let missing = self.to.sequences.keys().filter(|name| {
            !self.now.sequences.contains_key(*name) && !self.comes_with_column(name)
        });
        let missing: Vec<_> = missing.cloned().collect();
        let to = self.to;
        self.extend(missing.iter().flat_map(|name| to.create_sequence(name)));
    }

    /// Whether a sequence is made together with the column that owns it, the
    /// only one that draws from it.
    fn comes_with_column(&self, name: &ObjectName) -> bool {
        let Some(owner) = &self.to.sequences[name].owner else { return false };
        let is_there = |schema: &Schema| {
            schema.table(&owner.table).is_some_and(|t| t.column(owner.column.as_str()).is_some())
        };
        !is_there(&self.now) && self.to.is_of_its_owner_alone(name)
    }

    /// Gives sequences the options and the owner that they are to have.
    pub(super) fn settle_sequences(&mut self) {
        let mut alters = Vec::new();
        for (name, wanted) in &self.to.sequences {
            let Some(now) = self.now.sequences.get(name) else { continue };
            let options = changed_options(now, wanted);
            if !options.is_empty() {
                alters.push(AlterSequence { name: name.clone(), options });
            }
        }
        alters.into_iter().for_each(|alter| self.push(alter));
    }
}
