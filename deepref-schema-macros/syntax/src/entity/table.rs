//! A struct and its `#[entity(…)]`.

use deepref_schema_core::entity::Entity;
use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{ConstraintDefinition, CreateIndex};
use deepref_schema_core::origin::Origin;
use syn::{Attribute, Data, DeriveInput, Fields};

use super::attributes::{Settings, any_path, case, equals, is_item, once};
use super::case::{Case, type_name};
use super::{Derived, Reader, docs};
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::name::{is_name, name};
use crate::statement::constraint::{Place, constraint, is_constraint, refuse_sql_order};
use crate::statement::index::index;
use crate::statement::unknown_word;

/// What stands in `#[entity(…)]`.
#[derive(Debug, Default)]
pub(super) struct TableAttributes {
    table: Option<ObjectName>,
    pub(super) rename_all: Option<Case>,
    pub(super) serde: bool,
    partial: bool,
    comment: Option<String>,
    constraints: Vec<ConstraintDefinition>,
    /// Their tables are filled in later.
    indexes: Vec<CreateIndex>,
    settings: Settings,
}

impl Reader<'_> {
    pub(super) fn entity(&mut self, input: &DeriveInput) -> Option<Derived<Entity>> {
        let origin = self.mark(input.ident.span());
        let rust_name = unraw(&input.ident);
        let fields = self.named_fields(input, origin)?;
        let mut attributes = self.table_attributes(&input.attrs);
        if attributes.serde {
            let serde = self.serde(&input.attrs);
            attributes.rename_all = attributes.rename_all.or(serde.rename_all);
        }
        let name = attributes
            .table
            .take()
            .unwrap_or_else(|| ObjectName::unqualified(Ident::new(type_name(&rust_name), origin)));
        let mut entity = Entity {
            rust_name,
            origin,
            name,
            fields: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            comment: attributes.comment.take(),
            partial: attributes.partial,
        };
        for field in fields {
            self.field(field, &attributes, &mut entity);
        }
        if entity.fields.is_empty() && !self.errors.broken {
            let message = format!("`{}` has no field that is a column", entity.rust_name);
            self.errors.push(Stop::new(origin, message).help("add one, such as `id: i64`"));
        }
        entity.constraints.append(&mut attributes.constraints);
        entity.indexes.append(&mut attributes.indexes);
        for index in &mut entity.indexes {
            index.table = entity.name.clone();
        }
        let Settings { deny_drift, history } = attributes.settings;
        Some(Derived { of: entity, deny_drift, history })
    }

    fn named_fields<'i>(
        &mut self,
        input: &'i DeriveInput,
        origin: Origin,
    ) -> Option<impl Iterator<Item = &'i syn::Field> + use<'i>> {
        match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => return Some(fields.named.iter()),
                _ => self.errors.push(
                    Stop::new(origin, "an entity is a struct with named fields")
                        .help(format!("write `struct {} {{ id: i64 }}`", input.ident)),
                ),
            },
            Data::Enum(_) => self.errors.push(
                Stop::new(origin, "an entity is a struct with named fields")
                    .help("derive `PgEnum` for an enum"),
            ),
            Data::Union(_) => self
                .errors
                .push(Stop::new(origin, "an entity is a struct with named fields, no union")),
        }
        None
    }

    fn table_attributes(&mut self, attributes: &[Attribute]) -> TableAttributes {
        let mut read = TableAttributes::default();
        for content in self.attributes(attributes, "entity") {
            self.items(&content, |_, cursor| read.item(cursor, attributes));
        }
        read
    }
}

/// The name of something in Rust, without `r#`.
pub(super) fn unraw(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

const WORDS: &[&str] = &[
    "table",
    "rename_all",
    "serde",
    "partial",
    "comment",
    "primary",
    "unique",
    "check",
    "foreign",
    "exclude",
    "index",
    "deny",
    "history",
];

impl TableAttributes {
    fn item(&mut self, cursor: &mut Cursor, attributes: &[Attribute]) -> Parse<()> {
        let origin = cursor.origin();
        if is_item(cursor, "table") {
            cursor.skip(1);
            equals(cursor, "table = users")?;
            let table = any_path(cursor)?;
            return once(self.table.replace(table).is_none(), origin, "table");
        }
        if is_item(cursor, "rename_all") {
            cursor.skip(1);
            let case = case(cursor)?;
            return once(self.rename_all.replace(case).is_none(), origin, "rename_all");
        }
        for (word, flag) in [("serde", &mut self.serde), ("partial", &mut self.partial)] {
            if is_item(cursor, word) {
                cursor.skip(1);
                return once(!std::mem::replace(flag, true), origin, word);
            }
        }
        if docs::comment(cursor, attributes, &mut self.comment)? || self.settings.read(cursor)? {
            return Ok(());
        }
        if cursor.is_word("index") || cursor.are_words(&["unique", "index"]) {
            self.indexes.push(table_index(cursor)?);
            return Ok(());
        }
        if is_constraint(cursor) {
            self.constraints.push(constraint(cursor, Place::Table)?.0);
            return Ok(());
        }
        refuse_sql_order(cursor)?;
        Err(unknown(cursor))
    }
}

fn unknown(cursor: &Cursor) -> Stop {
    if cursor.is_word("create") {
        return cursor
            .mistake("an index of an entity is written without `create`")
            .help("write `index NAME (…)` or `unique index NAME (…)`");
    }
    if cursor.is_word("name") {
        return cursor.mistake("the name of the table is `table`").help("write `table = …`");
    }
    unknown_word(
        cursor,
        "`table`, `rename_all`, a constraint, `index`, `comment`, `partial`, `serde`, `deny(drift)` or `history`",
        WORDS,
    )
}

/// `['unique'] 'index' [NAME] …`, as in the language, without the table.
fn table_index(cursor: &mut Cursor) -> Parse<CreateIndex> {
    let origin = cursor.origin();
    let unique = cursor.eat_word("unique");
    cursor.expect_word("index")?;
    if cursor.is_word("concurrently") && !is_plain(cursor, 1) {
        return Err(cursor
            .mistake("an entity says what there is, not how it is made")
            .help("delete `concurrently`: `generate` writes it where it is needed"));
    }
    let is_method = cursor.is_word("using") && !is_plain(cursor, 1);
    let name = if is_name(cursor) && !is_method { Some(name(cursor)?) } else { None };
    if cursor.is_word("on") {
        return Err(cursor
            .mistake("the table of an entity's index is known")
            .help("delete `on …`"));
    }
    let index = index(cursor, unique)?;
    let table = ObjectName::unqualified(Ident::computed(""));
    Ok(CreateIndex { name, table, index, concurrently: false, origin })
}

/// Whether parentheses stand after so many tokens.
fn is_plain(cursor: &Cursor, ahead: usize) -> bool {
    cursor.peek_at(ahead).is_some_and(|token| token.is_group(proc_macro2::Delimiter::Parenthesis))
}
