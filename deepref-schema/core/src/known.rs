//! What PostgreSQL and its extensions bring along, asked of the catalogue.

use crate::catalogue::casts::{self, CastContext};
use crate::catalogue::types::{Type as KnownType, TypeKind};
use crate::catalogue::{
    NEWEST_MAJOR, OLDEST_MAJOR, extensions, functions, operator_classes, operators, types,
};
use crate::expr::Expr;
use crate::ident::Ident;
use crate::schema::{Index, Schema, User};
use crate::types::Type;

/// The built-in type that this spelling means.
pub fn builtin_type(spelling: &str) -> Option<KnownType> {
    types::by_alias(spelling).filter(|found| found.extension.is_none())
}

/// The catalogue's row of a type that is built in or comes with an extension.
pub fn row_of(ty: &Type) -> Option<KnownType> {
    match &ty.schema {
        None => builtin_type(ty.name.as_str()),
        Some(_) => types::find(ty.name.as_str()).filter(|found| found.extension.is_some()),
    }
}

/// Modifiers as PostgreSQL completes them: `char` is `char(1)`, `numeric(5)`
/// is `numeric(5, 0)` (manual chapter "Data Types").
pub fn with_default_modifiers(ty: Type) -> Type {
    match (ty.name.as_str(), ty.modifiers.len()) {
        ("character" | "bit", 0) => Type { modifiers: vec!["1".to_owned()], ..ty },
        ("numeric", 1) => Type { modifiers: vec![ty.modifiers[0].clone(), "0".to_owned()], ..ty },
        _ => ty,
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

/// Whether a value of one type can be stored in a column of another without a
/// cast being written; `None` where the catalogue can not tell.
pub fn assignable(from: &Type, to: &Type) -> Option<bool> {
    cast_in(from, to, CastContext::Assignment, NEWEST_MAJOR)
}

/// Whether a cast between two types can be written; `None` where the
/// catalogue can not tell.
pub fn castable(from: &Type, to: &Type) -> Option<bool> {
    cast_in(from, to, CastContext::Explicit, NEWEST_MAJOR)
}

/// Whether a cast between two types can be written on every version.
pub fn castable_everywhere(from: &Type, to: &Type) -> bool {
    cast_in(from, to, CastContext::Explicit, OLDEST_MAJOR) == Some(true)
}

/// The rules of the manual's chapter "Type Conversion", over the catalogue of
/// a major version.
fn cast_in(from: &Type, to: &Type, context: CastContext, major: u32) -> Option<bool> {
    let same = from.name == to.name && from.schema == to.schema;
    if same && from.array == to.array {
        return Some(true);
    }
    if is_string(to) || (is_string(from) && context == CastContext::Explicit) {
        return Some(true);
    }
    if from.array && to.array {
        return cast_in(&from.element(), &to.element(), context, major);
    }
    if from.array != to.array {
        return Some(false);
    }
    let enums = [from, to].into_iter().filter(|ty| ty.schema.is_some() && row_of(ty).is_none());
    if enums.count() > 0 {
        return Some(false);
    }
    let (a, b) = (row_of(from)?, row_of(to)?);
    let mut casts = casts::between(a.format, b.format);
    Some(casts.any(|cast| cast.context >= context && cast.majors.contains(major)))
}

/// Whether a value of one type can be as short as a string of another may be:
/// `varchar(10)` holds no `uuid`.
pub fn can_be_short(from: &Type, to: &Type) -> bool {
    if !is_string(to) || from.schema.is_some() || from.array {
        return true;
    }
    let Some(most) = to.modifiers.first().and_then(|most| most.parse::<usize>().ok()) else {
        return true;
    };
    let shortest = match from.name.as_str() {
        "uuid" => "00000000-0000-0000-0000-000000000000",
        "macaddr" => "00:00:00:00:00:00",
        "time with time zone" => "00:00:00+00",
        "date" | "timestamp without time zone" | "timestamp with time zone" => "infinity",
        "time without time zone" => "00:00:00",
        "interval" => "1 day",
        "boolean" => "true",
        _ => "",
    };
    shortest.len() <= most
}

/// Whether PostgreSQL has an equality between two types, as a foreign key
/// needs it.
pub fn comparable(a: &Type, b: &Type) -> bool {
    let same = a.name == b.name && a.schema == b.schema && a.array == b.array;
    if same || (is_string(a) && is_string(b)) {
        return true;
    }
    match (row_of(a), row_of(b)) {
        (Some(x), Some(y)) if !a.array && !b.array => {
            operators::between(Some(x.format), "=", Some(y.format)).next().is_some()
        }
        _ => false,
    }
}

/// `text`, `varchar` and their kin, to which every type casts by its text.
pub fn is_string(ty: &Type) -> bool {
    !ty.array && row_of(ty).is_some_and(|row| row.category == 'S' && row.kind != TypeKind::Pseudo)
}

/// Whether a change of type keeps what each value holds, or fails. A cast to a
/// length that is written cuts strings where a column alone refuses them.
pub fn keeps_values(from: &Type, to: &Type, with_cast: bool) -> bool {
    if from.array && to.array {
        return keeps_values(&from.element(), &to.element(), with_cast);
    }
    if from.array || to.array {
        return is_string(to) && to.modifiers.is_empty();
    }
    let (a, b) = (from.name.as_str(), to.name.as_str());
    let integers = ["smallint", "integer", "bigint"];
    match (a, b) {
        ("character varying" | "text" | "character", _) if is_string(to) => {
            !with_cast || to.modifiers.is_empty() || !shortens(from, to)
        }
        (_, "character varying" | "text") => to.modifiers.is_empty() || !with_cast,
        ("character varying" | "text", _) => true,
        ("numeric", "numeric") => {
            to.modifiers.is_empty() || (!from.modifiers.is_empty() && scale(from) <= scale(to))
        }
        _ if a == b && from.schema == to.schema => !shortens(from, to) || integers.contains(&a),
        (_, "numeric") if integers.contains(&a) => scale(to) >= 0,
        _ if integers.contains(&a) && integers.contains(&b) => true,
        ("smallint" | "integer", "double precision") | ("smallint", "real") => true,
        ("real", "double precision") | ("json", "jsonb") | ("boolean", "integer") => true,
        ("timestamp without time zone", "timestamp with time zone")
        | ("timestamp with time zone", "timestamp without time zone") => !shortens(from, to),
        ("date", "timestamp without time zone" | "timestamp with time zone") => true,
        ("cidr", "inet") | ("bit", "bit varying") => true,
        _ => false,
    }
}

/// Whether the first modifier leaves less room than before.
fn shortens(from: &Type, to: &Type) -> bool {
    let size = |ty: &Type| ty.modifiers.first().and_then(|text| text.parse::<i64>().ok());
    match (size(from), size(to)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => new < old,
    }
}

fn scale(ty: &Type) -> i64 {
    ty.modifiers.get(1).and_then(|text| text.parse().ok()).unwrap_or(0)
}

impl Schema {
    /// Whether a type is one that only raw SQL can have made, such as a domain:
    /// nothing is known of its values.
    pub(crate) fn is_unmodelled_type(&self, ty: &Type) -> bool {
        ty.schema.is_some() && row_of(ty).is_none() && !self.is_enum(ty)
    }

    /// As [`assignable`], where the schema tells enums from other types.
    pub(crate) fn assignable(&self, from: &Type, to: &Type) -> Option<bool> {
        let is_unknown = self.is_unmodelled_type(from) || self.is_unmodelled_type(to);
        if is_unknown { None } else { assignable(from, to) }
    }

    /// As [`castable`], where the schema tells enums from other types.
    pub(crate) fn castable(&self, from: &Type, to: &Type) -> Option<bool> {
        let is_unknown = self.is_unmodelled_type(from) || self.is_unmodelled_type(to);
        if is_unknown { None } else { castable(from, to) }
    }

    /// As [`comparable`]; so is what nothing is known of.
    pub(crate) fn comparable(&self, a: &Type, b: &Type) -> bool {
        self.is_unmodelled_type(a) || self.is_unmodelled_type(b) || comparable(a, b)
    }

    /// Whether an extension is installed of which the catalogue knows nothing:
    /// any type and function may be its own.
    pub fn has_foreign_extension(&self) -> bool {
        self.extensions.keys().any(|name| extensions::named(name.as_str()).is_none())
    }

    /// The schema of an installed extension.
    pub fn extension_schema(&self, extension: &str) -> Option<&Ident> {
        self.extensions.get(extension).map(|extension| &extension.schema)
    }

    /// What needs the types, functions and operator classes of an extension.
    pub fn users_of_extension(&self, extension: &str) -> Vec<User> {
        let mut users = Vec::new();
        for (table_name, table) in &self.tables {
            for column in &table.columns {
                if row_of(&column.ty).is_some_and(|row| row.extension == Some(extension)) {
                    users.push(User::Column(table_name.clone(), column.name.clone()));
                }
            }
            let expressions = table.expressions(table_name).into_iter();
            let using = expressions.filter(|(_, expr)| uses_extension(expr, extension));
            users.extend(using.map(|(user, _)| user));
            for (name, index) in &table.indexes {
                if index_needs(index, extension) {
                    users.push(User::Index(table_name.clone(), name.clone()));
                }
            }
        }
        users
    }
}

fn uses_extension(expr: &Expr, extension: &str) -> bool {
    let facts = expr.facts();
    let functions = facts.functions.iter().any(|used| {
        let mut rows = functions::named(&used.name).peekable();
        rows.peek().is_some() && rows.all(|function| function.extension == Some(extension))
    });
    let types = facts.types.iter().any(|used| {
        types::by_alias(&used.name).is_some_and(|found| found.extension == Some(extension))
    });
    functions || types
}

fn index_needs(index: &Index, extension: &str) -> bool {
    let classes = index.elements.iter().filter_map(|element| element.operator_class.as_ref());
    let mut classes = classes
        .flat_map(|class| operator_classes::named(index.method.as_str(), class.name.as_str()));
    classes.any(|class| class.extension == Some(extension))
}
