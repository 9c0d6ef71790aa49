//! Random operations on a schema, for histories that nobody would write by hand.
//!
//! A step holds numbers alone; what it does is decided where it is taken, by the schema that is
//! there. So a history without one of its steps is a history as well, and can be shrunk.

mod choice;
mod columns;
mod constraints;
mod indexes;
mod names;
mod others;
mod tables;
mod values;

use deepref_schema_core::operation::Operation;
use deepref_schema_core::schema::Schema;
use proptest::prelude::*;

use choice::Choice;

/// The numbers of a step.
const NUMBERS: usize = 64;

/// One step of a history.
#[derive(Clone, Debug)]
pub struct Step {
    numbers: Vec<u16>,
}

/// Steps, grouped into migrations; both shrink by leaving out.
pub fn history() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let numbers = prop::collection::vec(any::<u16>(), NUMBERS).no_shrink();
    let step = numbers.prop_map(|numbers| Step { numbers });
    let migration = prop::collection::vec(step, 1..6);
    prop::collection::vec(migration, 2..8)
}

/// What makes operations of one kind; nothing where the schema has nothing to do them on.
type Kind = fn(&Schema, &mut Choice<'_>) -> Option<Vec<Operation>>;

impl Step {
    /// The operations, as an author may write them; none where the schema has nothing to do them
    /// on. The model may refuse them.
    pub fn operations(&self, schema: &Schema) -> Vec<Operation> {
        let mut choice = Choice::new(&self.numbers);
        let kinds: [(u32, Kind); 12] = [
            (10, tables::create),
            (5, tables::drop),
            (6, tables::rename),
            (12, columns::add),
            (8, columns::drop),
            (8, columns::rename),
            (22, columns::change),
            (20, constraints::change),
            (14, indexes::change),
            (16, others::enums),
            (8, others::sequences),
            (12, others::rest),
        ];
        let of = choice.weighted(&kinds);
        of(schema, &mut choice).unwrap_or_default()
    }
}
