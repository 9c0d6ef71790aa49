//! What the manual's chapter "CREATE INDEX" says of storage parameters, and
//! operator classes of columns.

use super::Check;
use crate::catalogue::{operator_classes, types};
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::known;
use crate::schema::StorageParameter;
use crate::types::Type;

/// What a storage parameter can be.
enum Values {
    Number(i64, i64),
    Bool,
    Words(&'static [&'static str]),
}

fn values(method: &str, parameter: &str) -> Option<Values> {
    Some(match (method, parameter) {
        ("btree" | "hash" | "gist" | "spgist", "fillfactor") => Values::Number(10, 100),
        ("btree", "deduplicate_items") | ("gin", "fastupdate") | ("brin", "autosummarize") => {
            Values::Bool
        }
        ("gist", "buffering") => Values::Words(&["on", "off", "auto"]),
        ("gin", "gin_pending_list_limit") => Values::Number(64, 2_147_483_647),
        ("brin", "pages_per_range") => Values::Number(1, 131_072),
        _ => return None,
    })
}

impl Values {
    fn hold(&self, value: &str) -> bool {
        let value = value.trim_matches('\'').trim_matches('"');
        match self {
            Self::Number(least, most) => {
                value.parse().is_ok_and(|number: i64| (*least..=*most).contains(&number))
            }
            Self::Bool => ["on", "off", "true", "false", "1", "0"].contains(&value),
            Self::Words(words) => words.contains(&value),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Number(least, most) => format!("a number from {least} to {most}"),
            Self::Bool => "`on` or `off`".to_owned(),
            Self::Words(words) => format!("one of {}", words.join(", ")),
        }
    }
}

impl Check<'_> {
    /// The storage parameters of an index of one of PostgreSQL's own methods.
    pub(super) fn parameters(&mut self, method: &Ident, parameters: &[StorageParameter]) {
        if crate::catalogue::access_methods::find(method.as_str())
            .is_none_or(|found| found.extension.is_some())
        {
            return;
        }
        for parameter in parameters {
            let name = &parameter.name;
            let message = match values(method.as_str(), name.as_str()) {
                None => format!("an index by `{method}` has no parameter `{name}`"),
                Some(values) if !values.hold(&parameter.value) => {
                    format!("`{name}` is {}", values.words())
                }
                Some(_) => continue,
            };
            self.report(Diagnostic::new("invalid_index", name.origin, message));
        }
    }

    /// Whether an operator class is for a type of this kind.
    pub(super) fn class_accepts(&mut self, method: &Ident, class: &ObjectName, ty: &Type) {
        let mut classes = operator_classes::named(method.as_str(), class.name.as_str()).peekable();
        let Some(row) = known::row_of(ty).filter(|_| classes.peek().is_some()) else { return };
        let category = |input: &str| {
            let element = input.strip_suffix("[]");
            let of = types::all().find(|found| found.format == element.unwrap_or(input));
            of.map(|found| if element.is_some() { 'A' } else { found.category })
        };
        let own = if ty.array { 'A' } else { row.category };
        let fits = classes.any(|class| {
            class.input.starts_with("any") || category(class.input).is_none_or(|of| of == own)
        });
        if !fits {
            let message = format!("operator class `{}` is not for {}", class.name, ty.language());
            self.report(Diagnostic::new("no_operator_class", class.origin(), message));
        }
    }
}
