//! The queries that read a catalog.

use deepref_schema_core::ident::{literal, quoted};

use super::objects;
use super::rows::Row;

const COMMON: &str = include_str!("sql/common.sql");

/// Plain readings of system catalogs, which are cheap. They bring more than what belongs to the
/// user; what they refer to by its number is looked up here and not by the server.
const ALL: [&str; 9] = [
    include_str!("sql/extensions.sql"),
    include_str!("sql/comments.sql"),
    include_str!("sql/types.sql"),
    include_str!("sql/collations.sql"),
    include_str!("sql/operator_classes.sql"),
    include_str!("sql/columns.sql"),
    include_str!("sql/constraints.sql"),
    include_str!("sql/indexes.sql"),
    include_str!("sql/expressions.sql"),
];

/// What belongs to the user: queries that come after the part that they share.
const OWN: [&str; 5] = [
    include_str!("sql/namespaces.sql"),
    include_str!("sql/tables.sql"),
    include_str!("sql/enums.sql"),
    include_str!("sql/sequences.sql"),
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
    let all = ALL.iter().map(|query| (*query).to_owned());
    all.chain(OWN.iter().map(|query| after(&common, query))).collect()
}

/// A query after the part that it shares with others; one that begins with a comma has more parts
/// of its own.
pub(super) fn after(common: &str, query: &str) -> String {
    let lines = query.split_inclusive('\n').take_while(|line| line.starts_with("--"));
    let (comments, rest) = query.split_at(lines.map(str::len).sum());
    match rest.strip_prefix(',') {
        Some(more) => format!("WITH\n{common},\n{comments}{more}"),
        None => format!("WITH\n{common}\n{query}"),
    }
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

/// What the server answered, in the order of the queries.
pub(crate) struct Answers {
    pub(crate) extensions: Vec<Row>,
    pub(crate) comments: Vec<Row>,
    pub(crate) types: Vec<Row>,
    pub(crate) collations: Vec<Row>,
    pub(crate) operator_classes: Vec<Row>,
    pub(crate) columns: Vec<Row>,
    pub(crate) constraints: Vec<Row>,
    pub(crate) indexes: Vec<Row>,
    pub(crate) expressions: Vec<Row>,
    pub(crate) namespaces: Vec<Row>,
    pub(crate) tables: Vec<Row>,
    pub(crate) enums: Vec<Row>,
    pub(crate) sequences: Vec<Row>,
    pub(crate) unmodelled: Vec<Row>,
}

impl Answers {
    /// The answers, from the rows of each query by its number.
    pub(crate) fn of(mut rows: impl FnMut(usize) -> Vec<Row>) -> Self {
        Self {
            extensions: rows(0),
            comments: rows(1),
            types: rows(2),
            collations: rows(3),
            operator_classes: rows(4),
            columns: rows(5),
            constraints: rows(6),
            indexes: rows(7),
            expressions: rows(8),
            namespaces: rows(9),
            tables: rows(10),
            enums: rows(11),
            sequences: rows(12),
            unmodelled: rows(13),
        }
    }
}
