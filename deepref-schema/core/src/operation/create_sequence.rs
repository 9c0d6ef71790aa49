use crate::ident::ObjectName;
use crate::origin::Origin;
use crate::schema::Owner;
use crate::types::Type;

/// `create sequence s …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSequence {
    /// The sequence.
    pub name: ObjectName,
    /// Its options; what is left out has PostgreSQL's default.
    pub options: Vec<SequenceOption>,
}

/// One option of a sequence, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceOption {
    /// `as bigint`
    As(Type),
    /// `increment 1`
    Increment(i64, Origin),
    /// `minvalue 1`; `None` is `no minvalue`
    Min(Option<i64>, Origin),
    /// `maxvalue 9`; `None` is `no maxvalue`
    Max(Option<i64>, Origin),
    /// `start 1`
    Start(i64, Origin),
    /// `restart`, `restart 1`: only in `alter sequence`
    Restart(Option<i64>, Origin),
    /// `cache 1`
    Cache(i64, Origin),
    /// `cycle`, `no cycle`
    Cycle(bool, Origin),
    /// `owned by t.c`; `None` is `owned by none`
    OwnedBy(Option<Owner>, Origin),
}
