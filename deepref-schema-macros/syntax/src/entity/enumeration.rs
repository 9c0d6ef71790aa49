//! A Rust enum and its `#[pg_enum(…)]`.

use deepref_schema_core::entity::Enumeration;
use deepref_schema_core::ident::{Ident, ObjectName};
use syn::{Attribute, Data, DeriveInput, Fields, Variant};

use super::attributes::{Settings, any_name, any_path, case, equals, is_item, once};
use super::case::{Case, type_name};
use super::table::unraw;
use super::{Derived, Reader, docs};
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::statement::unknown_word;

/// What stands in `#[pg_enum(…)]`.
#[derive(Debug, Default)]
struct EnumAttributes {
    name: Option<ObjectName>,
    rename_all: Option<Case>,
    serde: bool,
    comment: Option<String>,
    settings: Settings,
}

impl Reader<'_> {
    pub(super) fn enumeration(&mut self, input: &DeriveInput) -> Option<Derived<Enumeration>> {
        let origin = self.mark(input.ident.span());
        let rust_name = unraw(&input.ident);
        let Data::Enum(data) = &input.data else {
            let stop = Stop::new(origin, "an enum type is a Rust `enum`");
            self.errors.push(stop.help("derive `Entity` for a struct"));
            return None;
        };
        let mut attributes = EnumAttributes::default();
        for content in self.attributes(&input.attrs, "pg_enum") {
            self.items(&content, |_, cursor| attributes.item(cursor, &input.attrs));
        }
        if attributes.serde {
            let serde = self.serde(&input.attrs);
            attributes.rename_all = attributes.rename_all.or(serde.rename_all);
        }
        let name = attributes
            .name
            .take()
            .unwrap_or_else(|| ObjectName::unqualified(Ident::new(type_name(&rust_name), origin)));
        let mut values: Vec<Ident> = Vec::new();
        for variant in &data.variants {
            let value = self.value(variant, &attributes);
            if let Some(value) = self.errors.keep(value) {
                match values.contains(&value) {
                    true => self.errors.push(twice(&value)),
                    false => values.push(value),
                }
            }
        }
        if data.variants.is_empty() {
            self.errors.push(Stop::new(origin, "an enum needs a value").help("add a variant"));
        }
        let comment = attributes.comment.take();
        let Settings { deny_drift, history } = attributes.settings;
        let of = Enumeration { rust_name, origin, name, values, comment };
        Some(Derived { of, deny_drift, history })
    }

    /// The value of a variant.
    fn value(&mut self, variant: &Variant, of: &EnumAttributes) -> Parse<Ident> {
        let origin = self.mark(variant.ident.span());
        let rust_name = unraw(&variant.ident);
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Stop::new(origin, "a value of an enum has no fields")
                .help(format!("write `{rust_name}` alone")));
        }
        let mut rename: Option<Ident> = None;
        for content in self.attributes(&variant.attrs, "pg_enum") {
            self.items(&content, |_, cursor| {
                let at = cursor.origin();
                if !is_item(cursor, "rename") {
                    return Err(unknown_word(cursor, "`rename`", &["rename"]));
                }
                cursor.skip(1);
                equals(cursor, "rename = \"in review\"")?;
                once(rename.replace(any_name(cursor)?).is_none(), at, "rename")
            });
        }
        let serde = if of.serde { self.serde(&variant.attrs).rename } else { None };
        let text = match (rename, serde) {
            (Some(name), _) => name.as_str().to_owned(),
            (None, Some(name)) => name,
            (None, None) => of.rename_all.map_or(rust_name.clone(), |case| case.apply(&rust_name)),
        };
        Ok(Ident::new(text, origin))
    }
}

fn twice(value: &Ident) -> Stop {
    Stop::of("already_exists", value.origin, format!("value `{value}` is given twice"))
        .help("rename one of the variants")
}

impl EnumAttributes {
    fn item(&mut self, cursor: &mut Cursor, attributes: &[Attribute]) -> Parse<()> {
        let origin = cursor.origin();
        if is_item(cursor, "name") {
            cursor.skip(1);
            equals(cursor, "name = kyc_status")?;
            let name = any_path(cursor)?;
            return once(self.name.replace(name).is_none(), origin, "name");
        }
        if is_item(cursor, "rename_all") {
            cursor.skip(1);
            let case = case(cursor)?;
            return once(self.rename_all.replace(case).is_none(), origin, "rename_all");
        }
        if is_item(cursor, "serde") {
            cursor.skip(1);
            return once(!std::mem::replace(&mut self.serde, true), origin, "serde");
        }
        if docs::comment(cursor, attributes, &mut self.comment)? || self.settings.read(cursor)? {
            return Ok(());
        }
        Err(unknown_word(
            cursor,
            "`name`, `rename_all`, `serde`, `comment`, `deny(drift)` or `history`",
            &["name", "rename_all", "serde", "comment", "deny", "history"],
        ))
    }
}
