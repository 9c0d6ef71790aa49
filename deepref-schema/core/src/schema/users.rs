//! Who uses what: an object that is used can not be dropped.

use super::{Column, ConstraintKind, ElementSubject, ForeignKey, Index, Key, Schema, Table};
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::types::Type;

/// Something that uses an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum User {
    /// A column of a table: its type, its default, its generating expression.
    Column(ObjectName, Ident),
    /// A constraint of a table.
    Constraint(ObjectName, Ident),
    /// An index of a table.
    Index(ObjectName, Ident),
}

impl User {
    /// The table that it is part of.
    pub fn table(&self) -> &ObjectName {
        match self {
            Self::Column(table, _) | Self::Constraint(table, _) | Self::Index(table, _) => table,
        }
    }
}

impl std::fmt::Display for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Column(table, column) => write!(f, "column `{column}` of table `{table}`"),
            Self::Constraint(table, name) => write!(f, "constraint `{name}` of table `{table}`"),
            Self::Index(table, name) => write!(f, "index `{name}` of table `{table}`"),
        }
    }
}

impl Index {
    /// The expressions of the index: its elements and its predicate.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let elements = self.elements.iter().filter_map(|element| element.subject.expression());
        elements.chain(&self.predicate)
    }

    /// Whether the index needs the column.
    pub fn uses_column(&self, column: &Ident) -> bool {
        self.include.contains(column)
            || self.elements.iter().any(|e| e.subject == ElementSubject::Column(column.clone()))
            || self.expressions().any(|expr| expr.uses_column(column.as_str()))
    }
}

impl ElementSubject {
    /// The expression, where it is not simply a column.
    pub fn expression(&self) -> Option<&Expr> {
        match self {
            Self::Column(_) => None,
            Self::Call(expr) | Self::Expression(expr) => Some(expr),
        }
    }
}

impl ConstraintKind {
    /// The expressions of the constraint.
    pub fn expressions(&self) -> Vec<&Expr> {
        match self {
            Self::PrimaryKey(_) | Self::Unique(_) | Self::ForeignKey(_) => Vec::new(),
            Self::Check(expr) => vec![expr],
            Self::Exclusion(exclusion) => {
                let subjects = exclusion.elements.iter().map(|e| &e.element.subject);
                subjects
                    .filter_map(ElementSubject::expression)
                    .chain(&exclusion.predicate)
                    .collect()
            }
        }
    }

    /// Whether the constraint needs the column of its own table.
    pub fn uses_column(&self, column: &Ident) -> bool {
        let in_list = match self {
            Self::PrimaryKey(key) | Self::Unique(key) => {
                key.columns.contains(column) || key.include.contains(column)
            }
            Self::ForeignKey(foreign) => foreign.columns.contains(column),
            Self::Check(_) => false,
            Self::Exclusion(exclusion) => {
                let named = ElementSubject::Column(column.clone());
                exclusion.elements.iter().any(|e| e.element.subject == named)
            }
        };
        in_list || self.expressions().iter().any(|expr| expr.uses_column(column.as_str()))
    }

    /// Whether the constraint goes with a column of its table. An exclusion
    /// constraint whose expressions alone use the column keeps it from going.
    pub fn falls_with_column(&self, column: &Ident) -> bool {
        match self {
            Self::Exclusion(exclusion) => {
                let named = ElementSubject::Column(column.clone());
                exclusion.elements.iter().any(|e| e.element.subject == named)
            }
            other => other.uses_column(column),
        }
    }

    /// The key, where it is a primary or a unique one.
    pub fn key(&self) -> Option<&Key> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => Some(key),
            _ => None,
        }
    }

    /// The foreign key, where it is one.
    pub fn foreign_key(&self) -> Option<&ForeignKey> {
        match self {
            Self::ForeignKey(foreign) => Some(foreign),
            _ => None,
        }
    }
}

impl Column {
    /// The expressions of the column.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.default.iter().chain(&self.generated)
    }
}

impl Table {
    /// Every expression in the table, and whose it is.
    pub fn expressions(&self, name: &ObjectName) -> Vec<(User, &Expr)> {
        let mut all = Vec::new();
        for column in &self.columns {
            let user = User::Column(name.clone(), column.name.clone());
            all.extend(column.expressions().map(|expr| (user.clone(), expr)));
        }
        for (constraint_name, constraint) in &self.constraints {
            let user = User::Constraint(name.clone(), constraint_name.clone());
            all.extend(constraint.kind.expressions().into_iter().map(|expr| (user.clone(), expr)));
        }
        for (index_name, index) in &self.indexes {
            let user = User::Index(name.clone(), index_name.clone());
            all.extend(index.expressions().map(|expr| (user.clone(), expr)));
        }
        all
    }
}

