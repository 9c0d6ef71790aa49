//! A whole schema, as the operations that make it.

use super::{Schema, User};
use crate::ident::{DEFAULT_SCHEMA, ObjectName};
use crate::operation::{CreateEnum, CreateExtension, CreateSchema, Operation, TableItem};
use crate::statement::Statement;

impl Schema {
    /// The operations that make this schema in an empty database.
    pub fn operations(&self) -> Vec<Operation> {
        let mut operations: Vec<Operation> = Vec::new();
        let named = self.namespaces.keys().filter(|name| **name != DEFAULT_SCHEMA);
        operations.extend(named.map(|name| CreateSchema { name: name.clone() }.into()));
        operations.extend(self.extensions.iter().map(|(name, extension)| {
            CreateExtension { name: name.clone(), schema: Some(extension.schema.clone()) }.into()
        }));
        for (name, enum_type) in &self.enums {
            let create = CreateEnum { name: name.clone(), values: enum_type.values.clone() };
            operations.push(create.into());
            operations.extend(enum_type.restore_comment(name));
        }
        let early = self.sequences.keys().filter(|name| !self.is_of_its_owner_alone(name));
        let early: Vec<_> = early.cloned().collect();
        operations.extend(early.iter().flat_map(|name| self.create_sequence(name)));
        let restored = self.tables.keys().flat_map(|name| self.restore_table(name));
        let restored = restored.filter(|operation| {
            !matches!(operation, Operation::CreateSequence(create) if early.contains(&create.name))
        });
        let (foreign, rest): (Vec<_>, Vec<_>) = restored.map(without_foreign_keys).unzip();
        operations.extend(rest.into_iter().flatten());
        operations.extend(foreign.into_iter().flatten());
        let (comments, others): (Vec<_>, Vec<_>) = operations
            .into_iter()
            .partition(|operation| matches!(operation, Operation::Comment(_)));
        others.into_iter().chain(comments).collect()
    }

    /// Whether a sequence is owned by a column, and no other one draws from it.
    pub(crate) fn is_of_its_owner_alone(&self, name: &ObjectName) -> bool {
        let owner = self.sequences.get(name).and_then(|sequence| sequence.owner.as_ref());
        owner.is_some_and(|owner| {
            let own = User::Column(owner.table.clone(), owner.column.clone());
            self.users_of_sequence(name).iter().all(|user| *user == own)
        })
    }

    /// The statements that make this schema in an empty database.
    pub fn statements(&self) -> Vec<Statement> {
        let mut schema = Self::empty();
        let mut statements = Vec::new();
        for operation in self.operations() {
            statements.extend(operation.statements(&schema));
            operation.apply(&mut schema);
        }
        statements
    }

    /// The schema as plain DDL.
    pub fn sql(&self) -> String {
        self.statements().iter().map(|statement| format!("{};\n", statement.sql)).collect()
    }
}

/// Foreign keys come last, since tables may refer to each other in a circle.
fn without_foreign_keys(operation: Operation) -> (Vec<Operation>, Option<Operation>) {
    let mut create = match operation {
        Operation::CreateTable(create) => create,
        Operation::AddConstraint(add) if add.constraint.is_foreign_key() => {
            return (vec![add.into()], None);
        }
        other => return (Vec::new(), Some(other)),
    };
    let (foreign, items): (Vec<_>, Vec<_>) = create.items.into_iter().partition(
        |item| matches!(item, TableItem::Constraint(constraint) if constraint.is_foreign_key()),
    );
    create.items = items;
    let foreign = foreign.into_iter().filter_map(|item| item.added_to(&create.name)).collect();
    (foreign, Some(create.into()))
}
