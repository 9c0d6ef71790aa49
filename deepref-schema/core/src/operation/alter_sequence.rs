use std::sync::Arc;

use super::{Operate, Operation, Reversal, SequenceOption};
use crate::check::Check;
use crate::ident::ObjectName;
use crate::locks::LockMode;
use crate::origin::Origin;
use crate::schema::{Schema, Sequence};
use crate::sql::sequence_options_sql;
use crate::statement::Statement;

/// `alter sequence s …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterSequence {
    /// The sequence.
    pub name: ObjectName,
    /// What changes.
    pub options: Vec<SequenceOption>,
}

impl Operate for AlterSequence {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(before) = check.sequence(&self.name) else { return Vec::new() };
        let Some(options) = check.sequence_options(&self.name, Some(before), &self.options) else {
            return Vec::new();
        };
        vec![Self { name: self.name.clone(), options }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        if let Some(sequence) = schema.sequences.get_mut(&self.name) {
            *sequence = Arc::new(Sequence::with_options(Some(sequence), &self.options));
        }
    }

    /// States every option that changed. `restart` is a change of data that
    /// leaves nothing to undo in the schema.
    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(old) = before.sequences.get(&self.name) else { return Ok(Vec::new()) };
        let new = Sequence::with_options(Some(old), &self.options);
        let mut options = changed_options(&new, old);
        options.extend(self.restart_within(old));
        if options.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Self { name: self.name.clone(), options }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let options = sequence_options_sql(&self.options);
        let sql = format!("ALTER SEQUENCE {} {options}", self.name.sql());
        vec![
            Statement::new(self.describe(), sql)
                .locking(before.lock(&self.name, LockMode::ShareRowExclusive)),
        ]
    }

    fn describe(&self) -> String {
        format!("alter sequence {}", self.name)
    }
}

impl AlterSequence {
    /// A sequence that was set to a value that it could not have before has to
    /// leave it.
    fn restart_within(&self, old: &Sequence) -> Option<SequenceOption> {
        let outside = |option: &SequenceOption| match option {
            SequenceOption::Restart(Some(value), _) => !(old.min..=old.max).contains(value),
            _ => false,
        };
        let any = self.options.iter().any(outside);
        any.then_some(SequenceOption::Restart(Some(old.start), Origin::NONE))
    }
}

/// The options that differ, as the second sequence has them.
pub(crate) fn changed_options(from: &Sequence, to: &Sequence) -> Vec<SequenceOption> {
    let none = Origin::NONE;
    let all = [
        (from.ty != to.ty, SequenceOption::As(to.ty.clone())),
        (from.increment != to.increment, SequenceOption::Increment(to.increment, none)),
        (from.min != to.min || from.ty != to.ty, SequenceOption::Min(Some(to.min), none)),
        (from.max != to.max || from.ty != to.ty, SequenceOption::Max(Some(to.max), none)),
        (from.start != to.start, SequenceOption::Start(to.start, none)),
        (from.cache != to.cache, SequenceOption::Cache(to.cache, none)),
        (from.cycle != to.cycle, SequenceOption::Cycle(to.cycle, none)),
        (from.owner != to.owner, SequenceOption::OwnedBy(to.owner.clone(), none)),
    ];
    all.into_iter().filter(|(changed, _)| *changed).map(|(_, option)| option).collect()
}