impl Schema {
    /// The foreign keys of other tables that refer to this one.
    pub fn inbound_foreign_keys(
        &self,
        table: &ObjectName,
    ) -> Vec<(&ObjectName, &Ident, &ForeignKey)> {
        if !self.is_referenced(table) {
            return Vec::new();
        }
        let others = self.tables.iter().filter(|(name, _)| *name != table);
        others.flat_map(|(name, other)| foreign_keys_to(name, other, table)).collect()
    }

    /// The foreign keys that refer to this table, its own among them.
    pub fn foreign_keys_to(&self, table: &ObjectName) -> Vec<(&ObjectName, &Ident, &ForeignKey)> {
        if !self.is_referenced(table) {
            return Vec::new();
        }
        self.tables.iter().flat_map(|(name, other)| foreign_keys_to(name, other, table)).collect()
    }

    /// The foreign keys, each with its table, that would not stand without a
    /// column of the table they refer to.
    pub(crate) fn foreign_keys_needing(
        &self,
        table_name: &ObjectName,
        column: &Ident,
    ) -> Vec<(&ObjectName, &Ident)> {
        let Some(table) = self.table(table_name) else { return Vec::new() };
        // A column that a key only includes is a part of its index all the same.
        let keys = table.constraints.values().filter_map(|one| one.kind.key());
        let keys = keys.filter(|key| key.include.contains(column)).map(|key| key.columns.clone());
        let indexes = table.indexes.values().filter(|index| index.include.contains(column));
        let including: Vec<_> = keys.chain(indexes.map(Index::unique_columns)).collect();
        let needs = |foreign: &ForeignKey| {
            let refers_to = |key: &Vec<Ident>| {
                key.len() == foreign.referenced.len()
                    && key.iter().all(|column| foreign.referenced.contains(column))
            };
            foreign.referenced.contains(column) || including.iter().any(refers_to)
        };
        let inbound = self.foreign_keys_to(table_name).into_iter();
        inbound.filter(|(_, _, foreign)| needs(foreign)).map(|(of, name, _)| (of, name)).collect()
    }

    /// The columns whose type this is, or is an array of.
    pub fn columns_of_type(&self, ty: &ObjectName) -> Vec<(&ObjectName, &Column)> {
        if !self.is_referenced(ty) {
            return Vec::new();
        }
        let columns =
            self.tables.iter().flat_map(|(table, t)| t.columns.iter().map(move |c| (table, c)));
        columns.filter(|(_, column)| column.ty.is_named(ty)).collect()
    }

    /// What uses a type: columns of it, and casts to it.
    pub fn users_of_type(&self, ty: &ObjectName) -> Vec<User> {
        let columns = self.columns_of_type(ty).into_iter();
        let mut users: Vec<_> = columns
            .map(|(table, column)| User::Column(table.clone(), column.name.clone()))
            .collect();
        for (name, table) in &self.tables {
            let casting = table.expressions(name).into_iter().filter(|(_, expr)| expr.casts_to(ty));
            users.extend(casting.map(|(user, _)| user));
        }
        users.dedup();
        users
    }
}

fn foreign_keys_to<'a>(
    name: &'a ObjectName,
    table: &'a Table,
    target: &ObjectName,
) -> Vec<(&'a ObjectName, &'a Ident, &'a ForeignKey)> {
    let constraints = table.constraints.iter();
    let foreign =
        constraints.filter_map(|(c, constraint)| Some((name, c, constraint.kind.foreign_key()?)));
    foreign.filter(|(_, _, key)| key.table == *target).collect()
}

impl Type {
    /// Whether this is the type of that name, or an array of it.
    pub fn is_named(&self, name: &ObjectName) -> bool {
        self.schema.as_ref() == Some(&name.schema) && self.name == name.name
    }

    /// The name of the type, where it is none of PostgreSQL's own.
    pub fn object_name(&self) -> Option<ObjectName> {
        let schema = self.schema.clone()?;
        Some(ObjectName::qualified(schema, self.name.clone()))
    }
}

impl Expr {
    /// Whether the expression names the type.
    pub fn casts_to(&self, ty: &ObjectName) -> bool {
        self.facts().types.iter().any(|used| {
            ty.name == *used.name && used.schema.as_ref().is_none_or(|schema| ty.schema == **schema)
        })
    }
}
