//! Seeds: the rows that a database begins with, checked against the schema
//! that a history ends in.
//!
//! A seed can be run any number of times. Each of its rows is found by a key
//! that the model proves to be unique, no value can be another one tomorrow,
//! and a row that is as declared is left alone.

mod check;
mod environment;
mod key;
mod order;
mod render;
mod value;

pub use check::Checked;
pub use environment::Environment;
pub use order::{Head, check_order, in_order};
pub use render::{Encrypted, Upserted};

use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::migration::snake_case;
use crate::origin::Origin;

/// A seed as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Its name, in PascalCase.
    pub name: Ident,
    /// What the author says about it.
    pub text: String,
    /// Where it is run.
    pub environments: Vec<Environment>,
    /// The seeds that must be there before it.
    pub after: Vec<Ident>,
    /// Its rows, by table.
    pub upserts: Vec<Upsert>,
}

/// `upsert t by (a) { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upsert {
    /// The table.
    pub table: ObjectName,
    /// The columns by which a row is found again.
    pub key: Vec<Ident>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// `{ a: 1, b: "x" }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The values, in the order they were written.
    pub values: Vec<Given>,
    /// The brace.
    pub origin: Origin,
}

/// `a: 1`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The column.
    pub column: Ident,
    /// What it holds.
    pub value: Value,
}

/// What a column of a row holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An expression.
    Plain(Expr),
    /// A text that is stored encrypted.
    Encrypted {
        /// The text.
        text: String,
        /// The word `encrypted`.
        origin: Origin,
    },
}

impl Seed {
    /// The stem of the file that it stands in: `DemoPlans` is `demo_plans`.
    pub fn file_stem(name: &str) -> String {
        snake_case(name)
    }

    /// What others need to know of it.
    pub fn head(&self) -> Head {
        Head {
            name: self.name.to_string(),
            environments: self.environments.clone(),
            after: self.after.iter().map(Ident::to_string).collect(),
        }
    }
}

impl Row {
    fn value(&self, column: &Ident) -> Option<&Value> {
        self.values.iter().find(|given| given.column == *column).map(|given| &given.value)
    }
}
