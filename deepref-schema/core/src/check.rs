//! Checks of an operation against the schema before it.
//!
//! Each look-up reports what it does not find, once, at the token of the name.

mod column;
mod common_type;
mod constraint;
mod constraint_names;
mod expression;
mod functions;
mod index;
mod lookup;
mod names;
mod operands;
mod parameters;
mod query;
mod retype;
mod types;

use crate::diagnostic::{Diagnostic, Report};
use crate::migration::Settings;
use crate::names::Taken;
use crate::origin::Origin;
use crate::schema::Schema;

pub use expression::Scope;
pub(crate) use functions::is_grammar_function;

/// What an operation is checked against.
#[derive(Debug)]
pub struct Check<'a> {
    /// The schema before the operation.
    pub schema: &'a Schema,
    /// Where findings go.
    pub report: &'a mut Report,
    /// What the history says about itself.
    pub settings: &'a Settings,
    /// Names that the operation itself has given out.
    pub taken: Taken,
    /// The first word of the statement, for findings without a better place.
    pub statement: Origin,
}

impl<'a> Check<'a> {
    /// Checks against this schema.
    pub fn new(
        schema: &'a Schema,
        report: &'a mut Report,
        settings: &'a Settings,
        statement: Origin,
    ) -> Self {
        Self { schema, report, settings, taken: Taken::default(), statement }
    }

    /// Reports a finding, at the statement where it has no place.
    pub fn report(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.origin = diagnostic.origin.or(self.statement);
        self.report.push(diagnostic);
    }

    /// Reports a finding about a name, once.
    fn report_once(&mut self, name: String, mut diagnostic: Diagnostic) {
        diagnostic.origin = diagnostic.origin.or(self.statement);
        self.report.push_once(name, diagnostic);
    }
}
