//! The queries that read a catalog.

use deepref_schema_core::ident::{literal, quoted};

use super::objects;
use super::rows::Row;

const COMMON: &str = include_str!("sql/common.sql");

/// The queries, in the order of the fields of [`Answers`].
const QUERIES: [&str; 11] = [
    include_str!("sql/namespaces.sql"),
    include_str!("sql/extensions.sql"),
    include_str!("sql/enums.sql"),
    include_str!("sql/sequences.sql"),
    include_str!("sql/tables.sql"),
    include_str!("sql/types.sql"),
    include_str!("sql/columns.sql"),
    include_str!("sql/constraints.sql"),
    include_str!("sql/indexes.sql"),
    include_str!("sql/elements.sql"),
    include_str!("sql/unmodelled.sql"),
];

/// The tables of the runner, which are not part of the schema.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    /// The ledger, qualified and quoted.
    ledger: String,
    /// The table of steps in progress, qualified and quoted.
    progress: String,
}

impl Ledger {
    /// The tables of a ledger.
    pub(crate) fn of(ledger: crate::Ledger) -> Self {
        let table = |name: &str| format!("{}.{}", quoted(ledger.schema), quoted(name));
        Self { ledger: table(ledger.table), progress: table(&format!("{}_progress", ledger.table)) }
    }
}

/// The statements that read a catalog, each of which gives rows.
pub(crate) fn queries(ledger: &Ledger) -> Vec<String> {
    let common = common(ledger);
    QUERIES.iter().map(|query| format!("WITH\n{common}\n{query}")).collect()
}

/// The statements that read what the model does not have.
pub(super) fn objects_queries(ledger: &Ledger) -> Vec<String> {
    objects::queries(&common(ledger))
}

fn common(ledger: &Ledger) -> String {
    COMMON
        .replace(":ledger", &literal(&ledger.ledger))
        .replace(":progress", &literal(&ledger.progress))
}

/// What the server answered.
pub(crate) struct Answers {
    pub(crate) namespaces: Vec<Row>,
    pub(crate) extensions: Vec<Row>,
    pub(crate) enums: Vec<Row>,
    pub(crate) sequences: Vec<Row>,
    pub(crate) tables: Vec<Row>,
    pub(crate) types: Vec<Row>,
    pub(crate) columns: Vec<Row>,
    pub(crate) constraints: Vec<Row>,
    pub(crate) indexes: Vec<Row>,
    pub(crate) elements: Vec<Row>,
    pub(crate) unmodelled: Vec<Row>,
}

impl Answers {
    /// The answers, from the rows of each query by its number.
    pub(crate) fn of(mut rows: impl FnMut(usize) -> Vec<Row>) -> Self {
        Self {
            namespaces: rows(0),
            extensions: rows(1),
            enums: rows(2),
            sequences: rows(3),
            tables: rows(4),
            types: rows(5),
            columns: rows(6),
            constraints: rows(7),
            indexes: rows(8),
            elements: rows(9),
            unmodelled: rows(10),
        }
    }
}
