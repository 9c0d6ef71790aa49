//! Enum types in the columns and expressions that use them.

use std::collections::BTreeSet;

use super::enum_values::{EnumValues, holds};
use super::{Column, Constraint, ConstraintKind, Index, Schema, Table, User};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::operation::{
    AddColumn, AddConstraint, ColumnDefinition, ConstraintDefinition, CreateIndex, DropColumn,
    DropConstraint, DropDefault, DropIndex, Operation, SetDefault,
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

    /// What hangs on the enum but is no plain column of it, in the order in
    /// which it steps aside: foreign keys between columns of it; indexes and
    /// constraints whose expressions involve it; defaults that cast to it; and
    /// generated columns of it or made from it, after what needs those.
    pub(crate) fn dependants_of_enum(&self, name: &ObjectName) -> Vec<Dependant> {
        let (mut keyed, mut columns) = (Vec::new(), Vec::new());
        for (table_name, table) in &self.tables {
            let of = Of { schema: self, name: table_name, table };
            let used = UsedEnum::new(table, name);
            keyed.extend(of.enum_indexes(&used));
            keyed.extend(of.enum_constraints(&used));
            for column in &used.generated {
                let needing = self.foreign_keys_needing(table_name, &column.name).into_iter();
                keyed.extend(needing.map(|(name, key)| {
                    let table = &self.tables[name];
                    Of { schema: self, name, table }.constraint(key, &table.constraints[key])
                }));
            }
            columns.extend(of.enum_defaults(name));
            columns.extend(used.generated.iter().map(|column| of.column(column)));
        }
        keyed.sort_by_key(|dependant| !dependant.create.sql.contains(" FOREIGN KEY "));
        let mut seen = BTreeSet::new();
        keyed.retain(|dependant| seen.insert(dependant.drop.sql.clone()));
        keyed.extend(columns);
        keyed
    }
}

/// How a table uses an enum.
struct UsedEnum<'a> {
    name: &'a ObjectName,
    /// The names of the columns of it.
    columns: Vec<Ident>,
    /// The generated columns of it, or made from it.
    generated: Vec<&'a Column>,
}

impl<'a> UsedEnum<'a> {
    fn new(table: &'a Table, name: &'a ObjectName) -> Self {
        let of_it = table.columns.iter().filter(|column| column.ty.is_named(name));
        let columns = of_it.map(|column| column.name.clone()).collect();
        let mut used = Self { name, columns, generated: Vec::new() };
        let is_made_from_it = |column: &&Column| {
            let made = column.generated.as_ref();
            made.is_some_and(|expr| column.ty.is_named(name) || used.involves(expr))
        };
        used.generated = table.columns.iter().filter(is_made_from_it).collect();
        used
    }

    fn involves(&self, expr: &Expr) -> bool {
        expr.casts_to(self.name)
            || self.columns.iter().any(|column| expr.uses_column(column.as_str()))
    }

    fn needs(&self, index: &Index) -> bool {
        index.expressions().any(|expr| self.involves(expr))
            || self.generated.iter().any(|column| index.uses_column(&column.name))
    }

    fn constrains(&self, kind: &ConstraintKind) -> bool {
        let is_ours = match kind {
            ConstraintKind::ForeignKey(foreign) => {
                foreign.columns.iter().any(|column| self.columns.contains(column))
            }
            kind => kind.expressions().into_iter().any(|expr| self.involves(expr)),
        };
        is_ours || self.generated.iter().any(|column| kind.uses_column(&column.name))
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

    fn column(&self, column: &Column) -> Dependant {
        let (table, name) = (self.name.clone(), column.name.clone());
        let drop = DropColumn { table: table.clone(), column: name, restore: None };
        let create = AddColumn { table, column: ColumnDefinition::from(column), fill: None };
        self.dependant(drop.into(), create.into(), column.restore_comment(self.name))
    }

    fn enum_indexes(&self, used: &UsedEnum<'_>) -> Vec<Dependant> {
        let needed = self.table.indexes.iter().filter(|(_, index)| used.needs(index));
        needed.map(|(name, index)| self.index(name, index)).collect()
    }

    fn enum_constraints(&self, used: &UsedEnum<'_>) -> Vec<Dependant> {
        let constraints = self.table.constraints.iter();
        let needed = constraints.filter(|(_, one)| used.constrains(&one.kind));
        needed.map(|(name, constraint)| self.constraint(name, constraint)).collect()
    }

    /// The defaults of columns of other types that cast to the enum.
    fn enum_defaults(&self, enum_name: &ObjectName) -> Vec<Dependant> {
        let others = self.table.columns.iter().filter(|column| !column.ty.is_named(enum_name));
        let casting = others.filter_map(|column| {
            let default = column.default.as_ref().filter(|expr| expr.casts_to(enum_name))?;
            let (table, name) = (self.name.clone(), column.name.clone());
            let drop = DropDefault { table: table.clone(), column: name.clone() };
            let create = SetDefault { table, column: name, default: default.clone() };
            Some(self.dependant(drop.into(), create.into(), None))
        });
        casting.collect()
    }
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
