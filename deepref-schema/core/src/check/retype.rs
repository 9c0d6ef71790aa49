//! What stands on a column can lose its meaning when the column's type changes.

use super::{Check, Scope};
use crate::diagnostic::{Diagnostic, Report};
use crate::ident::{Ident, ObjectName};
use crate::origin::Origin;
use crate::schema::{ConstraintKind, Table, User};

impl Check<'_> {
    /// Reports the constraints and indexes that use a column and can not stay
    /// as it changes: checked against the table as it will be, they break a
    /// rule that they keep today.
    pub(crate) fn can_stay(
        &mut self,
        name: &ObjectName,
        (before, after): (&Table, &Table),
        column: &Ident,
        origin: Origin,
    ) {
        for user in users(name, before, column) {
            let known = self.problems_of(name, before, &user);
            let mut problems = self.problems_of(name, after, &user).into_iter();
            let Some(problem) = problems.find(|new| !known.contains(new)) else { continue };
            let message = format!("{user} can not stay: {problem}");
            let help = format!("drop {user} before it, and make it anew after it");
            self.report(Diagnostic::new("wrong_type", origin, message).help(help));
        }
    }

    /// What is wrong with a constraint or an index in a table.
    fn problems_of(&self, name: &ObjectName, table: &Table, user: &User) -> Vec<String> {
        let mut report: Report = self.report.without_findings();
        let mut check = Check::new(self.schema, &mut report, self.settings, self.statement);
        match user {
            User::Index(_, of) => {
                if let Some(index) = table.indexes.get(of) {
                    check.index_definition(name, table, index);
                }
            }
            User::Constraint(_, of) => {
                if let Some(constraint) = table.constraints.get(of) {
                    check.kind_in(name, table, &constraint.kind);
                }
            }
            User::Column(..) => {}
        }
        report.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    fn kind_in(&mut self, name: &ObjectName, table: &Table, kind: &ConstraintKind) {
        match kind {
            ConstraintKind::Check(expr) => {
                self.condition(expr, Scope::rows("a check", name, table));
            }
            ConstraintKind::Exclusion(exclusion) => {
                self.exclusion(name, table, exclusion);
            }
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                let btree = Ident::computed("btree");
                for column in &key.columns {
                    if let Some(of) = table.column(column.as_str()) {
                        self.default_operator_class(&btree, column, &of.ty);
                    }
                }
            }
            ConstraintKind::ForeignKey(_) => {}
        }
    }
}

/// The constraints and indexes of a table that use a column.
fn users(name: &ObjectName, table: &Table, column: &Ident) -> Vec<User> {
    let constraints = table.constraints.iter().filter(|(_, one)| one.kind.uses_column(column));
    let constraints = constraints.map(|(of, _)| User::Constraint(name.clone(), of.clone()));
    let indexes = table.indexes.iter().filter(|(_, index)| index.uses_column(column));
    constraints.chain(indexes.map(|(of, _)| User::Index(name.clone(), of.clone()))).collect()
}
