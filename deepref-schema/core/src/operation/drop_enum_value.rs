use std::sync::Arc;

use super::create_enum::create_enum_sql;
use super::{AddEnumValue, Operate, Operation, Reversal, ValuePosition};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::locks::Work;
use crate::schema::{Column, Dependant, Schema};
use crate::sql::default_sql;
use crate::statement::Statement;

/// `alter enum e drop value v`: the type is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropEnumValue {
    /// The enum type.
    pub name: ObjectName,
    /// The value.
    pub value: Ident,
}

impl Operate for DropEnumValue {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(of) = check.enum_type(&self.name) else { return Vec::new() };
        if !check.enum_value(&self.name, of, &self.value) {
            return Vec::new();
        }
        if let Some(user) =
            check.schema.users_of_enum_value(&self.name, self.value.as_str()).first()
        {
            let message = format!("value `{}` is still used by {user}", self.value);
            let diagnostic = Diagnostic::new("still_used", self.value.origin, message);
            check.report(diagnostic.help("change what uses it in statements before this one"));
            return Vec::new();
        }
        vec![self.clone().into()]
    }

    fn apply(&self, schema: &mut Schema) {
        if let Some(enum_type) = schema.enums.get_mut(&self.name) {
            Arc::make_mut(enum_type).values.retain(|value| *value != self.value);
        }
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(of) = before.enums.get(&self.name) else { return Ok(Vec::new()) };
        let index = of.values.iter().position(|value| *value == self.value).unwrap_or(0);
        let position = match (index.checked_sub(1), of.values.get(index + 1)) {
            (_, None) => ValuePosition::Last,
            (None, Some(next)) => ValuePosition::Before(next.clone()),
            (Some(previous), Some(_)) => ValuePosition::After(of.values[previous].clone()),
        };
        let value = self.value.clone();
        Ok(vec![AddEnumValue { name: self.name.clone(), value, position }.into()])
    }

    /// PostgreSQL has no statement for it: the type steps aside, a new one
    /// takes its name, and every column moves over.
    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let Some(of) = before.enums.get(&self.name) else { return Vec::new() };
        let aside = self.name.sibling(Ident::computed(aside_name(before, &self.name)));
        let values: Vec<_> = of.values.iter().filter(|v| **v != self.value).cloned().collect();
        let statement = |sql: String| Statement::new("", sql);
        let rename = format!("ALTER TYPE {} RENAME TO {}", self.name.sql(), aside.name.sql());
        let mut statements =
            vec![statement(rename), statement(create_enum_sql(&self.name, &values))];
        let dependants = before.dependants_of_enum(&self.name);
        statements.extend(dependants.iter().map(|dependant| dependant.drop.clone()));
        let columns = before.columns_of_type(&self.name).into_iter();
        for (table, column) in columns.filter(|(_, column)| column.generated.is_none()) {
            statements.extend(move_column(before, table, column));
        }
        statements.extend(dependants.into_iter().rev().flat_map(Dependant::restore));
        if let Some(comment) = &of.comment {
            let text = crate::ident::literal(comment);
            statements.push(statement(format!("COMMENT ON TYPE {} IS {text}", self.name.sql())));
        }
        statements.push(statement(format!("DROP TYPE {}", aside.sql())));
        statements.into_iter().map(|one| one.described(&self.describe())).collect()
    }

    fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        if before.enums.get(&self.name).is_none_or(|of| before.is_making(&of.made)) {
            return Vec::new();
        }
        let message = format!("rows that hold `{}` make this fail or lose it", self.value);
        let help = "update them in a statement before it, then write \
                    `#[allow(data_loss, reason = \"…\")]`";
        vec![Diagnostic::new("data_loss", self.value.origin, message).help(help)]
    }

    fn describe(&self) -> String {
        format!("alter enum {} drop value {}", self.name, self.value)
    }
}

fn aside_name(schema: &Schema, name: &ObjectName) -> String {
    let base = crate::names::clipped(name.name.as_str(), 58);
    let mut candidates = std::iter::once(format!("{base}_old"))
        .chain((1..).map(|number| format!("{base}_old{number}")));
    let is_free = |candidate: &String| {
        let object = name.sibling(Ident::computed(candidate.as_str()));
        !schema.enums.contains_key(&object) && schema.relation(&object).is_none()
    };
    candidates.find(is_free).unwrap_or_default()
}

fn move_column(before: &Schema, table: &ObjectName, column: &Column) -> Vec<Statement> {
    let statement =
        |sql: String, work| Statement::new("", sql).locking(before.lock_to_alter(table, work));
    let (on, name, ty) = (table.sql(), column.name.sql(), column.ty.sql());
    let text = if column.ty.array { "text[]" } else { "text" };
    let alter = format!("ALTER TABLE {on} ALTER COLUMN {name}");
    let moved = format!("{alter} TYPE {ty} USING {name}::{text}::{ty}");
    let moved = statement(moved, Work::Rewrite);
    match &column.default {
        None => vec![moved],
        Some(default) => vec![
            statement(format!("{alter} DROP DEFAULT"), Work::Nothing),
            moved,
            statement(format!("{alter} SET DEFAULT {}", default_sql(default)), Work::Nothing),
        ],
    }
}
