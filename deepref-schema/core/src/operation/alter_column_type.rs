use super::drop_table::data_loss;
use super::{Operate, Operation, Reversal};
use crate::check::{Check, Scope};
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::known;
use crate::locks::{Work, locks_of_new_type};
use crate::schema::{Column, Dependant, Schema, Sequence, Table};
use crate::sql::{collation_sql, default_sql};
use crate::statement::Statement;
use crate::types::Type;

/// `alter table t alter column c type …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterColumnType {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: Ident,
    /// The new type.
    pub ty: Type,
    /// The new collation; without one, the type's.
    pub collation: Option<ObjectName>,
    /// `using …`: the new value from the old row.
    pub using: Option<Expr>,
    /// `revert using …`: the old value from the new row.
    pub revert_using: Option<Expr>,
}

impl Operate for AlterColumnType {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(table) = check.table(&self.table) else { return Vec::new() };
        let Some(column) = check.column_of(&self.table, table, &self.column) else {
            return Vec::new();
        };
        let known = check.report.diagnostics.len();
        let ty = check.ty(&self.ty);
        let collation = self.collation.as_ref().map(|collation| check.collation(collation));
        check.collatable(&ty, collation.as_ref());
        if check.report.diagnostics.len() > known {
            return Vec::new();
        }
        if self.blocked(check, table, column, &ty) {
            return Vec::new();
        }
        let scope = Scope::rows("`using`", &self.table, table);
        let using = self.using.as_ref().map(|expr| check.expression(expr, scope));
        let after = self.retyped(table, &ty, collation.as_ref());
        let scope = Scope::rows("`revert using`", &self.table, &after);
        let revert_using = self.revert_using.as_ref().map(|expr| check.expression(expr, scope));
        match &using {
            None => self.castable(check, column, &ty),
            Some(using) => check.assignable(&ty, using, "value", Some(table)),
        }
        if let Some(back) = &revert_using {
            check.assignable(&column.ty, back, "value", Some(&after));
        }
        if let Some(default) = &column.default {
            check.assignable_default((&column.ty, &ty), default, self.ty.origin());
        }
        check.can_stay(&self.table, (table, &after), &self.column, self.ty.origin());
        vec![Self { ty, collation, using, revert_using, ..self.clone() }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        schema.change_table(&self.table, |table| {
            if let Some(column) = table.column_mut(self.column.as_str()) {
                column.ty = self.ty.clone();
                column.collation.clone_from(&self.collation);
                if let Some(identity) = &mut column.identity {
                    let own = [super::SequenceOption::As(self.ty.clone())];
                    identity.sequence = Sequence::with_options(Some(&identity.sequence), &own);
                }
            }
        });
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let column = before.table(&self.table).and_then(|table| table.column(self.column.as_str()));
        let Some(old) = column else { return Ok(Vec::new()) };
        let using = match &self.revert_using {
            Some(expr) => Some(expr.clone()),
            None => self.using_back(old)?,
        };
        let (ty, collation) = (old.ty.clone(), old.collation.clone());
        Ok(vec![Self { ty, collation, using, revert_using: None, ..self.clone() }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let Some(table) = before.table(&self.table) else { return Vec::new() };
        let Some(column) = table.column(self.column.as_str()) else { return Vec::new() };
        let (on, name) = (self.table.sql(), self.column.sql());
        let alter = format!("ALTER TABLE {on} ALTER COLUMN {name}");
        let dependants = before.dependants_of_column(&self.table, &self.column);
        let mut statements: Vec<_> = dependants.iter().map(|one| one.drop.clone()).collect();
        let default = column.default.as_ref();
        let at_once = |sql: String| {
            let locks = before.lock_to_alter(&self.table, Work::Nothing);
            Statement::new("", sql).locking(locks)
        };
        statements.extend(default.map(|_| at_once(format!("{alter} DROP DEFAULT"))));
        let collation = self.collation.as_ref();
        let collation =
            collation.map_or_else(String::new, |name| format!(" COLLATE {}", collation_sql(name)));
        let using = self.using.as_ref();
        let using = using.map_or_else(String::new, |expr| format!(" USING {}", expr.sql()));
        let sql = format!("{alter} TYPE {}{collation}{using}", self.ty.sql());
        statements.push(Statement::new("", sql).locking(locks_of_new_type(before, self)));
        statements.extend(
            default.map(|default| at_once(format!("{alter} SET DEFAULT {}", default_sql(default)))),
        );
        statements.extend(dependants.into_iter().rev().flat_map(Dependant::restore));
        statements.into_iter().map(|one| one.described(&self.describe())).collect()
    }

    fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        let Some(table) = before.table(&self.table) else { return Vec::new() };
        let Some(old) = table.column(self.column.as_str()) else { return Vec::new() };
        let keeps = known::keeps_values(&old.ty, &self.ty, self.using.as_ref().is_some_and(cuts))
            && self.using.as_ref().is_none_or(|expr| is_cast_of(expr, &self.column));
        if keeps || table.is_new(before) {
            return Vec::new();
        }
        let message = format!(
            "`{}` from {} to {} can lose what the values hold",
            self.column, old.ty, self.ty
        );
        vec![data_loss(message, self.ty.origin(), "alter column …")]
    }

    fn describe(&self) -> String {
        format!(
            "alter table {} alter column {} type {}",
            self.table,
            self.column,
            self.ty.language()
        )
    }
}

impl AlterColumnType {
    /// Whether something stands in the way of any change of the type.
    fn blocked(&self, check: &mut Check<'_>, table: &Table, column: &Column, ty: &Type) -> bool {
        let problem = if known::serial_type(&self.ty).is_some() {
            let message = "`serial` is a type only where a column is made";
            Diagnostic::new("invalid_type", self.ty.origin(), message)
                .help("write `int` or `bigint`")
        } else if column.ty == *ty && column.collation == self.collation && self.using.is_none() {
            let message = format!("column `{}` is {ty} already", self.column);
            Diagnostic::new("nothing_to_do", self.ty.origin(), message).help("delete it")
        } else if column.identity.is_some() && !is_whole_number(ty) {
            let message = format!(
                "`{}` is an identity column, which is smallint, int or bigint, not `{ty}`",
                self.column
            );
            let help = format!("write `alter column {} drop identity` before it", self.column);
            Diagnostic::new("invalid_identity", self.ty.origin(), message).help(help)
        } else if let Some(using) = self.any_using().filter(|_| column.generated.is_some()) {
            let message =
                format!("`{}` is generated: its values come from nothing else", column.name);
            let help = "delete this, or drop the column and add it again with another expression";
            Diagnostic::new("generated", using.origin(), message).help(help)
        } else if let Some(other) = table.generated_from(&self.column) {
            let message = format!("generated column `{other}` is made from `{}`", self.column);
            let help = format!("drop `{other}` before it and add it again after it");
            Diagnostic::new("still_used", self.column.origin, message).help(help)
        } else if let Some(name) = self.foreign_key_in_the_way(check.schema, table, ty) {
            let message =
                format!("foreign key `{name}` compares `{}` with another type", self.column);
            let help =
                format!("drop `{name}` before it and add it again after both columns are changed");
            Diagnostic::new("foreign_key_type", self.ty.origin(), message).help(help)
        } else {
            return false;
        };
        check.report(problem);
        true
    }

