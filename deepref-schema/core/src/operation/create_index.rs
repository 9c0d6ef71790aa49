use crate::ident::{Ident, ObjectName};
use crate::origin::Origin;
use crate::schema::Index;

/// `create index i on t (…)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// The name; PostgreSQL's own where none is written.
    pub name: Option<Ident>,
    /// The table.
    pub table: ObjectName,
    /// The index.
    pub index: Index,
    /// Without blocking writes, outside of a transaction.
    pub concurrently: bool,
    /// The word `create`.
    pub origin: Origin,
}
