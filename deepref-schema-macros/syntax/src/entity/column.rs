//! `#[column(…)]`

use deepref_schema_core::entity::Entity;
use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{
    ColumnDefinition, ConstraintDefinition, ConstraintForm, CreateIndex, IdentityDefinition,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{
    Deferral, ElementSubject, ForeignKey, Index, IndexElement, Key, Made,
};
use deepref_schema_core::types::Type;
use proc_macro2::Delimiter;
use syn::Attribute;

use super::attributes::{any_name, equals, is_item, once};
use super::field::or;
use super::{Reader, docs};
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::expr::{self, Ends};
use crate::name::{is_name, name};
use crate::statement::column::{collation, generated, identity};
use crate::statement::constraint::references;
use crate::statement::unknown_word;
use crate::types::ty;

/// What stands in `#[column(…)]`.
#[derive(Debug, Default)]
pub(super) struct ColumnAttributes {
    pub(super) skip: bool,
    pub(super) rename: Option<Ident>,
    pub(super) ty: Option<Type>,
    /// `?` after the type.
    pub(super) nullable: bool,
    pub(super) default: Option<Expr>,
    pub(super) identity: Option<IdentityDefinition>,
    pub(super) generated: Option<Expr>,
    pub(super) collation: Option<ObjectName>,
    pub(super) comment: Option<String>,
    primary_key: Option<Origin>,
    unique: Option<Origin>,
    checks: Vec<(Expr, Origin)>,
    references: Vec<(ForeignKey, Deferral, Origin)>,
    /// The name of the index, where it has one.
    index: Option<(Option<Ident>, Origin)>,
    default_origin: Origin,
}

const WORDS: &[&str] = &[
    "type",
    "default",
    "primary",
    "unique",
    "check",
    "references",
    "index",
    "identity",
    "generated",
    "collate",
    "rename",
    "comment",
    "skip",
];

impl Reader<'_> {
    pub(super) fn column_attributes(&mut self, attributes: &[Attribute]) -> ColumnAttributes {
        let mut read = ColumnAttributes::default();
        for content in self.attributes(attributes, "column") {
            self.items(&content, |_, cursor| read.item(cursor, attributes));
        }
        read
    }
}

impl ColumnAttributes {
    fn item(&mut self, cursor: &mut Cursor, attributes: &[Attribute]) -> Parse<()> {
        if docs::comment(cursor, attributes, &mut self.comment)? {
            return Ok(());
        }
        let origin = cursor.origin();
        if cursor.eat_words(&["primary", "key"]) || cursor.eat_word("primary_key") {
            return once(self.primary_key.replace(origin).is_none(), origin, "primary key");
        }
        if cursor.eat_word("unique") {
            refuse_name(cursor, "unique")?;
            return once(self.unique.replace(origin).is_none(), origin, "unique");
        }
        if cursor.eat_word("check") {
            refuse_name(cursor, "check")?;
            self.checks.push((expr::in_parentheses(cursor)?, origin));
            return Ok(());
        }
        if cursor.is_word("references") {
            let (key, deferral) = references(cursor, Vec::new())?;
            self.references.push((key, deferral, origin));
            return Ok(());
        }
        if cursor.eat_word("index") {
            let name = if is_name(cursor) { Some(name(cursor)?) } else { None };
            let first = self.index.replace((name, origin)).is_none();
            return once(first, origin, "index");
        }
        if cursor.is_word("identity") {
            let identity = identity(cursor)?;
            return once(self.identity.replace(identity).is_none(), origin, "identity");
        }
        if cursor.eat_word("generated") {
            let generated = generated(cursor)?;
            return once(self.generated.replace(generated).is_none(), origin, "generated");
        }
        if cursor.is_word("collate") {
            let collation = collation(cursor)?;
            return once(self.collation.replace(collation).is_none(), origin, "collate");
        }
        self.value(cursor, origin)
    }

    /// The items with `=`, and `skip`.
    fn value(&mut self, cursor: &mut Cursor, origin: Origin) -> Parse<()> {
        if is_item(cursor, "skip") {
            cursor.skip(1);
            return once(!std::mem::replace(&mut self.skip, true), origin, "skip");
        }
        if is_item(cursor, "type") {
            cursor.skip(1);
            equals(cursor, "type = varchar(20)")?;
            let ty = ty(cursor)?;
            self.nullable = cursor.eat_punct('?');
            return once(self.ty.replace(ty).is_none(), origin, "type");
        }
        if is_item(cursor, "default") {
            cursor.skip(1);
            equals(cursor, "default = now()")?;
            let default = expr::open(cursor, Ends::Item)?;
            self.default_origin = origin;
            return once(self.default.replace(default).is_none(), origin, "default");
        }
        if is_item(cursor, "rename") {
            cursor.skip(1);
            equals(cursor, "rename = createdAt")?;
            let name = any_name(cursor)?;
            return once(self.rename.replace(name).is_none(), origin, "rename");
        }
        Err(unknown(cursor))
    }

