//! Rust types for the types of columns: those of the crates that the
//! migrations depend on, else those of the standard library.

use std::collections::BTreeMap;

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::types::Type;
use heck::ToSnakeCase;

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldType {
    /// As it is written.
    pub(super) name: String,
    /// What has to be imported.
    pub(super) uses: Option<String>,
    /// Whether it does not say the type of the column: `type = …` does.
    pub(super) is_written: bool,
}

/// Which crates have types.
#[derive(Debug, Default)]
pub(super) struct RustTypes {
    crates: Vec<&'static str>,
}

/// Types of PostgreSQL by their own names, with the paths of Rust types for
/// them; the first whose crate is there is taken. A type that would not be
/// derived from the Rust type is written.
#[rustfmt::skip]
const TYPES: &[(&str, &[&str], bool)] = &[
    ("text", &["String"], false),
    ("smallint", &["i16"], false),
    ("integer", &["i32"], false),
    ("bigint", &["i64"], false),
    ("real", &["f32"], false),
    ("double precision", &["f64"], false),
    ("boolean", &["bool"], false),
    ("bytea", &["Vec<u8>"], false),
    ("uuid", &["uuid::Uuid"], false),
    ("numeric", &["rust_decimal::Decimal", "bigdecimal::BigDecimal"], false),
    ("timestamp with time zone", &["jiff::Timestamp", "chrono::DateTime<chrono::Utc>", "time::OffsetDateTime", "std::time::SystemTime"], false),
    ("timestamp without time zone", &["jiff::civil::DateTime", "chrono::NaiveDateTime", "time::PrimitiveDateTime"], false),
    ("date", &["jiff::civil::Date", "chrono::NaiveDate", "time::Date"], false),
    ("time without time zone", &["jiff::civil::Time", "chrono::NaiveTime", "time::Time"], false),
    ("jsonb", &["serde_json::Value"], false),
    ("json", &["serde_json::Value"], true),
    ("inet", &["std::net::IpAddr"], false),
];

impl RustTypes {
    /// The crates that a manifest names.
    pub(super) fn of(manifest: &str) -> Self {
        let paths = TYPES.iter().flat_map(|(_, paths, _)| *paths);
        let crates = paths.filter_map(|path| path.split_once("::")).map(|(name, _)| name);
        let has = |name: &&str| *name == "std" || depends_on(manifest, name);
        Self { crates: crates.filter(has).collect() }
    }

    /// The type of a field for a column of a table.
    pub(super) fn field(
        &self,
        ty: &Type,
        enums: &BTreeMap<ObjectName, String>,
        table: &ObjectName,
    ) -> FieldType {
        let of = match &ty.schema {
            None => self.builtin(ty),
            Some(schema) => {
                let name = ObjectName::qualified(schema.clone(), ty.name.clone());
                enums.get(&name).map(|rust_name| of_enum(rust_name, &name, table))
            }
        };
        let unknown = || FieldType { name: "String".into(), uses: None, is_written: true };
        let of = of.unwrap_or_else(unknown);
        match ty.array {
            true => FieldType { name: format!("Vec<{}>", of.name), ..of },
            false => of,
        }
    }

    fn builtin(&self, ty: &Type) -> Option<FieldType> {
        let (_, paths, is_written) = TYPES.iter().find(|(name, ..)| *ty.name.as_str() == **name)?;
        let is_there = |path: &&&str| match path.split_once("::") {
            Some((name, _)) => self.crates.contains(&name),
            None => true,
        };
        let path = paths.iter().find(is_there)?;
        let is_written = *is_written || !ty.modifiers.is_empty();
        // What has arguments is written with its path.
        let named = path.rsplit_once("::").filter(|_| !path.contains('<'));
        Some(match named {
            Some((_, name)) => {
                FieldType { name: name.into(), uses: Some(format!("use {path};")), is_written }
            }
            None => FieldType { name: (*path).into(), uses: None, is_written },
        })
    }
}

fn of_enum(rust_name: &str, name: &ObjectName, table: &ObjectName) -> FieldType {
    let is_found = name.schema == *"public" || name.schema == table.schema;
    FieldType {
        name: rust_name.to_owned(),
        uses: Some(format!("use super::{rust_name};")),
        is_written: !is_found || *name.name.as_str() != rust_name.to_snake_case(),
    }
}

/// Whether a manifest names a crate among its dependencies.
fn depends_on(manifest: &str, name: &str) -> bool {
    let mut section = "";
    manifest.lines().map(str::trim).any(|line| {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
            return section == format!("dependencies.{name}");
        }
        let rest = line.strip_prefix(name).unwrap_or_default();
        section == "dependencies" && rest.starts_with([' ', '=', '.'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_that_are_there_are_used() {
        let manifest = "[package]\nname = \"uuid\"\n[dependencies]\nuuid = \"1\"\nchrono.workspace = true\n\
                        [dependencies.serde_json]\nversion = \"1\"\n[dev-dependencies]\njiff = \"0.2\"\n";
        let types = RustTypes::of(manifest);
        let table = ObjectName::unqualified(deepref_schema_core::ident::Ident::computed("t"));
        let name = |ty: &str| types.field(&Type::builtin(ty), &BTreeMap::new(), &table);
        let of = |ty: &str| (name(ty).name, name(ty).is_written);
        assert_eq!(of("uuid"), ("Uuid".into(), false));
        assert_eq!(of("timestamp with time zone"), ("chrono::DateTime<chrono::Utc>".into(), false));
        assert_eq!(of("date"), ("NaiveDate".into(), false));
        assert_eq!(of("jsonb"), ("Value".into(), false));
        assert_eq!(of("json"), ("Value".into(), true));
        assert_eq!(of("numeric"), ("String".into(), true));
        assert_eq!(of("tsvector"), ("String".into(), true));
        let without = RustTypes::of("").field(&Type::builtin("uuid"), &BTreeMap::new(), &table);
        assert_eq!(without, FieldType { name: "String".into(), uses: None, is_written: true });
    }
}
