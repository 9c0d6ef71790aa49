use super::drop_table::data_loss;
use super::{AlterSequence, CreateSequence, Operate, Operation, Reversal, SequenceOption};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::locks::LockMode;
use crate::origin::Origin;
use crate::schema::Schema;
use crate::statement::Statement;

/// `drop sequence s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropSequence {
    /// The sequence.
    pub name: ObjectName,
}

impl Operate for DropSequence {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        if check.sequence(&self.name).is_none() {
            return Vec::new();
        }
        if let Some(user) = check.schema.users_of_sequence(&self.name).first() {
            let message = format!("sequence `{}` is still used by {user}", self.name);
            let diagnostic = Diagnostic::new("still_used", self.name.origin(), message);
            check.report(diagnostic.help("drop the default in a statement before this one"));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.remove_sequence(&self.name);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let mut operations = before.create_sequence(&self.name);
        operations.extend(before.own_sequence(&self.name));
        Ok(operations)
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = format!("DROP SEQUENCE {}", self.name.sql());
        let locks = before.lock(&self.name, LockMode::AccessExclusive);
        vec![Statement::new(self.describe(), sql).locking(locks)]
    }

    fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        let Some(sequence) = before.sequences.get(&self.name) else { return Vec::new() };
        if before.is_making(&sequence.made) {
            return Vec::new();
        }
        let message = format!("how far `{}` has counted is lost", self.name);
        vec![data_loss(message, self.name.origin(), "drop sequence …")]
    }

    fn describe(&self) -> String {
        format!("drop sequence {}", self.name)
    }
}

impl Schema {
    /// The operations that make a sequence as it is here, but for its owner.
    pub(crate) fn create_sequence(&self, name: &ObjectName) -> Vec<Operation> {
        let Some(sequence) = self.sequences.get(name) else { return Vec::new() };
        vec![CreateSequence { name: name.clone(), options: sequence.options() }.into()]
    }

    /// The operation that gives a sequence the owner it has here.
    pub(crate) fn own_sequence(&self, name: &ObjectName) -> Option<Operation> {
        let owner = self.sequences.get(name)?.owner.clone()?;
        let options = vec![SequenceOption::OwnedBy(Some(owner), Origin::NONE)];
        Some(AlterSequence { name: name.clone(), options }.into())
    }
}
