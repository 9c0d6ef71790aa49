//! What a Rust type says about the column that holds its values.

use deepref_schema_core::entity::Holds;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::origin::Origin;
use deepref_schema_core::types::Type;
use proc_macro2::Span;
use syn::{GenericArgument, PathArguments};

use super::case::type_name;
use crate::error::Stop;
use crate::origins::{Origins, Place};

/// A Rust type as a column.
#[derive(Clone, Debug)]
pub(super) struct RustType {
    /// The type; the mistake where none is known.
    pub(super) column: Result<(Type, Holds), Box<Unknown>>,
    /// `Option<…>`
    pub(super) nullable: bool,
    /// The name of the type, inside of `Option` and its like.
    pub(super) origin: Origin,
}

/// Why the type of a column is not known.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    message: String,
    help: String,
}

impl Unknown {
    pub(super) fn stop(self, origin: Origin) -> Stop {
        Stop::new(origin, self.message).help(self.help)
    }
}

/// The strings of PostgreSQL that a `String` can hold.
const STRINGS: &[&str] = &["text", "character varying", "character", "citext", "name"];

/// Types by the last word of their path: the type of a new column, and those
/// that the column may have.
#[rustfmt::skip]
const TYPES: &[(&[&str], &str, &[&str])] = &[
    (&["String", "str"], "text", STRINGS),
    (&["i16"], "smallint", &["smallint"]),
    (&["i32"], "int", &["integer"]),
    (&["i64"], "bigint", &["bigint"]),
    (&["f32"], "real", &["real"]),
    (&["f64"], "double precision", &["double precision"]),
    (&["bool"], "bool", &["boolean"]),
    (&["Decimal", "BigDecimal"], "numeric", &["numeric"]),
    (&["Uuid"], "uuid", &["uuid"]),
    (&["Timestamp", "OffsetDateTime", "SystemTime"], "timestamptz", &["timestamp with time zone"]),
    (&["NaiveDateTime", "PrimitiveDateTime"], "timestamp", &["timestamp without time zone"]),
    (&["Date", "NaiveDate"], "date", &["date"]),
    (&["Time", "NaiveTime"], "time", &["time without time zone"]),
    (&["Duration", "TimeDelta", "SignedDuration", "PgInterval"], "interval", &["interval"]),
    (&["Value", "JsonValue", "Json"], "jsonb", &["jsonb", "json"]),
    (&["Bytes"], "bytea", &["bytea"]),
    (&["IpAddr", "Ipv4Addr", "Ipv6Addr", "IpNetwork", "IpNet"], "inet", &["inet", "cidr"]),
    (&["MacAddr", "MacAddr6", "MacAddress"], "macaddr", &["macaddr"]),
    (&["BitVec"], "varbit", &["bit varying", "bit"]),
];

/// Reads a Rust type.
pub(super) fn read(ty: &syn::Type, origins: &mut Origins) -> RustType {
    match ty {
        syn::Type::Group(group) => read(&group.elem, origins),
        syn::Type::Paren(paren) => read(&paren.elem, origins),
        syn::Type::Reference(reference) => read(&reference.elem, origins),
        syn::Type::Array(array) => elements(&array.elem, origins),
        syn::Type::Slice(slice) => elements(&slice.elem, origins),
        syn::Type::Path(path) => match path.path.segments.last() {
            Some(segment) => of_path(segment, origins),
            None => other(Span::call_site(), origins),
        },
        syn::Type::Tuple(tuple) => other(tuple.paren_token.span.open(), origins),
        _ => other(Span::call_site(), origins),
    }
}

fn of_path(segment: &syn::PathSegment, origins: &mut Origins) -> RustType {
    let name = segment.ident.to_string();
    let arguments = arguments(&segment.arguments);
    match (name.as_str(), arguments.as_slice()) {
        ("Option", [inner]) => RustType { nullable: true, ..read(inner, origins) },
        ("Box" | "Arc" | "Rc" | "Cow", [inner]) => read(inner, origins),
        ("Vec" | "VecDeque" | "HashSet" | "BTreeSet", [inner]) => elements(inner, origins),
        _ => {
            let origin = origins.mark(Place::Span(segment.ident.span()));
            let column = named(&name, arguments.len(), origin);
            RustType { column, nullable: false, origin }
        }
    }
}

