//! Indexes.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{
    CreateIndex, DropIndex, Operation, Reindex, ReindexSubject, RenameIndex,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{
    Column, ElementSubject, Index, IndexElement, Made, NullsOrder, Schema, StorageParameter,
};

use super::choice::Choice;
use super::{names, values};

pub(super) fn change(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let (table, of) = names::table(schema, choice)?;
    let known: Vec<_> = of.indexes.keys().cloned().collect();
    let operation = match choice.below(7) {
        0 => {
            let name = table.sibling(choice.of(&known)?);
            DropIndex { name, concurrently: choice.once_in(2) }.into()
        }
        1 => {
            RenameIndex { name: table.sibling(choice.of(&known)?), to: names::name(choice) }.into()
        }
        2 => {
            let keys = of.constraints.iter().filter(|(_, key)| key.kind.has_index());
            let all: Vec<_> = known.into_iter().chain(keys.map(|(name, _)| name.clone())).collect();
            let subject = match choice.once_in(3) {
                true => ReindexSubject::Table(table),
                false => ReindexSubject::Index(table.sibling(choice.of(&all)?)),
            };
            Reindex { subject, concurrently: choice.once_in(2), origin: Origin::NONE }.into()
        }
        _ => {
            let columns: Vec<_> = of.columns.iter().collect();
            let index = index(schema, &columns, choice)?;
            let (name, concurrently) = (names::optional(choice), choice.once_in(3));
            CreateIndex { name, table, index, concurrently, origin: Origin::NONE }.into()
        }
    };
    Some(vec![operation])
}

fn index(schema: &Schema, columns: &[&Column], choice: &mut Choice<'_>) -> Option<Index> {
    let subjects = choice.some(columns, 3);
    if subjects.is_empty() {
        return None;
    }
    let json = subjects.len() == 1 && subjects[0].ty.is("jsonb");
    let method = match choice.below(4) {
        _ if json => "gin",
        0 if subjects.len() == 1 => "hash",
        1 => "brin",
        _ => "btree",
    };
    let plain = method != "btree";
    let elements = subjects.iter().map(|column| element(column, plain, choice)).collect();
    let names: Vec<_> = columns.iter().map(|column| column.name.clone()).collect();
    let include = if !plain && choice.once_in(5) { choice.some(&names, 1) } else { Vec::new() };
    let parameters = match method == "btree" && choice.once_in(5) {
        true => {
            vec![StorageParameter { name: Ident::computed("fillfactor"), value: "70".to_owned() }]
        }
        false => Vec::new(),
    };
    let predicate = choice.once_in(4).then(|| values::condition(schema, columns, choice)).flatten();
    Some(Index {
        unique: !plain && choice.once_in(3),
        method: Ident::computed(method),
        elements,
        include,
        nulls_not_distinct: false,
        parameters,
        predicate,
        comment: None,
        made: Made::default(),
    })
}

fn element(column: &Column, plain: bool, choice: &mut Choice<'_>) -> IndexElement {
    let text = column.ty.is("text");
    let number = column.ty.is("integer") || column.ty.is("bigint");
    let sql = column.name.sql();
    let word = names::is_word(&column.name) && !plain;
    let subject = match choice.below(4) {
        0 if text && word => ElementSubject::Call(Expr::computed(format!("lower({sql})"))),
        0 if number && word => ElementSubject::Expression(Expr::computed(format!("{sql} + 1"))),
        1 if text && word => ElementSubject::Expression(Expr::computed(format!("{sql} || 'x'"))),
        _ => ElementSubject::Column(column.name.clone()),
    };
    let object = |name: &str| ObjectName::unqualified(Ident::computed(name));
    let collation = (text && choice.once_in(4)).then(|| object("C"));
    let class = text && !plain && choice.once_in(4);
    IndexElement {
        subject,
        collation,
        operator_class: class.then(|| object("text_pattern_ops")),
        descending: !plain && choice.once_in(3),
        nulls: (!plain && choice.once_in(4)).then_some(NullsOrder::Last),
    }
}