    fn any_using(&self) -> Option<&Expr> {
        self.using.as_ref().or(self.revert_using.as_ref())
    }

    /// A foreign key that could not compare its columns any more.
    fn foreign_key_in_the_way(&self, schema: &Schema, table: &Table, ty: &Type) -> Option<Ident> {
        let own =
            table.constraints.iter().filter_map(|(name, c)| Some((name, c.kind.foreign_key()?)));
        for (name, foreign) in own {
            let pairs = foreign.columns.iter().zip(&foreign.referenced);
            for (_, other) in pairs.filter(|(column, _)| **column == self.column) {
                let target = schema.table(&foreign.table).and_then(|t| t.column(other.as_str()));
                if target.is_some_and(|target| !schema.comparable(ty, &target.ty)) {
                    return Some(name.clone());
                }
            }
        }
        for (owner, name, foreign) in schema.inbound_foreign_keys(&self.table) {
            let pairs = foreign.columns.iter().zip(&foreign.referenced);
            for (column, _) in pairs.filter(|(_, other)| **other == self.column) {
                let referring = schema.table(owner).and_then(|t| t.column(column.as_str()));
                if referring.is_some_and(|referring| !schema.comparable(&referring.ty, ty)) {
                    return Some(name.clone());
                }
            }
        }
        None
    }

