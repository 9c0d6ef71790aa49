//! New tables.

use super::Planner;
use super::order::ordered;
use crate::ident::ObjectName;
use crate::operation::{ConstraintForm, CreateTable, Operation, TableItem};
use crate::schema::Schema;

impl Planner<'_> {
    /// Makes the tables that are missing, each after those it refers to; where
    /// they refer to each other, foreign keys come later.
    pub(super) fn create_tables(&mut self) {
        let to = self.to;
        let missing = to.tables.keys().filter(|name| !self.now.tables.contains_key(*name));
        for name in ordered(missing.cloned().collect(), |name| needs(to, name)) {
            for operation in to.restore_table(&name) {
                if let Some(operation) = self.possible(operation) {
                    self.push(operation);
                }
            }
        }
    }

    /// What of an operation can be done now. Comments, and foreign keys to what
    /// is not there yet, come later.
    fn possible(&self, operation: Operation) -> Option<Operation> {
        match operation {
            Operation::Comment(_) => None,
            Operation::CreateSequence(create) if self.now.sequences.contains_key(&create.name) => {
                None
            }
            Operation::AddConstraint(add) if add.constraint.is_foreign_key() => None,
            Operation::CreateIndex(mut create) => {
                create.index.comment = None;
                Some(create.into())
            }
            Operation::CreateTable(mut create) => {
                let own = without_foreign_keys(&create);
                let mut after = self.now.clone();
                Operation::from(own).apply(&mut after);
                create.items.retain(|item| match item {
                    TableItem::Column(_) => true,
                    TableItem::Constraint(constraint) => match &constraint.form {
                        ConstraintForm::ForeignKey(foreign) => after
                            .table(&foreign.table)
                            .is_some_and(|table| table.is_unique(&foreign.referenced)),
                        _ => true,
                    },
                });
                Some(create.into())
            }
            other => Some(other),
        }
    }
}

fn without_foreign_keys(create: &CreateTable) -> CreateTable {
    let mut create = create.clone();
    create.items.retain(
        |item| !matches!(item, TableItem::Constraint(constraint) if constraint.is_foreign_key()),
    );
    create
}

/// The tables that another one refers to, draws numbers from, or holds rows of.
fn needs(to: &Schema, name: &ObjectName) -> Vec<ObjectName> {
    let Some(table) = to.table(name) else { return Vec::new() };
    let foreign = table.constraints.values().filter_map(|one| one.kind.foreign_key());
    let mut needs: Vec<_> = foreign.map(|foreign| foreign.table.clone()).collect();
    for (sequence, of) in &to.sequences {
        let draws = || {
            let mut defaults = table.columns.iter().filter_map(|column| column.default.as_ref());
            defaults.any(|default| crate::schema::draws_from(default, sequence))
        };
        if let Some(owner) = of.owner.as_ref().filter(|owner| owner.table != *name && draws()) {
            needs.push(owner.table.clone());
        }
    }
    let rows = table.columns.iter().filter(|column| column.ty.schema.is_some());
    needs.extend(rows.filter_map(|column| {
        let ty = ObjectName::qualified(column.ty.schema.clone()?, column.ty.name.clone());
        to.tables.contains_key(&ty).then_some(ty)
    }));
    needs
}
