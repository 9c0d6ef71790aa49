//! What PostgreSQL and its extensions bring along, asked of the catalogue.

use crate::schema::Schema;
use crate::types::Type;

/// PostgreSQL's own name of a built-in type, whatever alias is written.
pub fn builtin_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" | "boolean" => "boolean",
        "smallint" | "int2" => "smallint",
        "int" | "integer" | "int4" => "integer",
        "bigint" | "int8" => "bigint",
        "real" | "float4" => "real",
        "double precision" | "float8" | "float" => "double precision",
        "numeric" | "decimal" | "dec" => "numeric",
        "varchar" | "character varying" => "character varying",
        "char" | "character" | "bpchar" | "nchar" => "character",
        "bit" => "bit",
        "varbit" | "bit varying" => "bit varying",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        "text" => "text",
        "uuid" => "uuid",
        "jsonb" => "jsonb",
        "json" => "json",
        "date" => "date",
        "bytea" => "bytea",
        "inet" => "inet",
        "tsvector" => "tsvector",
        "interval" => "interval",
        "tstzrange" => "tstzrange",
        "regclass" => "regclass",
        "\"char\"" => "\"char\"",
        _ => return None,
    })
}

/// `char` is `char(1)`, `bit` is `bit(1)` (manual chapter "Character Types").
pub fn with_default_modifiers(ty: Type) -> Type {
    match ty.name.as_str() {
        "character" | "bit" if ty.modifiers.is_empty() => {
            Type { modifiers: vec!["1".to_owned()], ..ty }
        }
        "numeric" if ty.modifiers.len() == 1 => {
            Type { modifiers: vec![ty.modifiers[0].clone(), "0".to_owned()], ..ty }
        }
        _ => ty,
    }
}

/// The extensions of PostgreSQL's contrib that have a type of this name.
pub fn extensions_with_type(_name: &str) -> Vec<&'static str> {
    Vec::new()
}

/// The types that a misspelt one may be.
pub fn common_types() -> impl Iterator<Item = &'static str> {
    [
        "smallint",
        "int",
        "bigint",
        "numeric",
        "real",
        "bool",
        "text",
        "varchar",
        "char",
        "bytea",
        "date",
        "time",
        "timestamp",
        "timestamptz",
        "interval",
        "uuid",
        "json",
        "jsonb",
        "inet",
        "tsvector",
        "serial",
        "bigserial",
    ]
    .into_iter()
}

/// A name as the language writes it: as a string where it is no identifier.
pub fn as_written(name: &str) -> String {
    let mut chars = name.chars();
    let is_identifier = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_');
    if is_identifier { name.to_owned() } else { format!("{name:?}") }
}

impl Schema {
    /// Whether an extension is installed of which the catalogue knows nothing:
    /// any type and function may be its own.
    pub fn has_foreign_extension(&self) -> bool {
        false
    }
}

/// The type that a serial column has.
pub fn serial_type(ty: &Type) -> Option<&'static str> {
    match ty.name.as_str() {
        _ if ty.schema.is_some() => None,
        "smallserial" | "serial2" => Some("smallint"),
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        _ => None,
    }
}

/// The extensions that an extension of contrib needs; `None` for one that is
/// not known.
pub fn extension_requires(_name: &str) -> Option<Vec<&'static str>> {
    Some(Vec::new())
}

/// The extensions of contrib.
pub fn extensions() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

/// Whether a value of one type can be stored in a column of another without a
/// cast being written; `None` where the catalogue can not tell.
pub fn assignable(from: &Type, to: &Type) -> Option<bool> {
    if is_text(to) || (from.name == to.name && from.schema == to.schema) {
        return Some(true);
    }
    None
}

/// Whether a cast between two types can be written.
pub fn castable(from: &Type, to: &Type) -> Option<bool> {
    assignable(from, to)
}

/// Whether PostgreSQL has an equality between two types, as a foreign key
/// needs it.
pub fn comparable(a: &Type, b: &Type) -> bool {
    a.name == b.name && a.schema == b.schema && a.array == b.array
}

/// Whether a change of type keeps what each value holds, or fails.
pub fn keeps_values(from: &Type, to: &Type) -> bool {
    is_text(to) && to.modifiers.is_empty() || from == to
}

fn is_text(ty: &Type) -> bool {
    ty.is("text") || ty.is("character varying")
}

impl Schema {
    /// What needs the types, functions and operator classes of an extension.
    pub fn users_of_extension(&self, _name: &str) -> Vec<crate::schema::User> {
        Vec::new()
    }
}