    /// A default stands beside neither an identity nor an expression.
    pub(super) fn check(&self, column: &ColumnDefinition) -> Parse<()> {
        let (rule, other) = match (&column.identity, &column.generated) {
            (Some(_), _) => ("invalid_identity", "identity"),
            (_, Some(_)) => ("generated", "generated"),
            _ => return Ok(()),
        };
        if column.default.is_none() {
            return Ok(());
        }
        let message = format!("a column that is `{other}` has no default");
        Err(Stop::of(rule, self.default_origin, message).help("delete the default"))
    }

    /// Adds the constraints and the index of the column to the entity.
    pub(super) fn put(&mut self, column: &Ident, entity: &mut Entity) {
        let key = || Key { columns: vec![column.clone()], ..Key::default() };
        let mut add = |form, deferral, origin| {
            entity.constraints.push(ConstraintDefinition {
                name: None,
                form,
                deferral,
                not_valid: false,
                origin: or(origin, column),
            });
        };
        if let Some(origin) = self.primary_key {
            add(ConstraintForm::PrimaryKey(key()), Deferral::default(), origin);
        }
        if let Some(origin) = self.unique {
            add(ConstraintForm::Unique(key()), Deferral::default(), origin);
        }
        for (check, origin) in self.checks.drain(..) {
            add(ConstraintForm::Check(check), Deferral::default(), origin);
        }
        for (key, deferral, origin) in self.references.drain(..) {
            let key = ForeignKey { columns: vec![column.clone()], ..key };
            add(ConstraintForm::ForeignKey(key), deferral, origin);
        }
        if let Some((name, origin)) = self.index.take() {
            let (table, index) = (entity.name.clone(), of_column(column));
            entity.indexes.push(CreateIndex { name, table, index, concurrently: false, origin });
        }
    }
}

/// The plain index of one column.
fn of_column(column: &Ident) -> Index {
    let element = IndexElement {
        subject: ElementSubject::Column(column.clone()),
        collation: None,
        operator_class: None,
        descending: false,
        nulls: None,
    };
    Index {
        unique: false,
        method: Ident::computed("btree"),
        elements: vec![element],
        include: Vec::new(),
        nulls_not_distinct: false,
        parameters: Vec::new(),
        predicate: None,
        comment: None,
        made: Made::default(),
    }
}

/// A constraint with a name is an item of the table, as in the language.
fn refuse_name(cursor: &Cursor, kind: &str) -> Parse<()> {
    let is_condition = kind == "check"
        && !cursor.peek_at(1).is_some_and(|token| token.is_group(Delimiter::Parenthesis));
    if !is_name(cursor) || is_condition {
        return Ok(());
    }
    let name = cursor.found();
    let name = name.trim_matches('`');
    Err(cursor
        .mistake("a constraint with a name stands at the struct")
        .help(format!("write `{kind} {name} (…)` in `#[entity(…)]`")))
}

fn unknown(cursor: &Cursor) -> Stop {
    if cursor.are_words(&["not", "null"]) {
        return cursor
            .mistake("a column is NOT NULL unless its field is an `Option`")
            .help("delete `not null`");
    }
    if ["null", "nullable"].iter().any(|word| cursor.is_word(word)) {
        return cursor
            .mistake("the field of a column that may be null is an `Option`")
            .help("write `Option<…>`");
    }
    if cursor.is_word("name") {
        return cursor.mistake("the name of a column is `rename`").help("write `rename = …`");
    }
    if ["foreign", "exclude"].iter().any(|word| cursor.is_word(word)) {
        return cursor
            .mistake("a constraint of several columns stands at the struct")
            .help("write it in `#[entity(…)]`; of this column alone, `references table (column)`");
    }
    unknown_word(
        cursor,
        "`type`, `default`, `primary key`, `unique`, `check`, `references`, `index`, `identity`, \
         `generated`, `collate`, `rename`, `comment` or `skip`",
        WORDS,
    )
}
