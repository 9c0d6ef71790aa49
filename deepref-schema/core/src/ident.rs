//! Names, and how they are quoted.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use crate::catalogue::keywords::{self, Category};
use crate::origin::Origin;

/// The longest name that PostgreSQL keeps whole, in bytes (manual chapter
/// "Lexical Structure", section "Identifiers and Key Words").
pub const MAX_BYTES: usize = 63;

/// A name as it is kept in the database: its case counts, it is not quoted.
///
/// Two names are equal when their texts are, wherever they were written.
#[derive(Clone, Debug)]
pub struct Ident {
    text: Arc<str>,
    /// Where the name was written.
    pub origin: Origin,
}

impl Ident {
    /// A name that was written somewhere.
    pub fn new(text: impl Into<Arc<str>>, origin: Origin) -> Self {
        Self { text: text.into(), origin }
    }

    /// A name that the model computed.
    pub fn computed(text: impl Into<Arc<str>>) -> Self {
        Self::new(text, Origin::NONE)
    }

    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name as SQL, in quotes where it needs them.
    pub fn sql(&self) -> String {
        quoted(&self.text)
    }
}

impl PartialEq for Ident {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Ident {}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        *self.text == *other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        *self.text == **other
    }
}

impl PartialOrd for Ident {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ident {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Ident {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Borrow<str> for Ident {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The schema that names without one belong to.
pub const DEFAULT_SCHEMA: &str = "public";

/// The name of an object in a schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectName {
    /// The schema; `public` where none was written.
    pub schema: Ident,
    /// The name in the schema.
    pub name: Ident,
}

impl ObjectName {
    /// A name in the default schema.
    pub fn unqualified(name: Ident) -> Self {
        // One text for all of them, so that they are quickly told to be equal.
        static DEFAULT: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from(DEFAULT_SCHEMA));
        Self { schema: Ident::computed(DEFAULT.clone()), name }
    }

    /// A name in a schema that was written.
    pub fn qualified(schema: Ident, name: Ident) -> Self {
        Self { schema, name }
    }

    /// Another name in the same schema.
    pub fn sibling(&self, name: Ident) -> Self {
        Self { schema: self.schema.clone(), name }
    }

    /// Where the name was written.
    pub fn origin(&self) -> Origin {
        self.name.origin
    }

    /// The name as SQL; the default schema is left out.
    pub fn sql(&self) -> String {
        if self.schema == DEFAULT_SCHEMA {
            self.name.sql()
        } else {
            format!("{}.{}", self.schema.sql(), self.name.sql())
        }
    }
}

impl PartialOrd for ObjectName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ObjectName {
    fn cmp(&self, other: &Self) -> Ordering {
        let schema = match Arc::ptr_eq(&self.schema.text, &other.schema.text) {
            true => Ordering::Equal,
            false => self.schema.cmp(&other.schema),
        };
        schema.then_with(|| self.name.cmp(&other.name))
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema == DEFAULT_SCHEMA {
            write!(f, "{}", self.name)
        } else {
            write!(f, "{}.{}", self.schema, self.name)
        }
    }
}

/// A name as SQL: quoted unless it reads the same without quotes.
///
/// As `quote_ident` of PostgreSQL does, every key word that is not
/// unreserved is quoted.
pub fn quoted(name: &str) -> String {
    if reads_bare(name) { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn reads_bare(name: &str) -> bool {
    let mut digits = false;
    for (at, byte) in name.as_bytes().iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'_' => {}
            b'0'..=b'9' if at > 0 => digits = true,
            _ => return false,
        }
    }
    // No keyword has a digit; a test of `keywords` holds the list to that.
    !name.is_empty()
        && (digits || matches!(keywords::category(name), None | Some(Category::Unreserved)))
}

/// A string as an SQL literal.
///
/// A text with a backslash is written as it stands: the runner states
/// `standard_conforming_strings`.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A list of names as SQL, separated by commas.
pub fn sql_list<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    names.into_iter().map(Ident::sql).collect::<Vec<_>>().join(", ")
}
