//! What makes a schema, as statements.

use deepref_schema_core::schema::Schema;

use super::objects::Objects;

/// The body of a function may name what is made after it, as in a dump.
pub(crate) const UNCHECKED: &str = "SET LOCAL check_function_bodies = off";

/// How much of what the model does not have is made with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What the schema needs: types of columns, functions in expressions.
    Needed,
    /// All of it.
    All,
}

/// The statements that make a schema and objects in an empty database. The
/// functions may be about tables that come later.
pub(super) fn statements(schema: &Schema, objects: &Objects, extent: Extent) -> Vec<String> {
    let woven = match extent {
        Extent::Needed => objects.woven_as_needed(schema),
        Extent::All => objects.woven(schema),
    };
    let mut before = Schema::empty();
    let mut statements = vec![UNCHECKED.to_owned()];
    for operation in woven.operations() {
        statements.extend(operation.statements(&before).into_iter().map(|made| made.sql));
        operation.apply(&mut before);
    }
    statements
}
