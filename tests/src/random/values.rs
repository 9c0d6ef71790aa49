//! Types, and expressions of them.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, ObjectName, literal};
use deepref_schema_core::schema::{Column, EnumType, Schema};
use deepref_schema_core::types::Type;

use super::choice::Choice;
use super::names::is_word;

const TYPES: &[&str] = &[
    "integer",
    "integer",
    "bigint",
    "smallint",
    "text",
    "text",
    "character varying(20)",
    "character varying",
    "character(3)",
    "numeric(8, 2)",
    "numeric",
    "boolean",
    "uuid",
    "timestamp(3) with time zone",
    "timestamp without time zone",
    "date",
    "jsonb",
    "json",
    "double precision",
    "bit(3)",
    "bit varying(5)",
    "inet",
    "interval",
    "bytea",
    "\"char\"",
    "time without time zone",
    "tstzrange",
    "tsvector",
];

/// A type; an enum now and then, an array now and then.
pub(super) fn ty(schema: &Schema, choice: &mut Choice<'_>) -> Type {
    let enums: Vec<ObjectName> = schema.enums.keys().cloned().collect();
    let mut ty = match choice.of(&enums).filter(|_| choice.once_in(4)) {
        Some(of) => Type {
            schema: Some(of.schema.clone()),
            name: of.name,
            modifiers: Vec::new(),
            array: false,
        },
        None => builtin(choice.text(TYPES)),
    };
    ty.array = choice.once_in(8);
    ty
}

fn builtin(text: &str) -> Type {
    let (name, modifiers) = match text.split_once('(') {
        Some((before, rest)) => {
            let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
            let modifiers = inner.split(", ").map(str::to_owned).collect();
            (format!("{before}{after}"), modifiers)
        }
        None => (text.to_owned(), Vec::new()),
    };
    Type { modifiers, ..Type::builtin(&name) }
}

/// A default for a type.
pub(super) fn default(schema: &Schema, ty: &Type, choice: &mut Choice<'_>) -> Option<Expr> {
    if let Some(of) = enum_of(schema, ty) {
        let value = literal(choice.of(&of.values)?.as_str());
        let value = if ty.array { format!("array[{value}]::{}", ty.sql()) } else { value };
        let cast = !ty.array && choice.once_in(2) && words(ty);
        let sql = if cast { format!("{value}::{}", ty.sql()) } else { value };
        return (!ty.array || words(ty)).then(|| Expr::computed(sql));
    }
    if ty.array {
        return Some(Expr::computed("'{}'"));
    }
    let texts: &[&'static str] = match ty.name.as_str() {
        "integer" | "bigint" | "smallint" => &["0", "-1", "1 + 2 * 3", "length('abc')", "'7'"],
        "text" | "character varying" => {
            &["'x'", "'it''s'", "''", "lower('A')", "'a' || 'b'", "current_user", "'\"\\n'"]
        }
        "numeric" | "double precision" => &["0", "1.50", "random()"],
        "boolean" => &["true", "false", "not true", "1 > 2"],
        "uuid" => &["gen_random_uuid()"],
        "timestamp with time zone" => &["now()", "current_timestamp", "'2026-01-31'"],
        "timestamp without time zone" => &["now() at time zone 'utc'", "localtimestamp"],
        "date" => &["current_date", "'2026-01-31'"],
        "jsonb" | "json" => &["'{}'", "'{\"a\": [1]}'"],
        "bit" if ty.modifiers == ["3"] => &["'101'::bit(3)"],
        "interval" => &["'1 day'", "interval '1 day'"],
        _ => &[],
    };
    choice.of(texts).map(Expr::computed)
}

/// A condition about a column, or about two.
pub(super) fn condition(
    schema: &Schema,
    columns: &[&Column],
    choice: &mut Choice<'_>,
) -> Option<Expr> {
    let usable: Vec<_> = columns.iter().filter(|column| is_word(&column.name)).collect();
    let column = *choice.of(&usable)?;
    let other = choice.of(&usable).filter(|_| choice.once_in(3));
    let first = about(schema, column, choice);
    let sql = match other {
        Some(other) => format!("{first} or {}", about(schema, other, choice)),
        None => first,
    };
    Some(Expr::computed(sql))
}

fn about(schema: &Schema, column: &Column, choice: &mut Choice<'_>) -> String {
    let name = column.name.sql();
    if let Some(of) = enum_of(schema, &column.ty).filter(|_| !column.ty.array)
        && let Some(value) = choice.of(&of.values)
    {
        let value = literal(value.as_str());
        return match choice.below(3) {
            0 => format!("{name} <> {value}"),
            1 if words(&column.ty) => format!("{name} = {value}::{}", column.ty.sql()),
            _ => format!("{name} in ({value})"),
        };
    }
    let texts: &[&'static str] = match column.ty.name.as_str() {
        _ if column.ty.array => &["cardinality(@) < 5"],
        "integer" | "bigint" | "smallint" | "numeric" | "double precision" => &[
            "@ > 0",
            "@ between 1 and 9",
            "@ is distinct from 5",
            "coalesce(@, 0) >= 0",
            "@ * 2 < 100",
            "- @ < 3",
        ],
        "text" | "character varying" => &[
            "@ <> 'x'",
            "length(@) > 2",
            "@ in ('p', 'q')",
            "@ ~ '^\\d+$'",
            "@ like 'z%'",
            "lower(@) <> ''",
            "case when @ = 'u' then true else @ is not null end",
            "(@ collate \"C\") > 'a'",
        ],
        "boolean" => &["@", "not @", "@ is true"],
        "date" => &["@ > '2020-01-01'", "extract(year from @) > 2000"],
        "jsonb" => {
            &["@ -> 'a' is not null", "@ @> '{}'", "@ ->> 'a' <> 'b'", "@ #>> '{a,b}' = 'x'"]
        }
        _ => &["@ is not null", "(@ is null) = false"],
    };
    choice.text(texts).replace('@', &name)
}

/// An expression that makes a column of this type from another one.
pub(super) fn generated(ty: &Type, columns: &[&Column], choice: &mut Choice<'_>) -> Option<Expr> {
    let form = match ty.name.as_str() {
        _ if ty.array || ty.schema.is_some() => return None,
        "integer" | "bigint" | "numeric" => "@ * 2",
        "text" => "upper(@)",
        "boolean" => "@ is null",
        _ => return None,
    };
    let fits = |column: &&&Column| {
        let same = column.ty.name == ty.name && !column.ty.array;
        column.generated.is_none() && is_word(&column.name) && (same || form == "@ is null")
    };
    let usable: Vec<_> = columns.iter().filter(fits).collect();
    let column = *choice.of(&usable)?;
    Some(Expr::computed(form.replace('@', &column.name.sql())))
}

/// Some value for each row, of which nothing but the type is known.
pub(super) fn filling(ty: &Type) -> Expr {
    Expr::computed(format!("nullif(gen_random_uuid()::text, '')::text::{}", ty.sql()))
}

fn enum_of<'a>(schema: &'a Schema, ty: &Type) -> Option<&'a EnumType> {
    let name = ObjectName::qualified(ty.schema.clone()?, ty.name.clone());
    schema.enums.get(&name).map(AsRef::as_ref)
}

/// Whether the name of a type can stand in an expression.
pub(super) fn words(ty: &Type) -> bool {
    let namespace = ty.schema.clone().unwrap_or_else(|| Ident::computed("public"));
    ty.schema.is_none() || is_word(&ty.name) && is_word(&namespace)
}
