//! Enums, sequences, schemas, extensions, comments.

use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{
    AddEnumValue, AlterSequence, Comment, CommentSubject, CreateEnum, CreateExtension,
    CreateSchema, CreateSequence, DropEnum, DropEnumValue, DropExtension, DropSchema, DropSequence,
    Operation, RenameEnum, RenameEnumValue, RenameSequence, SequenceOption, ValuePosition,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{Owner, Schema};
use deepref_schema_core::types::Type;

use super::choice::Choice;
use super::names;

const VALUES: &[&str] = &[
    "new",
    "New",
    "open",
    "in review",
    "closed",
    "it's",
    "\"",
    "null",
    "{}",
    "a,b",
    "x",
    "old",
    "ü",
];

const EXTENSIONS: &[&str] = &["citext", "pg_trgm", "btree_gist"];

pub(super) fn enums(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let known: Vec<ObjectName> = schema.enums.keys().cloned().collect();
    let Some(name) = choice.of(&known).filter(|_| !choice.once_in(4)) else {
        let values = choice.some(VALUES, 4).into_iter().map(Ident::computed).collect();
        return Some(vec![CreateEnum { name: names::object(schema, choice), values }.into()]);
    };
    let values = &schema.enums[&name].values;
    let (value, new) = (choice.of(values)?, Ident::computed(choice.text(VALUES)));
    let operation = match choice.below(9) {
        0..3 => {
            let position = match choice.below(3) {
                0 => ValuePosition::Last,
                1 => ValuePosition::Before(value),
                _ => ValuePosition::After(value),
            };
            AddEnumValue { name, value: new, position }.into()
        }
        3..5 => RenameEnumValue { name, value, to: new }.into(),
        5..7 => DropEnumValue { name, value }.into(),
        7 => RenameEnum { name, to: names::name(choice) }.into(),
        _ => DropEnum { name }.into(),
    };
    Some(vec![operation])
}

pub(super) fn sequences(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let known: Vec<ObjectName> = schema.sequences.keys().cloned().collect();
    let Some(name) = choice.of(&known).filter(|_| !choice.once_in(3)) else {
        let name = names::object(schema, choice);
        return Some(vec![CreateSequence { name, options: options(choice) }.into()]);
    };
    let operation = match choice.below(5) {
        0 | 1 => AlterSequence { name, options: options(choice) }.into(),
        2 => {
            let owner = names::table(schema, choice).and_then(|(table, of)| {
                Some(Owner { table, column: choice.of(&of.columns)?.name })
            });
            let owner = owner.filter(|_| !choice.once_in(3));
            let options = vec![SequenceOption::OwnedBy(owner, Origin::NONE)];
            AlterSequence { name, options }.into()
        }
        3 => RenameSequence { name, to: names::name(choice) }.into(),
        _ => DropSequence { name }.into(),
    };
    Some(vec![operation])
}

fn options(choice: &mut Choice<'_>) -> Vec<SequenceOption> {
    let none = Origin::NONE;
    let all = [
        SequenceOption::As(Type::builtin("integer")),
        SequenceOption::Increment(-3, none),
        SequenceOption::Min(Some(-100), none),
        SequenceOption::Max(Some(1000), none),
        SequenceOption::Start(7, none),
        SequenceOption::Cache(5, none),
        SequenceOption::Cycle(true, none),
    ];
    choice.some(&all, 3)
}

/// Schemas, extensions and comments.
pub(super) fn rest(schema: &Schema, choice: &mut Choice<'_>) -> Option<Vec<Operation>> {
    let name = |text: &str| Ident::computed(text);
    let operation: Operation = match choice.below(12) {
        0 | 1 => CreateSchema { name: names::name(choice) }.into(),
        2 => {
            let known: Vec<_> = schema.namespaces.keys().cloned().collect();
            DropSchema { name: choice.of(&known).filter(|name| *name != *"public")? }.into()
        }
        3 => CreateExtension { name: name(choice.text(EXTENSIONS)), schema: None }.into(),
        4 => DropExtension { name: name(choice.text(EXTENSIONS)) }.into(),
        _ => {
            let texts = ["what it is", "it's \"said\" \\ twice", "two\nlines", "ü"];
            let text = if choice.once_in(5) { None } else { choice.of(&texts).map(str::to_owned) };
            Comment::new(subject(schema, choice)?, text).into()
        }
    };
    Some(vec![operation])
}

fn subject(schema: &Schema, choice: &mut Choice<'_>) -> Option<CommentSubject> {
    let enums: Vec<_> = schema.enums.keys().cloned().collect();
    let (table, of) = names::table(schema, choice)?;
    let constraints: Vec<_> = of.constraints.keys().cloned().collect();
    let indexes: Vec<_> = of.indexes.keys().cloned().collect();
    Some(match choice.below(5) {
        0 => CommentSubject::Enum(choice.of(&enums)?),
        1 => CommentSubject::Constraint(choice.of(&constraints)?, table),
        2 => CommentSubject::Index(table.sibling(choice.of(&indexes)?)),
        3 => CommentSubject::Table(table),
        _ => CommentSubject::Column(table, choice.of(&of.columns)?.name),
    })
}
