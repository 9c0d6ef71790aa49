//! What looks like a rename and may be none.

use super::{Planner, Question, Rename};
use crate::ident::{Ident, ObjectName};
use crate::schema::{EnumType, Table};

impl Planner<'_> {
    pub(super) fn ask_about_renames(&mut self) {
        let mut possible = self.tables();
        possible.extend(self.enums());
        possible.extend(self.sequences());
        for table in self.common_tables() {
            possible.extend(self.columns(&table));
        }
        for (name, now) in &self.now.enums {
            if let Some(to) = self.to.enums.get(name) {
                possible.extend(values(name, now, to));
            }
        }
        for rename in possible {
            if !self.answers.not_renamed.contains(&rename) {
                self.ask(Question::Rename(rename));
            }
        }
    }

    fn tables(&self) -> Vec<Rename> {
        let (now, to) = (&self.now.tables, &self.to.tables);
        let gone = now.iter().filter(|(name, _)| !to.contains_key(*name));
        let mut possible = Vec::new();
        for (from, old) in gone {
            let new = to.iter().filter(|(name, _)| !now.contains_key(*name));
            let mut alike: Vec<_> = new
                .filter(|(name, _)| name.schema == from.schema)
                .filter_map(|(name, table)| Some((alike(old, table)?, name)))
                .collect();
            alike.sort_by(|(a, _), (b, _)| b.cmp(a));
            possible.extend(
                alike
                    .into_iter()
                    .map(|(_, name)| Rename::Table { from: from.clone(), to: name.name.clone() }),
            );
        }
        possible
    }

    fn columns(&self, table: &ObjectName) -> Vec<Rename> {
        let (now, to) = (&self.now.tables[table], &self.to.tables[table]);
        let gone = now.columns.iter().filter(|column| to.column(column.name.as_str()).is_none());
        let mut possible = Vec::new();
        for old in gone.filter(|column| column.generated.is_none()) {
            let new = to.columns.iter().filter(|new| {
                now.column(new.name.as_str()).is_none()
                    && new.generated.is_none()
                    && new.ty == old.ty
            });
            possible.extend(new.map(|new| Rename::Column {
                table: table.clone(),
                from: old.name.clone(),
                to: new.name.clone(),
            }));
        }
        possible
    }

    fn enums(&self) -> Vec<Rename> {
        let (now, to) = (&self.now.enums, &self.to.enums);
        let gone = now.iter().filter(|(name, _)| !to.contains_key(*name));
        let mut possible = Vec::new();
        for (from, old) in gone {
            let new = to.iter().filter(|(name, new)| {
                !now.contains_key(*name) && name.schema == from.schema && new.values == old.values
            });
            possible.extend(
                new.map(|(name, _)| Rename::Enum { from: from.clone(), to: name.name.clone() }),
            );
        }
        possible
    }

    /// The sequences that no column owns: others come and go with their column.
    fn sequences(&self) -> Vec<Rename> {
        let (now, to) = (&self.now.sequences, &self.to.sequences);
        let gone = now.iter().filter(|(name, old)| old.owner.is_none() && !to.contains_key(*name));
        let mut possible = Vec::new();
        for (from, old) in gone {
            let new = to.iter().filter(|(name, new)| {
                !now.contains_key(*name)
                    && name.schema == from.schema
                    && new.owner.is_none()
                    && new.options() == old.options()
            });
            possible.extend(
                new.map(|(name, _)| Rename::Sequence { from: from.clone(), to: name.name.clone() }),
            );
        }
        possible
    }
}

/// How many columns two tables have in common, where that is at least half of
/// them.
fn alike(a: &Table, b: &Table) -> Option<usize> {
    let in_both = a
        .columns
        .iter()
        .filter(|column| b.column(column.name.as_str()).is_some_and(|other| other.ty == column.ty));
    let count = in_both.count();
    (count > 0 && count * 2 >= a.columns.len().max(b.columns.len())).then_some(count)
}

/// The values that went and came at the same place.
fn values(of: &ObjectName, now: &EnumType, to: &EnumType) -> Vec<Rename> {
    let runs = |own: &[Ident], other: &[Ident]| {
        let mut runs: Vec<(Option<Ident>, Vec<Ident>)> = vec![(None, Vec::new())];
        for value in own {
            if other.contains(value) {
                runs.push((Some(value.clone()), Vec::new()));
            } else if let Some((_, run)) = runs.last_mut() {
                run.push(value.clone());
            }
        }
        runs
    };
    let new = runs(&to.values, &now.values);
    let mut possible = Vec::new();
    for (after, gone) in runs(&now.values, &to.values) {
        let came = new.iter().find(|(other, _)| *other == after);
        for (from, to) in came.into_iter().flat_map(|(_, came)| gone.iter().zip(came)) {
            let (from, to) = (from.clone(), to.clone());
            possible.push(Rename::EnumValue { of: of.clone(), from, to });
        }
    }
    possible
}
