//! Enum types in the columns and expressions that use them.

use super::enum_values::{EnumValues, holds};
use super::{Column, Constraint, ConstraintKind, Index, Schema, Table, User};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::operation::{
    AddConstraint, ConstraintDefinition, CreateIndex, DropConstraint, DropIndex, Operation,
};
use crate::statement::Statement;

/// Something that must step aside while a type is changed, as statements.
#[derive(Clone, Debug)]
pub(crate) struct Dependant {
    pub(crate) drop: Statement,
    pub(crate) create: Statement,
    /// What gives its comment back.
    pub(crate) comment: Option<Statement>,
}

impl Schema {
    /// Renames a type wherever columns and expressions name it.
    pub(crate) fn rename_type(&mut self, from: &ObjectName, to: &ObjectName) {
        for name in self.tables.keys().cloned().collect::<Vec<_>>() {
            let table = &self.tables[&name];
            let in_columns = table.columns.iter().any(|column| column.ty.is_named(from));
            let casts = table.expressions(&name).iter().any(|(_, expr)| expr.casts_to(from));
            if in_columns || casts {
                self.change_table(&name, |table| rename_in_table(table, from, to));
            }
        }
    }

    /// Renames a value of an enum wherever expressions hold it.
    pub(crate) fn rename_enum_value(&mut self, name: &ObjectName, from: &str, to: &str) {
        let schema = self.clone();
        for (table_name, table) in schema.tables.iter() {
            if table.expressions(table_name).iter().any(|(_, expr)| holds(expr, from)) {
                let values = EnumValues { schema: &schema, table, name };
                self.change_table(table_name, |table| {
                    table.change_expressions(|column, expr| {
                        expr.with_replaced(values.replaced(expr, column, from, to))
                    });
                });
            }
        }
    }

    /// What holds a value of an enum: defaults, checks, predicates.
    pub(crate) fn users_of_enum_value(&self, name: &ObjectName, value: &str) -> Vec<User> {
        let mut users = Vec::new();
        for (table_name, table) in self.tables.iter() {
            let values = EnumValues { schema: self, table, name };
            for (user, expr) in table.expressions(table_name) {
                let column = match &user {
                    User::Column(_, column) => Some(column),
                    _ => None,
                };
                if !values.replaced(expr, column, value, value).is_empty() {
                    users.push(user);
                }
            }
        }
        users
    }

    /// The constraints and indexes whose expressions involve the enum, and the
    /// foreign keys between columns of it.
    pub(crate) fn dependants_of_enum(&self, name: &ObjectName) -> Vec<Dependant> {
        let mut dependants = Vec::new();
        for (table_name, table) in &self.tables {
            let columns = enum_columns(table, name);
            let of = Of { schema: self, name: table_name, table };
            dependants.extend(of.enum_indexes(name, &columns));
            dependants.extend(of.enum_constraints(name, &columns));
        }
        dependants.sort_by_key(|dependant| !dependant.create.sql.contains(" FOREIGN KEY "));
        dependants
    }
}

impl Schema {
    /// The constraints and indexes whose expressions use a column: their
    /// meaning hangs on its type.
    pub(crate) fn dependants_of_column(
        &self,
        table_name: &ObjectName,
        column: &Ident,
    ) -> Vec<Dependant> {
        let Some(table) = self.table(table_name) else { return Vec::new() };
        let uses = |expr: &Expr| expr.uses_column(column.as_str());
        let indexes = table.indexes.iter().filter(|(_, index)| index.expressions().any(uses));
        let constraints =
            table.constraints.iter().filter(|(_, c)| c.kind.expressions().into_iter().any(uses));
        let of = Of { schema: self, name: table_name, table };
        let indexes = indexes.map(|(name, index)| of.index(name, index));
        indexes.chain(constraints.map(|(name, c)| of.constraint(name, c))).collect()
    }
}

impl Dependant {
    /// What makes it again as it was.
    pub(crate) fn restore(self) -> impl Iterator<Item = Statement> {
        [self.create].into_iter().chain(self.comment)
    }
}

/// A table whose parts step aside.
struct Of<'a> {
    schema: &'a Schema,
    name: &'a ObjectName,
    table: &'a Table,
}

