//! What makes a schema together with functions that the model does not have.

use deepref_schema_core::operation::{Operation, Sql, SqlDown};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::Schema;

use super::Unmodelled;

impl Unmodelled {
    /// Whether it is a function that expressions can call.
    pub(crate) fn is_function(&self) -> bool {
        matches!(self.kind.as_str(), "function" | "window function")
    }
}

/// The operations that make a schema in an empty database, with functions
/// before the tables whose expressions call them.
pub(crate) fn operations<'a>(
    schema: &Schema,
    functions: impl Iterator<Item = &'a Unmodelled>,
) -> Vec<Operation> {
    let mut operations = schema.operations();
    let is_first = |operation: &Operation| {
        matches!(operation, Operation::CreateSequence(_) | Operation::CreateTable(_))
    };
    let at = operations.iter().position(is_first).unwrap_or(operations.len());
    let made = functions.map(|function| {
        let text = format!("DROP FUNCTION {}", function.name);
        let down = Some(SqlDown::Text { text, origin: Origin::NONE });
        let text = function.definition.trim_end().to_owned();
        Sql { text, down, origin: Origin::NONE }.into()
    });
    operations.splice(at..at, made.collect::<Vec<_>>());
    operations
}

/// The same as statements. The functions may be about tables that come later.
pub(super) fn statements(schema: &Schema, unmodelled: &[Unmodelled]) -> Vec<String> {
    let functions = unmodelled.iter().filter(|one| one.is_function());
    let mut before = Schema::empty();
    let mut statements = vec!["SET LOCAL check_function_bodies = off".to_owned()];
    for operation in operations(schema, functions) {
        statements.extend(operation.statements(&before).into_iter().map(|made| made.sql));
        operation.apply(&mut before);
    }
    statements
}
