//! A Rust enum against the enum type of the history.

use super::{DRIFT, Enumeration, generate, pascal};
use crate::diagnostic::Diagnostic;
use crate::history::Fold;
use crate::ident::Ident;
use crate::schema::{EnumType, Schema};
use crate::suggest;

impl Enumeration {
    /// In what the enum differs from the type that a history ends with.
    pub fn compare(&self, history: &Fold) -> Vec<Diagnostic> {
        match history.schema().enums.get(&self.name) {
            Some(found) => self.values(found),
            None => self.unknown(history).into_iter().collect(),
        }
    }

    fn unknown(&self, history: &Fold) -> Option<Diagnostic> {
        if history.doubts().doubts_by_sql(self.name.name.as_str()) {
            return None;
        }
        let name = &self.name;
        let message = format!("no migration creates enum `{name}`");
        let enums: Vec<_> = history.schema().enums.keys().map(ToString::to_string).collect();
        let write = generate(&format!("Create{}", pascal(name.name.as_str())));
        let help = match suggest::nearest(&name.to_string(), enums.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `#[pg_enum(name = {near})]`? Else {write}"),
            None => write,
        };
        Some(Diagnostic::new(DRIFT, name.origin().or(self.origin), message).help(help))
    }

    fn values(&self, found: &EnumType) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let change = generate(&format!("ChangeValuesOf{}", pascal(self.name.name.as_str())));
        let name = &self.name;
        for value in self.values.iter().filter(|value| !found.values.contains(value)) {
            let message = format!("no migration adds value `{value}` to enum `{name}`");
            findings.push(Diagnostic::new(DRIFT, value.origin, message).help(change.clone()));
        }
        for value in found.values.iter().filter(|value| !self.values.contains(value)) {
            let message =
                format!("`{}` has no variant for value `{value}` of enum `{name}`", self.rust_name);
            let help = format!("add the variant, or drop the value: {change}");
            let mut finding = Diagnostic::new(DRIFT, self.origin, message).help(help);
            finding.notes.extend(Schema::made_note(&format!("enum `{name}`"), &found.made));
            findings.push(finding);
        }
        if findings.is_empty() && self.values != found.values {
            let values: Vec<_> = found.values.iter().map(Ident::as_str).collect();
            let message = format!("the values of enum `{name}` have another order in the history");
            let help = format!("order the variants so: {}", values.join(", "));
            findings.push(Diagnostic::new(DRIFT, self.origin, message).help(help));
        }
        if self.comment.is_some() && self.comment != found.comment {
            let message = format!("the comment on enum `{name}` is another one in the history");
            findings.push(Diagnostic::new(DRIFT, self.origin, message).help(change));
        }
        findings
    }
}
