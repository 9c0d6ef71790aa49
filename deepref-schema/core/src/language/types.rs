//! Types, by their short names.

use super::name::{is_identifier, name};
use super::{Text, literal};
use crate::ident::{DEFAULT_SCHEMA, Ident};
use crate::known;
use crate::types::{Type, short_name};

/// A type, without the `?` of a column.
pub(super) fn ty(ty: &Type) -> Text {
    let modifiers = modifiers(ty)?;
    let modifiers = match modifiers.is_empty() {
        true => String::new(),
        false => format!("({})", modifiers.join(", ")),
    };
    let array = if ty.array { "[]" } else { "" };
    Ok(format!("{}{modifiers}{array}", type_name(ty)?))
}

fn type_name(ty: &Type) -> Text {
    match &ty.schema {
        None => builtin(ty.name.as_str()),
        Some(schema) if *schema == DEFAULT_SCHEMA && !hides(ty) => simple(&ty.name),
        Some(schema) => Ok(format!("{}.{}", simple(schema)?, simple(&ty.name)?)),
    }
}

/// PostgreSQL's own types, whose long names are refused.
fn builtin(long: &str) -> Text {
    if let Some(short) = short_name(long) {
        return Ok(short.to_owned());
    }
    match long {
        "double precision" | "\"char\"" => Ok(long.to_owned()),
        fields if fields.starts_with("interval ") => {
            Err(format!("the type `{fields}` is written in SQL only"))
        }
        other => simple(&Ident::computed(other)),
    }
}

/// Whether a built-in type would be found instead.
fn hides(ty: &Type) -> bool {
    let name = ty.name.as_str();
    known::builtin_type(name).is_some()
        || known::serial_type(&Type { schema: None, ..ty.clone() }).is_some()
}

/// One word of a type's name. One that could be meant as a type in capitals
/// stands as a string, which names a type exactly.
fn simple(of: &Ident) -> Text {
    let text = of.as_str();
    let shouts = !text.contains(char::is_lowercase)
        && known::builtin_type(&text.to_ascii_lowercase()).is_some();
    if shouts { literal::string(text) } else { name(of) }
}

/// The modifiers; those that PostgreSQL fills in are left out.
fn modifiers(ty: &Type) -> Result<Vec<String>, String> {
    let shown = match (ty.name.as_str(), ty.modifiers.as_slice()) {
        ("character" | "bit", [one]) if ty.schema.is_none() && one == "1" => &[],
        ("numeric", [_, scale]) if ty.schema.is_none() && scale == "0" => &ty.modifiers[..1],
        (_, all) => all,
    };
    shown.iter().map(|modifier| self::modifier(modifier)).collect()
}

fn modifier(sql: &str) -> Text {
    if sql.parse::<i64>().is_ok() || is_identifier(sql) {
        return Ok(sql.to_owned());
    }
    match sql.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => name(&Ident::computed(quoted.replace("\"\"", "\""))),
        None => Err(format!("`{sql}` in a type is written in SQL only")),
    }
}
