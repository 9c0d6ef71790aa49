use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::locks::locks_without;
use crate::schema::{Schema, User};
use crate::statement::Statement;

/// `drop table t`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTable {
    /// The table.
    pub name: ObjectName,
}

impl Operate for DropTable {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        if check.table(&self.name).is_none() {
            return Vec::new();
        }
        let Some(user) = check.schema.user_of_table(&self.name) else {
            return vec![self.clone().into()];
        };
        let message = format!("table `{}` is still used by {user}", self.name);
        let mut diagnostic = Diagnostic::new("still_used", self.name.origin(), message);
        diagnostic.help = Some(match &user {
            User::Constraint(table, name) => {
                format!("write `alter table {table} drop constraint {name};` before it")
            }
            user => format!("change or drop {user} before it"),
        });
        check.report(diagnostic);
        Vec::new()
    }

    fn apply(&self, schema: &mut Schema) {
        for sequence in schema.owned_sequences(&self.name, None) {
            schema.remove_sequence(&sequence);
        }
        schema.remove_table(&self.name);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        Ok(before.restore_table(&self.name))
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql = format!("DROP TABLE {}", self.name.sql());
        let locks = locks_without(before, &self.name, |_, _| true);
        vec![Statement::new(self.describe(), sql).locking(locks)]
    }

    fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        if before.table(&self.name).is_none_or(|table| table.is_new(before)) {
            return Vec::new();
        }
        let message = format!("all rows of `{}` are lost", self.name);
        vec![data_loss(message, self.name.origin(), "drop table …")]
    }

    fn describe(&self) -> String {
        format!("drop table {}", self.name)
    }
}

/// The finding that data goes.
pub(super) fn data_loss(message: String, origin: crate::origin::Origin, what: &str) -> Diagnostic {
    let help =
        format!("where that is meant, write `#[allow(data_loss, reason = \"…\")]` before `{what}`");
    Diagnostic::new("data_loss", origin, message).help(help)
}

impl Schema {
    /// What would be left without something it needs: a foreign key of
    /// another table, or a default that draws from a sequence of this one.
    fn user_of_table(&self, name: &ObjectName) -> Option<User> {
        if let Some((table, constraint, _)) = self.inbound_foreign_keys(name).first() {
            return Some(User::Constraint((*table).clone(), (*constraint).clone()));
        }
        let own = |user: &User| user.table() == name;
        let owned = self.owned_sequences(name, None);
        let users = owned.iter().flat_map(|sequence| self.users_of_sequence(sequence));
        let columns = self.columns_of_type(name).into_iter();
        let columns =
            columns.map(|(table, column)| User::Column(table.clone(), column.name.clone()));
        users.chain(columns).find(|user| !own(user))
    }
}
