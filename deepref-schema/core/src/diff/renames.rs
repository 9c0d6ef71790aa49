//! Renames that were said, and those of constraints and indexes, which hold no
//! data: there, the same definition under another name is a rename.

use super::drops::keeps_identity;
use super::{Planner, Rename};
use crate::ident::{Ident, ObjectName};
use crate::map::Map;
use crate::operation::{
    RenameColumn, RenameConstraint, RenameEnum, RenameEnumValue, RenameIndex, RenameSequence,
    RenameTable,
};
use crate::schema::{Constraint, Identity, Index, RelationKind, Schema};

impl Planner<'_> {
    /// Does the renames that were said, and asks about those that look possible.
    pub(super) fn rename(&mut self) {
        for rename in self.answers.renamed.clone() {
            if let Rename::Enum { from, to } = &rename
                && self.now.relation(&from.sibling(to.clone())).is_none()
                && self.may_rename(
                    |schema| schema.enums.contains_key(from),
                    |schema| schema.enums.contains_key(&from.sibling(to.clone())),
                )
            {
                self.push(RenameEnum { name: from.clone(), to: to.clone() });
            }
        }
        for rename in self.answers.renamed.clone() {
            match &rename {
                Rename::Table { from, to } => {
                    let new = from.sibling(to.clone());
                    if self.may_rename(
                        |s| s.tables.contains_key(from),
                        |s| s.tables.contains_key(&new),
                    ) {
                        self.make_way(&new);
                        self.push(RenameTable { table: from.clone(), to: to.clone() });
                    }
                }
                Rename::Sequence { from, to } => {
                    let new = from.sibling(to.clone());
                    if self.may_rename(
                        |s| s.sequences.contains_key(from),
                        |s| s.sequences.contains_key(&new),
                    ) {
                        self.make_way(&new);
                        self.push(RenameSequence { name: from.clone(), to: to.clone() });
                    }
                }
                _ => {}
            }
        }
        self.rename_parts();
        let done = |rename: &Rename| self.is_done(rename);
        let renamed = self.answers.renamed.iter();
        self.plan.needless = renamed.filter(|rename| !done(rename)).cloned().collect();
        self.ask_about_renames();
        self.set_aside_enums();
        self.rename_constraints_and_indexes();
        self.rename_identity_sequences();
    }

    fn rename_parts(&mut self) {
        for rename in self.answers.renamed.clone() {
            match rename {
                Rename::Column { table, from, to } => {
                    let has = |schema: &Schema, column: &Ident| {
                        schema.table(&table).is_some_and(|t| t.column(column.as_str()).is_some())
                    };
                    if self.may_rename(|s| has(s, &from), |s| has(s, &to)) {
                        self.push(RenameColumn { table: table.clone(), column: from, to });
                    }
                }
                Rename::EnumValue { of, from, to } => {
                    let has = |schema: &Schema, value: &Ident| {
                        schema.enums.get(&of).is_some_and(|found| found.values.contains(value))
                    };
                    if self.may_rename(|s| has(s, &from), |s| has(s, &to)) {
                        self.push(RenameEnumValue { name: of.clone(), value: from, to });
                    }
                }
                _ => {}
            }
        }
    }

    /// Renames what has a name that a table or a sequence is to have: it can not
    /// keep it.
    fn make_way(&mut self, name: &ObjectName) {
        let to = self.name_aside(name);
        if self.now.enums.contains_key(name) {
            self.push(RenameEnum { name: name.clone(), to: to.clone() });
        }
        let Some(relation) = self.now.relation(name).cloned() else { return };
        match (relation.kind, relation.table) {
            (RelationKind::ConstraintIndex, Some(table)) => {
                self.push(RenameConstraint { table, name: name.name.clone(), to });
            }
            (RelationKind::Index, _) => self.push(RenameIndex { name: name.clone(), to }),
            (RelationKind::Sequence | RelationKind::IdentitySequence, _) => {
                self.push(RenameSequence { name: name.clone(), to });
            }
            _ => {}
        }
    }

    /// Whether something is there by its old name only, and is to be there by
    /// its new name only.
    fn may_rename(
        &self,
        has_old: impl Fn(&Schema) -> bool,
        has_new: impl Fn(&Schema) -> bool,
    ) -> bool {
        has_old(&self.now) && !has_old(self.to) && has_new(self.to) && !has_new(&self.now)
    }

    fn is_done(&self, rename: &Rename) -> bool {
        use crate::operation::Operation;
        self.plan.operations.iter().any(|operation| match (operation, rename) {
            (Operation::RenameTable(done), Rename::Table { from, to }) => {
                done.table == *from && done.to == *to
            }
            (Operation::RenameColumn(done), Rename::Column { table, from, to }) => {
                done.table == *table && done.column == *from && done.to == *to
            }
            (Operation::RenameEnum(done), Rename::Enum { from, to }) => {
                done.name == *from && done.to == *to
            }
            (Operation::RenameEnumValue(done), Rename::EnumValue { of, from, to }) => {
                done.name == *of && done.value == *from && done.to == *to
            }
            (Operation::RenameSequence(done), Rename::Sequence { from, to }) => {
                done.name == *from && done.to == *to
            }
            _ => false,
        })
    }

    fn rename_constraints_and_indexes(&mut self) {
        for table in self.common_tables() {
            let (now, to) = (&self.now.tables[&table], &self.to.tables[&table]);
            let constraints = pairs(&now.constraints, &to.constraints, same_constraint);
            let indexes = pairs(&now.indexes, &to.indexes, same_index);
            for (from, to) in constraints {
                if self.is_free(&table, &to) {
                    self.push(RenameConstraint { table: table.clone(), name: from, to });
                }
            }
            for (from, to) in indexes {
                if self.is_free(&table, &to) {
                    self.push(RenameIndex { name: table.sibling(from), to });
                }
            }
        }
    }

    /// The sequence of an identity column keeps its name when the table or the
    /// column is renamed.
    fn rename_identity_sequences(&mut self) {
        let mut renames = Vec::new();
        for table in self.common_tables() {
            for column in &self.now.tables[&table].columns {
                let wanted = self.to.tables[&table].column(column.name.as_str());
                let (Some(identity), Some(wanted)) = (&column.identity, wanted) else { continue };
                let Some(to) = wanted.identity.as_ref().map(|of| of.sequence_name.clone()) else {
                    continue;
                };
                let mut renamed = column.clone();
                renamed.identity = Some(Identity { sequence_name: to.clone(), ..identity.clone() });
                let same_schema = identity.sequence_name.schema == to.schema;
                if identity.sequence_name != to && same_schema && keeps_identity(&renamed, wanted) {
                    let name = identity.sequence_name.clone();
                    renames.push((RenameSequence { name, to: to.name.clone() }, to));
                }
            }
        }
        for (rename, to) in renames {
            if self.now.relation(&to).is_none() {
                self.push(rename);
            }
        }
    }

    /// Whether nothing has the name yet.
    fn is_free(&self, table: &ObjectName, name: &Ident) -> bool {
        let name = table.sibling(name.clone());
        self.now.relation(&name).is_none() && !self.now.has_constraint_named(&name)
    }
}

/// What is in only one of two maps, paired by being the same.
fn pairs<V: Clone>(
    now: &Map<Ident, V>,
    to: &Map<Ident, V>,
    same: impl Fn(&V, &V) -> bool,
) -> Vec<(Ident, Ident)> {
    let mut new: Vec<_> = to.iter().filter(|(name, _)| !now.contains_key(*name)).collect();
    let mut pairs = Vec::new();
    for (name, value) in now.iter().filter(|(name, _)| !to.contains_key(*name)) {
        if let Some(at) = new.iter().position(|(_, other)| same(value, other)) {
            pairs.push((name.clone(), new.remove(at).0.clone()));
        }
    }
    pairs
}

pub(super) fn same_constraint(a: &Constraint, b: &Constraint) -> bool {
    a.kind == b.kind && a.deferral == b.deferral && a.valid == b.valid
}

pub(super) fn same_index(a: &Index, b: &Index) -> bool {
    let plain = |index: &Index| Index { comment: None, ..index.clone() };
    plain(a) == plain(b)
}
