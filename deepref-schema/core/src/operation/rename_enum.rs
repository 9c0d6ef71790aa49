use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::ident::{Ident, ObjectName};
use crate::schema::Schema;
use crate::statement::Statement;

/// `alter enum e rename to n`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameEnum {
    /// The enum type.
    pub name: ObjectName,
    /// Its new name.
    pub to: Ident,
}

impl Operate for RenameEnum {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let exists = check.enum_type(&self.name).is_some();
        let to = self.name.sibling(self.to.clone());
        if exists && check.free_type(&to) && check.not_hidden_type(&to) {
            return vec![self.clone().into()];
        }
        Vec::new()
    }

    fn apply(&self, schema: &mut Schema) {
        let to = self.name.sibling(self.to.clone());
        let Some(enum_type) = schema.enums.remove(&self.name) else { return };
        schema.enums.insert(to.clone(), enum_type);
        schema.rename_type(&self.name, &to);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let name = self.name.sibling(self.to.clone());
        Ok(vec![Self { name, to: self.name.name.clone() }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        let sql = format!("ALTER TYPE {} RENAME TO {}", self.name.sql(), self.to.sql());
        vec![Statement::new(self.describe(), sql)]
    }

    fn describe(&self) -> String {
        format!("alter enum {} rename to {}", self.name, self.to)
    }
}
