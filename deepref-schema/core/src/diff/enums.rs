//! Enum types, and the order of their values.

use super::Planner;
use crate::ident::{Ident, ObjectName};
use crate::names::clipped;
use crate::operation::{AddEnumValue, CreateEnum, DropEnumValue, RenameEnum, ValuePosition};
use crate::schema::EnumType;

impl Planner<'_> {
    /// PostgreSQL can not move a value. An enum whose values change their order
    /// steps aside, so that a new one can take its name and its columns; one
    /// whose name a relation takes does so as well, as it goes last.
    pub(super) fn set_aside_enums(&mut self) {
        let aside = self.now.enums.iter().filter(|(name, now)| match self.to.enums.get(*name) {
            Some(to) => is_reordered(now, to),
            None => self.to.relation(name).is_some(),
        });
        for name in aside.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            let to = self.name_aside(&name);
            self.push(RenameEnum { name, to });
        }
    }

    /// A free name for what steps aside.
    pub(super) fn name_aside(&self, name: &ObjectName) -> Ident {
        let base = clipped(name.name.as_str(), 58);
        let mut numbered =
            (1..).map(|n| if n == 1 { format!("{base}_old") } else { format!("{base}_old{n}") });
        let is_free = |candidate: &String| {
            let object = name.sibling(Ident::computed(candidate.as_str()));
            [&self.now, self.to].iter().all(|schema| {
                !schema.enums.contains_key(&object) && schema.relation(&object).is_none()
            })
        };
        Ident::computed(numbered.find(is_free).unwrap_or_default())
    }

    /// Makes the enums and values that are missing.
    pub(super) fn create_enums(&mut self) {
        for (name, to) in &self.to.enums {
            match self.now.enums.get(name) {
                None => self.push(CreateEnum { name: name.clone(), values: to.values.clone() }),
                Some(now) => self.extend(
                    missing_values(name, now, to).into_iter().map(Into::into).collect::<Vec<_>>(),
                ),
            }
        }
    }

    /// Drops the values that nothing uses any more.
    pub(super) fn drop_enum_values(&mut self) {
        let mut drops = Vec::new();
        for (name, now) in &self.now.enums {
            let Some(to) = self.to.enums.get(name) else { continue };
            let gone = now.values.iter().filter(|value| !to.values.contains(value));
            drops.extend(
                gone.map(|value| DropEnumValue { name: name.clone(), value: value.clone() }),
            );
        }
        drops.into_iter().for_each(|drop| self.push(drop));
    }
}

fn is_reordered(now: &EnumType, to: &EnumType) -> bool {
    let kept = now.values.iter().filter(|value| to.values.contains(value));
    let wanted = to.values.iter().filter(|value| now.values.contains(value));
    !kept.eq(wanted)
}

/// What adds the values that are missing, each at its place.
fn missing_values(name: &ObjectName, now: &EnumType, to: &EnumType) -> Vec<AddEnumValue> {
    let mut there = now.values.clone();
    let mut adds = Vec::new();
    for (at, value) in to.values.iter().enumerate() {
        if there.contains(value) {
            continue;
        }
        let previous = at.checked_sub(1).map(|before| &to.values[before]);
        let index = match previous {
            Some(previous) => there.iter().position(|v| v == previous).map_or(0, |at| at + 1),
            None => 0,
        };
        let position = match (previous, there.get(index)) {
            (_, None) => ValuePosition::Last,
            (Some(previous), Some(_)) => ValuePosition::After(previous.clone()),
            (None, Some(next)) => ValuePosition::Before(next.clone()),
        };
        there.insert(index, value.clone());
        adds.push(AddEnumValue { name: name.clone(), value: value.clone(), position });
    }
    adds
}