    /// The table with the new type.
    fn retyped(&self, table: &Table, ty: &Type, collation: Option<&ObjectName>) -> Table {
        let mut after = table.clone();
        if let Some(column) = after.column_mut(self.column.as_str()) {
            column.ty = ty.clone();
            column.collation = collation.cloned();
        }
        after
    }

    fn castable(&self, check: &mut Check<'_>, column: &Column, ty: &Type) {
        if check.schema.assignable(&column.ty, ty) != Some(false) {
            return;
        }
        let (from, to) = (column.ty.language(), ty.language());
        let message = format!("PostgreSQL does not turn {from} into {to} by itself");
        let help = format!("write `using {}::{to}`", self.column);
        check.report(Diagnostic::new("using_missing", self.ty.origin(), message).help(help));
    }

    /// How the old values come back, where the model can tell.
    fn using_back(&self, old: &Column) -> Result<Option<Expr>, Box<Diagnostic>> {
        let plain = self.using.as_ref().is_none_or(|expr| is_cast_of(expr, &self.column));
        if plain && known::assignable(&self.ty, &old.ty) == Some(true) {
            return Ok(None);
        }
        if old.generated.is_none() && plain && known::castable_everywhere(&self.ty, &old.ty) {
            return Ok(Some(Expr::computed(format!("{}::{}", self.column.sql(), old.ty.sql()))));
        }
        let message = format!("a revert can not turn `{}` back into {}", self.column, old.ty);
        let origin = self.using.as_ref().map_or(self.ty.origin(), Expr::origin);
        let help = match old.generated {
            Some(_) => "drop the column, and add it again with the new type".to_owned(),
            None => format!(
                "say how: write `revert using …` after it, for instance `revert using {}::{}`",
                self.column,
                old.ty.language()
            ),
        };
        Err(Box::new(Diagnostic::new("irreversible", origin, message).help(help)))
    }
}

/// Whether an identity column can have this type.
fn is_whole_number(ty: &Type) -> bool {
    ["smallint", "integer", "bigint"].iter().any(|name| ty.is(name))
}

/// Whether a cast to a type of a limited length is written, which cuts where
/// PostgreSQL by itself refuses.
fn cuts(expr: &Expr) -> bool {
    expr.sql().contains('(')
}

/// Whether an expression is the column itself, cast or not.
fn is_cast_of(expr: &Expr, column: &Ident) -> bool {
    let facts = expr.facts();
    let only = facts.columns.len() == 1 && facts.columns[0].name == *column.as_str();
    only && facts.functions.is_empty() && facts.strings.is_empty() && facts.is_cast_chain()
}

impl Table {
    /// A generated column that is made from this one.
    fn generated_from(&self, column: &Ident) -> Option<&Ident> {
        let mut columns = self.columns.iter();
        let made_from = |other: &&Column| {
            let expr = other.generated.as_ref();
            other.name != *column && expr.is_some_and(|expr| expr.uses_column(column.as_str()))
        };
        columns.find(made_from).map(|other| &other.name)
    }
}
