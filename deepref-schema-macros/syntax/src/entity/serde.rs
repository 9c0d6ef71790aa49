//! Names that `serde` uses, where an entity asks to have the same.

use super::Reader;
use super::attributes::Content;
use super::case::Case;
use crate::cursor::Cursor;
use crate::token::{Kind, Token};
use proc_macro2::Delimiter;
use syn::Attribute;

/// What `#[serde(…)]` says about names.
#[derive(Debug, Default)]
pub(super) struct Serde {
    pub(super) rename: Option<String>,
    pub(super) rename_all: Option<Case>,
    pub(super) skip: bool,
}

impl Reader<'_> {
    /// What the attributes of `serde` say. What is wrong with them, `serde`
    /// reports.
    pub(super) fn serde(&mut self, attributes: &[Attribute]) -> Serde {
        let mut serde = Serde::default();
        for content in self.attributes(attributes, "serde") {
            self.read_serde(&content, &mut serde);
        }
        serde
    }

    fn read_serde(&mut self, content: &Content, serde: &mut Serde) {
        self.items(content, |_, cursor| {
            if cursor.eat_word("skip") {
                serde.skip = true;
            } else if cursor.eat_word("rename") {
                serde.rename = value(cursor).or(serde.rename.take());
            } else if cursor.eat_word("rename_all") {
                serde.rename_all = value(cursor).and_then(|name| Case::named(&name));
            }
            // The rest is no concern of ours.
            while !cursor.at_end() && !cursor.is_punct(',') {
                cursor.skip(1);
            }
            Ok(())
        });
    }
}

/// `= "…"` or `(serialize = "…", …)`: the name in what is written.
fn value(cursor: &mut Cursor) -> Option<String> {
    if let Some(mut inner) = cursor.eat_group(Delimiter::Parenthesis) {
        while !inner.at_end() {
            if inner.eat_word("serialize") {
                return value(&mut inner);
            }
            inner.skip(1);
        }
        return None;
    }
    if !cursor.eat_punct('=') {
        return None;
    }
    match cursor.bump() {
        Some(Token { kind: Kind::Str, text, .. }) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::entity::parse_entity;
    use crate::origins::Origins;

    #[test]
    fn names_of_serde_are_taken_on_demand() {
        let columns = |attributes: &str| {
            let text = format!(
                "{attributes} #[serde(rename_all = \"camelCase\", deny_unknown_fields)]
                struct User {{
                    #[serde(default)]
                    first_name: String,
                    #[serde(rename(serialize = \"mail\", deserialize = \"x\"), alias = \"e\")]
                    email: String,
                    #[serde(rename = \"no\")]
                    #[column(rename = yes)]
                    third: String,
                    #[serde(skip)]
                    cached: u64,
                }}"
            );
            let parsed = parse_entity(text.parse().expect("tokens"), &mut Origins::new());
            let names = |one: crate::entity::Derived<deepref_schema_core::entity::Entity>| {
                let fields = one.of.fields.iter();
                fields.map(|field| field.definition.name.to_string()).collect::<Vec<_>>().join(" ")
            };
            match parsed.value {
                Some(entity) => names(entity),
                None => parsed.diagnostics[0].message.clone(),
            }
        };
        assert_eq!(columns("#[entity(serde)]"), "firstName mail yes");
        assert_eq!(columns("#[entity(serde, rename_all = \"UPPERCASE\")]"), "FIRST_NAME mail yes");
        assert_eq!(columns(""), "PostgreSQL has no type for `u64`");
    }
}
