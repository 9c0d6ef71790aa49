use super::{Comment, CommentSubject, CreateEnum, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::schema::Schema;
use crate::statement::Statement;

/// `drop enum e`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropEnum {
    /// The enum type.
    pub name: ObjectName,
}

impl Operate for DropEnum {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        if check.enum_type(&self.name).is_none() {
            return Vec::new();
        }
        if let Some(user) = check.schema.users_of_type(&self.name).first() {
            let message = format!("enum `{}` is still used by {user}", self.name);
            let diagnostic = Diagnostic::new("still_used", self.name.origin(), message);
            check.report(
                diagnostic.help("change or drop what uses it in statements before this one"),
            );
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.enums.remove(&self.name);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(dropped) = before.enums.get(&self.name) else { return Ok(Vec::new()) };
        let name = self.name.clone();
        let create = CreateEnum { name: name.clone(), values: dropped.values.clone() };
        let comment = dropped
            .comment
            .clone()
            .map(|text| Comment::new(CommentSubject::Enum(name), Some(text)));
        Ok([create.into()].into_iter().chain(comment.map(Operation::from)).collect())
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        vec![Statement::new(self.describe(), format!("DROP TYPE {}", self.name.sql()))]
    }

    fn describe(&self) -> String {
        format!("drop enum {}", self.name)
    }
}