fn arguments(arguments: &PathArguments) -> Vec<&syn::Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// Several values: bytes, or an array.
fn elements(inner: &syn::Type, origins: &mut Origins) -> RustType {
    if let syn::Type::Path(path) = inner
        && path.path.is_ident("u8")
        && let Some(segment) = path.path.segments.last()
    {
        let origin = origins.mark(Place::Span(segment.ident.span()));
        return RustType { column: Ok(new("bytea", &["bytea"], origin)), nullable: false, origin };
    }
    let of = read(inner, origins);
    let column = of.column.and_then(|(ty, holds)| match ty.array {
        true => Err(unknown("an array of arrays")),
        false => Ok((Type { array: true, ..ty }, holds)),
    });
    RustType { column, nullable: false, origin: of.origin }
}

fn new(name: &str, found: &'static [&'static str], origin: Origin) -> (Type, Holds) {
    let ty = Type { name: Ident::new(name, origin), ..Type::builtin(name) };
    (ty, Holds::AnyOf(found))
}

fn named(name: &str, arguments: usize, origin: Origin) -> Result<(Type, Holds), Box<Unknown>> {
    // `chrono::DateTime<Utc>` knows its zone, `jiff::civil::DateTime` has none.
    if name == "DateTime" {
        return Ok(match arguments {
            0 => new("timestamp", &["timestamp without time zone"], origin),
            _ => new("timestamptz", &["timestamp with time zone"], origin),
        });
    }
    if let Some((_, ty, found)) = TYPES.iter().find(|(names, _, _)| names.contains(&name)) {
        return Ok(new(ty, found, origin));
    }
    let wider = match name {
        "i8" | "u8" => Some("smallint"),
        "u16" => Some("int"),
        "u32" => Some("bigint"),
        "u64" | "usize" | "isize" | "i128" | "u128" => Some("numeric"),
        "char" => Some("char(1)"),
        _ => None,
    };
    if let Some(wider) = wider {
        return Err(Box::new(Unknown {
            message: format!("PostgreSQL has no type for `{name}`"),
            help: format!("write the column's type: `#[column(type = {wider})]`"),
        }));
    }
    if arguments > 0 || name.starts_with(char::is_lowercase) {
        return Err(unknown(&format!("`{name}`")));
    }
    let ty = Type { name: Ident::new(type_name(name), origin), ..Type::builtin("") };
    Ok((ty, Holds::EnumOf(name.to_owned())))
}

fn unknown(what: &str) -> Box<Unknown> {
    Box::new(Unknown {
        message: format!("no column type is known for {what}"),
        help: "write it: `#[column(type = …)]`, or `#[column(skip)]` where it is no column"
            .to_owned(),
    })
}

fn other(span: Span, origins: &mut Origins) -> RustType {
    let origin = origins.mark(Place::Span(span));
    RustType { column: Err(unknown("this type")), nullable: false, origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(written: &str) -> String {
        let ty = syn::parse_str(written).expect("a type");
        let of = read(&ty, &mut Origins::new());
        let null = if of.nullable { "?" } else { "" };
        match of.column {
            Ok((ty, Holds::EnumOf(name))) => format!("{}{null} of {name}", ty.sql()),
            Ok((ty, _)) => format!("{}{null}", ty.sql()),
            Err(unknown) => unknown.message,
        }
    }

    #[test]
    fn types_of_columns() {
        for (written, expected) in [
            ("String", "text"),
            ("&'static str", "text"),
            ("Option<std::borrow::Cow<'a, str>>", "text?"),
            ("Option<i64>", "bigint?"),
            ("uuid::Uuid", "uuid"),
            ("jiff::Timestamp", "timestamptz"),
            ("jiff::civil::DateTime", "timestamp"),
            ("chrono::DateTime<chrono::Utc>", "timestamptz"),
            ("time::OffsetDateTime", "timestamptz"),
            ("NaiveDate", "date"),
            ("Vec<u8>", "bytea"),
            ("[u8; 32]", "bytea"),
            ("Vec<String>", "text[]"),
            ("Option<Vec<Option<i32>>>", "int[]?"),
            ("serde_json::Value", "jsonb"),
            ("Json<Settings>", "jsonb"),
            ("KycStatus", "kyc_status of KycStatus"),
            ("Option<Vec<crate::KycStatus>>", "kyc_status[]? of KycStatus"),
            ("u32", "PostgreSQL has no type for `u32`"),
            ("HashMap<String, String>", "no column type is known for `HashMap`"),
            ("(i32, i32)", "no column type is known for this type"),
            ("Vec<Vec<i32>>", "no column type is known for an array of arrays"),
        ] {
            assert_eq!(column(written), expected, "{written}");
        }
    }
}
