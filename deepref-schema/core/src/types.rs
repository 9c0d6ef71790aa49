//! Types of columns and of casts, in one normal form.

use std::fmt;

use crate::ident::{DEFAULT_SCHEMA, Ident, quoted};
use crate::origin::Origin;

/// A type, with its modifiers.
///
/// Built-in types have no schema and PostgreSQL's own name for them, the one
/// that `format_type` prints (`character varying`, `timestamp without time
/// zone`), whatever alias was written. Other types have the schema they were
/// found in once the model has resolved them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// The schema, where the type is not built in.
    pub schema: Option<Ident>,
    /// The name.
    pub name: Ident,
    /// What stands in parentheses after the name, as SQL: `10`, `2`, `Point`.
    pub modifiers: Vec<String>,
    /// Whether it is an array. PostgreSQL keeps neither the number of
    /// dimensions nor their sizes (manual chapter "Arrays").
    pub array: bool,
}

impl Type {
    /// A built-in type without modifiers, by PostgreSQL's own name.
    pub fn builtin(name: &str) -> Self {
        Self { schema: None, name: Ident::computed(name), modifiers: Vec::new(), array: false }
    }

    /// Where the type was written.
    pub fn origin(&self) -> Origin {
        self.name.origin
    }

    /// Whether it is the built-in type of this name, and no array.
    pub fn is(&self, name: &str) -> bool {
        self.schema.is_none() && !self.array && self.name == name
    }

    /// The type of one element.
    pub fn element(&self) -> Self {
        Self { array: false, ..self.clone() }
    }

    /// The type as the language writes it.
    pub fn language(&self) -> String {
        if self.schema.is_some() {
            return self.sql().replace('"', "");
        }
        let Some(short) = short_name(self.name.as_str()) else { return self.sql() };
        let plain = Self { name: Ident::computed(short), ..self.clone() };
        plain.sql()
    }

    /// The type as SQL.
    pub fn sql(&self) -> String {
        let modifiers = if self.modifiers.is_empty() {
            String::new()
        } else {
            format!("({})", self.modifiers.join(", "))
        };
        let name = match &self.schema {
            None => match self.name.as_str() {
                "\"char\"" => "\"char\"".to_owned(),
                name => name.to_owned(),
            },
            Some(schema) if *schema == DEFAULT_SCHEMA => self.name.sql(),
            Some(schema) => format!("{}.{}", quoted(schema.as_str()), self.name.sql()),
        };
        let array = if self.array { "[]" } else { "" };
        // The precision of a time stands inside of its name.
        match name.split_once(' ') {
            Some((head @ ("timestamp" | "time"), rest)) => {
                format!("{head}{modifiers} {rest}{array}")
            }
            _ => format!("{name}{modifiers}{array}"),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql())
    }
}
/// The name that the language has for a built-in type whose own is long.
pub(crate) fn short_name(long: &str) -> Option<&'static str> {
    Some(match long {
        "integer" => "int",
        "boolean" => "bool",
        "character varying" => "varchar",
        "character" => "char",
        "bit varying" => "varbit",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        _ => return None,
    })
}
