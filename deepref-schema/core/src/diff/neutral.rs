//! A value for a column whose own value is gone.

use crate::expr::Expr;
use crate::ident::{ObjectName, literal};
use crate::known;
use crate::schema::Schema;
use crate::types::Type;

/// A value of a type that says nothing; one that is new in each row where rows
/// must differ. `None` where the type has no such.
pub(super) fn value(ty: &Type, is_unique: bool, schema: &Schema) -> Option<Expr> {
    let is_long = |ty: &Type| {
        let length = ty.modifiers.first().and_then(|length| length.parse::<u32>().ok());
        length.is_none_or(|length| length >= 36)
    };
    let sql = if ty.is("uuid") {
        "gen_random_uuid()".to_owned()
    } else if is_unique {
        let text = (ty.is("text") || ty.is("character varying")) && is_long(ty);
        text.then(|| "gen_random_uuid()::text".to_owned())?
    } else if ty.array {
        "'{}'".to_owned()
    } else if let Some(value) = first_of_enum(ty, schema) {
        literal(&value)
    } else if known::is_string(ty) {
        "''".to_owned()
    } else {
        plain(ty.schema.is_none().then_some(ty.name.as_str())?)?.to_owned()
    };
    Some(Expr::computed(sql))
}

fn first_of_enum(ty: &Type, schema: &Schema) -> Option<String> {
    let name = ObjectName::qualified(ty.schema.clone()?, ty.name.clone());
    let found = schema.enums.get(&name)?;
    found.values.first().map(ToString::to_string)
}

fn plain(name: &str) -> Option<&'static str> {
    Some(match name {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => "0",
        "boolean" => "false",
        "date" => "current_date",
        "timestamp with time zone" | "timestamp without time zone" => "now()",
        "interval" => "'0'",
        "json" | "jsonb" => "'{}'",
        "bytea" => "''",
        _ => return None,
    })
}
