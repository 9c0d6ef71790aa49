use super::Check;
use super::lookup::relation_key;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, MAX_BYTES, ObjectName};
use crate::names::clipped;
use crate::schema::{Made, RelationKind, Schema};

/// The columns that every table has (manual chapter "System Columns").
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

impl Check<'_> {
    /// Whether a new name is one that PostgreSQL keeps whole.
    pub fn new_name(&mut self, name: &Ident) -> bool {
        let text = name.as_str();
        let problem = if text.is_empty() {
            "a name is at least one character long".to_owned()
        } else if text.contains('\0') {
            "a name can not hold the character NUL".to_owned()
        } else if text.len() > MAX_BYTES {
            format!("`{text}` is {} bytes long, PostgreSQL keeps {MAX_BYTES}", text.len())
        } else {
            return true;
        };
        let mut diagnostic = Diagnostic::new("invalid_name", name.origin, problem);
        if text.len() > MAX_BYTES {
            diagnostic = Diagnostic { rule: "name_too_long", ..diagnostic }
                .help(format!("shorten it; it would be cut to `{}`", clipped(text, MAX_BYTES)));
        }
        self.report(diagnostic);
        false
    }

    /// Whether a name is free for a new table, index or sequence.
    pub fn free_relation(&mut self, name: &ObjectName) -> bool {
        if !self.new_name(&name.name) {
            return false;
        }
        let Some(relation) = self.schema.relation(name) else {
            return self.not_hidden(name);
        };
        let what = relation.kind.word();
        let message = match &relation.table {
            Some(table) if relation.kind != RelationKind::Table => {
                format!("`{name}` exists already: {what} of table `{table}`")
            }
            _ => format!("{what} `{name}` exists already"),
        };
        let made = self.made_of(name, relation.table.as_ref());
        self.already_exists(name, message, made.as_ref())
    }

    /// Whether a name is free for a new table, which takes up a type of its name
    /// as well, or for a new sequence, of which PostgreSQL asks the same.
    pub fn free_relation_and_type(&mut self, name: &ObjectName) -> bool {
        self.free_relation(name) && self.no_enum(name)
    }

    /// Whether no enum has the name of a new table or sequence.
    pub(super) fn no_enum(&mut self, name: &ObjectName) -> bool {
        let Some(found) = self.schema.enums.get(name) else { return true };
        let made = found.made.clone();
        self.already_exists(name, format!("`{name}` exists already: an enum"), Some(&made))
    }

    fn made_of(&self, name: &ObjectName, table: Option<&ObjectName>) -> Option<Made> {
        let Some(table_name) = table else {
            return self.schema.sequences.get(name).map(|sequence| sequence.made.clone());
        };
        let table = self.schema.table(table_name)?;
        let index = table.indexes.get(&name.name).map(|index| index.made.clone());
        let constraint = || table.constraints.get(&name.name).map(|found| found.made.clone());
        index.or_else(constraint).or_else(|| Some(table.made.clone()))
    }

    fn already_exists(&mut self, name: &ObjectName, message: String, made: Option<&Made>) -> bool {
        let mut diagnostic = Diagnostic::new("already_exists", name.origin(), message);
        let note = made.and_then(|made| Schema::made_note(&format!("`{name}`"), made));
        diagnostic.notes.extend(note);
        self.report_once(relation_key(name), diagnostic);
        false
    }

    /// Whether a name is free for a new type.
    pub fn free_type(&mut self, name: &ObjectName) -> bool {
        if !self.new_name(&name.name) {
            return false;
        }
        let existing = match self.schema.relation(name).map(|relation| relation.kind) {
            Some(RelationKind::Table) => "a table, whose rows are a type of that name",
            // PostgreSQL takes the type, but not the sequence beside it again.
            Some(RelationKind::Sequence | RelationKind::IdentitySequence) => "a sequence",
            _ if self.schema.enums.contains_key(name) => "an enum",
            _ => return true,
        };
        let made = match self.schema.enums.get(name) {
            Some(found) => Some(found.made.clone()),
            None => self.made_of(name, Some(name)),
        };
        self.already_exists(name, format!("`{name}` exists already: {existing}"), made.as_ref())
    }

    /// Whether a name is free for a new constraint of a table.
    pub fn free_constraint(&mut self, table: &ObjectName, name: &Ident, has_index: bool) -> bool {
        if !self.new_name(name) {
            return false;
        }
        let of = self.schema.table(table);
        if let Some(existing) = of.and_then(|of| of.constraints.get(name)) {
            let message = format!("table `{table}` has a constraint `{name}` already");
            let made = existing.made.clone();
            return self.already_exists(&table.sibling(name.clone()), message, Some(&made));
        }
        !has_index || self.free_relation(&table.sibling(name.clone()))
    }

    /// Whether a name can be that of a new column.
    pub fn new_column_name(&mut self, name: &Ident) -> bool {
        if SYSTEM_COLUMNS.contains(&name.as_str()) {
            let message = format!("`{name}` is a column that every table has");
            let diagnostic = Diagnostic::new("invalid_name", name.origin, message);
            self.report(diagnostic.help("choose another name"));
            return false;
        }
        self.new_name(name)
    }
}