impl Of<'_> {
    fn index(&self, name: &Ident, index: &Index) -> Dependant {
        let drop = DropIndex { name: self.name.sibling(name.clone()), concurrently: false };
        let create = CreateIndex::plain(name.clone(), self.name.clone(), index.clone());
        self.dependant(drop.into(), create.into(), index.restore_comment(self.name, name))
    }

    fn constraint(&self, name: &Ident, constraint: &Constraint) -> Dependant {
        let drop = DropConstraint { table: self.name.clone(), name: name.clone() };
        let definition = ConstraintDefinition::of(name, constraint);
        let create = AddConstraint::plain(self.name.clone(), definition);
        self.dependant(drop.into(), create.into(), constraint.restore_comment(self.name, name))
    }

    fn dependant(
        &self,
        drop: Operation,
        create: Operation,
        comment: Option<Operation>,
    ) -> Dependant {
        let one = |operation: Operation| operation.statements(self.schema).remove(0);
        Dependant { drop: one(drop), create: one(create), comment: comment.map(one) }
    }

    fn enum_indexes(&self, name: &ObjectName, columns: &[Ident]) -> Vec<Dependant> {
        let involved =
            |index: &Index| index.expressions().any(|expr| involves(expr, name, columns));
        let indexes = self.table.indexes.iter().filter(|(_, index)| involved(index));
        indexes.map(|(index_name, index)| self.index(index_name, index)).collect()
    }

    fn enum_constraints(&self, name: &ObjectName, columns: &[Ident]) -> Vec<Dependant> {
        let involved = |kind: &ConstraintKind| match kind {
            ConstraintKind::ForeignKey(foreign) => {
                foreign.columns.iter().any(|column| columns.contains(column))
            }
            kind => kind.expressions().into_iter().any(|expr| involves(expr, name, columns)),
        };
        let constraints =
            self.table.constraints.iter().filter(|(_, constraint)| involved(&constraint.kind));
        constraints.map(|(name, constraint)| self.constraint(name, constraint)).collect()
    }
}

fn enum_columns(table: &Table, name: &ObjectName) -> Vec<Ident> {
    let columns = table.columns.iter().filter(|column| column.ty.is_named(name));
    columns.map(|column| column.name.clone()).collect()
}

fn involves(expr: &Expr, name: &ObjectName, columns: &[Ident]) -> bool {
    expr.casts_to(name) || columns.iter().any(|column| expr.uses_column(column.as_str()))
}

fn rename_in_table(table: &mut Table, from: &ObjectName, to: &ObjectName) {
    for column in &mut table.columns {
        if column.ty.is_named(from) {
            column.ty.name = to.name.clone();
        }
    }
    table.change_expressions(|_, expr| {
        let uses = expr.facts().types.iter().filter(|used| {
            from.name == *used.name && used.schema.as_ref().is_none_or(|s| from.schema == **s)
        });
        expr.with_replaced(uses.map(|used| (used.range.clone(), to.name.sql())).collect())
    });
}

impl Table {
    /// Replaces every expression of the table. The first argument of the
    /// change is the column whose default or generating expression it is.
    pub(crate) fn change_expressions(
        &mut self,
        mut change: impl FnMut(Option<&Ident>, &Expr) -> Expr,
    ) {
        for Column { name, default, generated, .. } in &mut self.columns {
            for expr in default.iter_mut().chain(generated) {
                *expr = change(Some(name), expr);
            }
        }
        for constraint in self.constraints.values_mut() {
            constraint.kind.change_expressions(|expr| change(None, expr));
        }
        for index in self.indexes.values_mut() {
            index.change_expressions(|expr| change(None, expr));
        }
    }
}

impl ConstraintKind {
    fn change_expressions(&mut self, mut change: impl FnMut(&Expr) -> Expr) {
        match self {
            Self::PrimaryKey(_) | Self::Unique(_) | Self::ForeignKey(_) => {}
            Self::Check(expr) => *expr = change(expr),
            Self::Exclusion(exclusion) => {
                for element in &mut exclusion.elements {
                    element.element.subject.change_expression(&mut change);
                }
                if let Some(expr) = &mut exclusion.predicate {
                    *expr = change(expr);
                }
            }
        }
    }
}

impl Index {
    fn change_expressions(&mut self, mut change: impl FnMut(&Expr) -> Expr) {
        for element in &mut self.elements {
            element.subject.change_expression(&mut change);
        }
        if let Some(expr) = &mut self.predicate {
            *expr = change(expr);
        }
    }
}

impl super::ElementSubject {
    fn change_expression(&mut self, change: &mut impl FnMut(&Expr) -> Expr) {
        if let Self::Call(expr) | Self::Expression(expr) = self {
            *expr = change(expr);
        }
    }
}
