//! Two schemas, and the operations that lead from one to the other.
//!
//! The plan is made on a copy of the schema: each operation is applied to it
//! before the next one is chosen, so that what fell with an object is seen to
//! be missing and is made again. What depends goes first, what is depended upon
//! comes first.

mod columns;
mod comments;
mod constraints;
mod drops;
mod enums;
mod foundation;
mod neutral;
mod order;
mod questions;
mod renames;
mod sequences;
mod tables;

use std::sync::Arc;

use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::operation::Operation;
use crate::schema::{Made, Schema, differences};
use crate::types::Type;

/// What leads from one schema to another.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The operations, complete and in order.
    pub operations: Vec<Operation>,
    /// What a person has to decide. The operations take every rename as a drop
    /// and a new object, until it is answered.
    pub questions: Vec<Question>,
    /// Answers that fit no question.
    pub needless: Vec<Rename>,
    /// What still differs afterwards, because no operation changes it.
    pub rest: Vec<String>,
}

/// Something that two schemas alone do not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Was it renamed? Without an answer its data is dropped.
    Rename(Rename),
    /// Which value do rows that are there get in a new column that is NOT NULL
    /// and has no default?
    Fill {
        /// The table, by its new name.
        table: ObjectName,
        /// The column.
        column: Ident,
        /// Its type.
        ty: Type,
    },
    /// Which value do rows get where a revert brings back a dropped column that
    /// is NOT NULL and has no default?
    Restore {
        /// The table, by its new name.
        table: ObjectName,
        /// The column.
        column: Ident,
        /// Its type.
        ty: Type,
    },
}

/// A rename, possible or said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rename {
    /// A table.
    Table {
        /// Its old name.
        from: ObjectName,
        /// Its new name.
        to: Ident,
    },
    /// A column of a table.
    Column {
        /// The table, by its new name.
        table: ObjectName,
        /// Its old name.
        from: Ident,
        /// Its new name.
        to: Ident,
    },
    /// An enum type.
    Enum {
        /// Its old name.
        from: ObjectName,
        /// Its new name.
        to: Ident,
    },
    /// A value of an enum type.
    EnumValue {
        /// The enum, by its new name.
        of: ObjectName,
        /// Its old name.
        from: Ident,
        /// Its new name.
        to: Ident,
    },
    /// A sequence that stands alone.
    Sequence {
        /// Its old name.
        from: ObjectName,
        /// Its new name.
        to: Ident,
    },
}

/// What a person has said.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// What was renamed.
    pub renamed: Vec<Rename>,
    /// What looks like a rename and is none.
    pub not_renamed: Vec<Rename>,
    /// The values that old rows get in new columns.
    pub fills: Vec<Value>,
    /// The values that rows get where a revert brings back a dropped column.
    pub restores: Vec<Value>,
}

/// A value for a column.
#[derive(Clone, Debug)]
pub struct Value {
    /// The table, by its new name.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// The value, from the row.
    pub value: Expr,
}

/// The operations that lead from one schema to another.
pub fn diff(from: &Schema, to: &Schema, answers: &Answers) -> Plan {
    let mut now = from.clone();
    now.now = Made::by(&Arc::from("diff"));
    let mut planner = Planner { now, to, answers, plan: Plan::default() };
    if from != to {
        planner.rename();
        planner.drop();
        planner.found();
        planner.change_columns();
        planner.create_tables();
        planner.add_columns();
        planner.add_constraints();
        planner.settle_sequences();
        planner.drop_foundation();
        planner.comment();
        planner.plan.rest = differences(to, &planner.now);
    }
    planner.plan
}

struct Planner<'a> {
    /// The schema after the operations so far.
    now: Schema,
    to: &'a Schema,
    answers: &'a Answers,
    plan: Plan,
}

impl Planner<'_> {
    fn push(&mut self, operation: impl Into<Operation>) {
        let operation = operation.into();
        operation.apply(&mut self.now);
        self.plan.operations.push(operation);
    }

    fn extend(&mut self, operations: impl IntoIterator<Item = Operation>) {
        operations.into_iter().for_each(|operation| self.push(operation));
    }

    fn ask(&mut self, question: Question) {
        if !self.plan.questions.contains(&question) {
            self.plan.questions.push(question);
        }
    }

    /// The tables that are in both schemas.
    fn common_tables(&self) -> Vec<ObjectName> {
        let names = self.now.tables.keys();
        names.filter(|name| self.to.tables.contains_key(*name)).cloned().collect()
    }
}

/// The value that was said for a column.
fn value_of(values: &[Value], table: &ObjectName, column: &Ident) -> Option<Expr> {
    let said = values.iter().find(|value| value.table == *table && value.column == *column)?;
    Some(said.value.clone())
}
