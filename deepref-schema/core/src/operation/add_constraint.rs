use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::origin::Origin;
use crate::schema::{Deferral, Exclusion, ForeignKey, Key};

/// `alter table t add …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub constraint: ConstraintDefinition,
    /// `concurrently`: without blocking for longer than an instant.
    pub concurrently: bool,
}

/// A constraint as written, in a table or after `add`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintDefinition {
    /// The name; PostgreSQL's own where none is written.
    pub name: Option<Ident>,
    /// What it demands.
    pub form: ConstraintForm,
    /// When it is checked.
    pub deferral: Deferral,
    /// `not valid`: rows that are there are not checked.
    pub not_valid: bool,
    /// The comment; the language writes it by `comment on`.
    pub comment: Option<String>,
    /// The first word of the constraint.
    pub origin: Origin,
}

/// What a constraint demands, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintForm {
    /// `primary key (…)`
    PrimaryKey(Key),
    /// `primary key using index i`
    PrimaryKeyUsingIndex(Ident),
    /// `unique (…)`
    Unique(Key),
    /// `unique using index i`
    UniqueUsingIndex(Ident),
    /// `check (…)`
    Check(Expr),
    /// `foreign key (…) references …`
    ForeignKey(ForeignKey),
    /// `exclude (…)`
    Exclusion(Exclusion),
}
