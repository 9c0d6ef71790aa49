//! Tables as entities say them: in the attributes of a struct and its fields.

use super::authored::beside_columns;
use super::column::{attribute, identity, stands_beside};
use super::constraint::constraint;
use super::expression::expression;
use super::index::tail;
use super::name::{name, path, system_path};
use super::types::ty;
use super::{Inexpressible, literal};
use crate::migration::Item;
use crate::operation::{
    ColumnDefinition, CommentSubject, ConstraintDefinition, CreateIndex, CreateTable, Operation,
    TableItem,
};
use crate::schema::ElementSubject;

/// A table as an entity says it.
#[derive(Clone, Debug, Default)]
pub struct DescribedTable {
    /// The items of `#[entity(…)]`, the name of the table first.
    pub items: Vec<String>,
    /// The columns, in order.
    pub columns: Vec<DescribedColumn>,
}

/// A column as an entity says it.
#[derive(Clone, Debug)]
pub struct DescribedColumn {
    /// The column, as written in a migration.
    pub definition: ColumnDefinition,
    /// Its type in the language.
    pub ty: String,
    /// The items of `#[column(…)]`, without its type and its name.
    pub items: Vec<String>,
    /// Its name in the language.
    pub name: String,
}

/// What an entity says about a table that these items make. The names of
/// constraints and indexes are left open, unless they are asked for.
///
/// # Errors
///
/// Where the language has no words for a part of it.
pub fn described(
    create: &CreateTable,
    items: &[Item],
    named: bool,
) -> Result<DescribedTable, Inexpressible> {
    let parts = Parts::of(create, items, named);
    parts
        .described()
        .map_err(|why| Inexpressible { what: format!("entity of {}", create.name), why })
}

/// What a table is made of.
struct Parts<'a> {
    create: CreateTable,
    indexes: Vec<CreateIndex>,
    comments: Vec<(&'a CommentSubject, &'a str)>,
}

impl<'a> Parts<'a> {
    fn of(create: &CreateTable, items: &'a [Item], named: bool) -> Self {
        let mut parts = Self { create: create.clone(), indexes: vec![], comments: vec![] };
        for item in items {
            match &item.operation {
                Operation::AddConstraint(add) if add.table == create.name => {
                    let constraint = add.constraint.clone();
                    parts.create.items.push(TableItem::Constraint(constraint));
                }
                Operation::CreateIndex(index) if index.table == create.name => {
                    parts.indexes.push(index.clone());
                }
                Operation::Comment(comment) => {
                    let text = comment.text.as_deref().unwrap_or_default();
                    parts.comments.push((&comment.subject, text));
                }
                _ => {}
            }
        }
        for item in &mut parts.create.items {
            if let TableItem::Constraint(constraint) = item {
                constraint.not_valid = false;
                constraint.name.take_if(|_| !named);
            }
        }
        parts.indexes.iter_mut().for_each(|index| drop(index.name.take_if(|_| !named)));
        parts.create = beside_columns(&parts.create);
        parts
    }

    fn described(mut self) -> Result<DescribedTable, String> {
        let mut table = DescribedTable::default();
        table.items.push(format!("table = {}", path(&self.create.name)?));
        let items = std::mem::take(&mut self.create.items);
        let mut beside: Vec<&ConstraintDefinition> = Vec::new();
        for item in &items {
            match (item, table.columns.last_mut()) {
                (TableItem::Column(column), _) => {
                    beside.clear();
                    table.columns.push(self.column(column)?);
                }
                (TableItem::Constraint(one), Some(column))
                    if stands_beside(one, &column.definition, &beside) =>
                {
                    beside.push(one);
                    column.items.push(attribute(one)?);
                }
                (TableItem::Constraint(one), _) => table.items.push(constraint(one)?.join(" ")),
            }
        }
        for index in &self.indexes {
            match self.column_of(index, &mut table.columns) {
                Some(column) => column.items.push("index".to_owned()),
                None => table.items.push(self::index(index)?),
            }
        }
        for column in &mut table.columns {
            self.finish(column)?;
        }
        let is_own = |subject: &CommentSubject| matches!(subject, CommentSubject::Table(of) if *of == self.create.name);
        table.items.extend(self.comment(is_own)?);
        Ok(table)
    }

    fn column(&self, column: &ColumnDefinition) -> Result<DescribedColumn, String> {
        let (definition, items) = (column.clone(), Vec::new());
        Ok(DescribedColumn { definition, ty: ty(&column.ty)?, items, name: name(&column.name)? })
    }

    /// The column that a plain index of one column can stand beside.
    fn column_of<'c>(
        &self,
        index: &CreateIndex,
        columns: &'c mut [DescribedColumn],
    ) -> Option<&'c mut DescribedColumn> {
        let [element] = index.index.elements.as_slice() else { return None };
        let ElementSubject::Column(of) = &element.subject else { return None };
        let is_plain = index.name.is_none()
            && !index.index.unique
            && tail(&index.index)
                .is_ok_and(|parts| parts == [format!("({})", name(of).unwrap_or_default())]);
        let column = columns.iter_mut().find(|column| column.definition.name == *of)?;
        let is_first = !column.items.iter().any(|item| item == "index");
        (is_plain && is_first).then_some(column)
    }

    /// What stands after the constraints of a column.
    fn finish(&self, column: &mut DescribedColumn) -> Result<(), String> {
        let definition = &column.definition;
        if let Some(of) = &definition.identity {
            column.items.push(identity(of)?);
        }
        if let Some(generated) = &definition.generated {
            column.items.push(format!("generated as ({}) stored", expression(generated)?));
        }
        if let Some(collation) = &definition.collation {
            column.items.push(format!("collate {}", system_path(collation)?));
        }
        if let Some(default) = &definition.default {
            column.items.push(format!("default = {}", expression(default)?));
        }
        let of = (&self.create.name, &definition.name);
        let is_own = |subject: &CommentSubject| matches!(subject, CommentSubject::Column(table, column) if (table, column) == of);
        column.items.extend(self.comment(is_own)?);
        Ok(())
    }

    fn comment(&self, is_own: impl Fn(&CommentSubject) -> bool) -> Result<Option<String>, String> {
        let found = self.comments.iter().find(|(subject, _)| is_own(subject));
        found.map(|(_, text)| Ok(format!("comment = {}", literal::string(text)?))).transpose()
    }
}

/// `unique index IDX_x (a) where …`
fn index(index: &CreateIndex) -> Result<String, String> {
    let unique = if index.index.unique { "unique " } else { "" };
    let of = match &index.name {
        Some(of) => format!(" {}", name(of)?),
        None => String::new(),
    };
    Ok(format!("{unique}index{of} {}", tail(&index.index)?.join(" ")))
}
