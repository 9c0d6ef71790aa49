use super::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::schema::{
    Column, Constraint, EnumType, Index, Made, RelationKind, Schema, Sequence, Table,
};
use crate::suggest;

/// The key under which doubts about a table, an index or a sequence are kept.
pub(super) fn relation_key(name: &ObjectName) -> String {
    format!("relation {}.{}", name.schema, name.name)
}

fn namespace_key(name: &Ident) -> String {
    format!("schema {name}")
}

fn part_key(table: &ObjectName, part: &Ident) -> String {
    format!("part {}.{}.{part}", table.schema, table.name)
}

impl<'a> Check<'a> {
    /// The table of this name.
    pub fn table(&mut self, name: &ObjectName) -> Option<&'a Table> {
        if let Some(table) = self.schema.table(name) {
            return Some(table);
        }
        let mut diagnostic = Diagnostic::new(
            "unknown_table",
            name.origin(),
            format!("no table `{name}` exists here"),
        );
        match self.schema.relation(name) {
            Some(relation) => {
                let article = if relation.kind == RelationKind::Index { "an" } else { "a" };
                let note = format!("`{name}` is {article} {}", relation.kind.word());
                diagnostic = diagnostic.note(note);
            }
            None => diagnostic.help = self.similar(name, |kind| kind == RelationKind::Table),
        }
        self.report_missing(relation_key(name), name, diagnostic);
        None
    }

    /// What would be in a schema that was reported as unknown is not reported.
    fn report_missing(&mut self, key: String, name: &ObjectName, diagnostic: Diagnostic) {
        let is_known = self.schema.namespaces.contains_key(&name.schema);
        if is_known || !self.report.doubts(&namespace_key(&name.schema)) {
            self.report_once(key, diagnostic);
        }
    }

    fn similar(&self, name: &ObjectName, kind: impl Fn(RelationKind) -> bool) -> Option<String> {
        let relations = self.schema.relation_names().filter(|(_, relation)| kind(relation.kind));
        let names: Vec<_> = relations.map(|(name, _)| name.to_string()).collect();
        suggest::help(&name.to_string(), names.iter().map(String::as_str))
    }

    /// The column of this name.
    pub fn column(&mut self, table_name: &ObjectName, column: &Ident) -> Option<&'a Column> {
        let table = self.table(table_name)?;
        self.column_of(table_name, table, column)
    }

    /// The column of this name in a table that was looked up.
    pub fn column_of<'t>(
        &mut self,
        table_name: &ObjectName,
        table: &'t Table,
        column: &Ident,
    ) -> Option<&'t Column> {
        let found = table.column(column.as_str());
        if found.is_none() {
            let message = format!("table `{table_name}` has no column `{column}`");
            let names = table.columns.iter().map(|column| column.name.as_str());
            let mut diagnostic = Diagnostic::new("unknown_column", column.origin, message);
            diagnostic.help = suggest::help(column.as_str(), names);
            self.report_once(part_key(table_name, column), diagnostic);
        }
        found
    }

    /// Whether all these columns exist; each that does not is reported. One that
    /// raw SQL can have made is taken to exist.
    pub fn columns_exist(&mut self, table: &ObjectName, of: &Table, columns: &[Ident]) -> bool {
        let known = self.report.diagnostics.len();
        for column in columns {
            self.column_of(table, of, column);
        }
        self.report.diagnostics.len() == known
    }

    /// The constraint of this name.
    pub fn constraint(&mut self, table_name: &ObjectName, name: &Ident) -> Option<&'a Constraint> {
        let table = self.table(table_name)?;
        let found = table.constraints.get(name.as_str());
        if found.is_none() {
            let message = format!("table `{table_name}` has no constraint `{name}`");
            let mut diagnostic = Diagnostic::new("unknown_constraint", name.origin, message);
            if table.indexes.contains_key(name.as_str()) {
                diagnostic =
                    diagnostic.help(format!("`{name}` is an index: write `drop index {name};`"));
            } else {
                let names = table.constraints.keys().map(Ident::as_str);
                diagnostic.help = suggest::help(name.as_str(), names);
            }
            self.report_once(part_key(table_name, name), diagnostic);
        }
        found
    }

    /// The index of this name and its table; that of a constraint is reported.
    pub fn index(&mut self, name: &ObjectName) -> Option<(ObjectName, &'a Index)> {
        let relation = self.schema.relation(name);
        if let Some(table_name) = relation.and_then(|relation| relation.table.clone())
            && let Some(index) =
                self.schema.table(&table_name).and_then(|table| table.indexes.get(&name.name))
        {
            return Some((table_name, index));
        }
        let mut diagnostic = Diagnostic::new(
            "unknown_index",
            name.origin(),
            format!("no index `{name}` exists here"),
        );
        if let Some(relation) = relation
            && let (RelationKind::ConstraintIndex, Some(table)) = (relation.kind, &relation.table)
        {
            diagnostic = diagnostic.help(format!(
                "`{name}` belongs to a constraint: write `alter table {table} drop constraint {};`",
                name.name
            ));
        } else {
            diagnostic.help = self.similar(name, |kind| kind == RelationKind::Index);
        }
        self.report_missing(relation_key(name), name, diagnostic);
        None
    }

    /// The table of the index of this name, be it that of a constraint.
    pub fn any_index(&mut self, name: &ObjectName) -> Option<&'a ObjectName> {
        let relation = self.schema.relation(name).filter(|relation| relation.kind.is_index());
        if let Some(table) = relation.and_then(|relation| relation.table.as_ref()) {
            return Some(table);
        }
        let message = format!("no index `{name}` exists here");
        let mut diagnostic = Diagnostic::new("unknown_index", name.origin(), message);
        diagnostic.help = match self.schema.table(name) {
            Some(_) => Some(format!("`{name}` is a table: write `table {name}` for it")),
            None => self.similar(name, RelationKind::is_index),
        };
        self.report_missing(relation_key(name), name, diagnostic);
        None
    }

    /// The sequence of this name.
    pub fn sequence(&mut self, name: &ObjectName) -> Option<&'a Sequence> {
        if let Some(sequence) = self.schema.sequences.get(name) {
            return Some(sequence);
        }
        let message = format!("no sequence `{name}` exists here");
        let mut diagnostic = Diagnostic::new("unknown_sequence", name.origin(), message);
        diagnostic.help = self.similar(name, |kind| kind == RelationKind::Sequence);
        self.report_missing(relation_key(name), name, diagnostic);
        None
    }

    /// The enum type of this name.
    pub fn enum_type(&mut self, name: &ObjectName) -> Option<&'a EnumType> {
        if let Some(found) = self.schema.enums.get(name) {
            return Some(found);
        }
        let message = format!("no enum `{name}` exists here");
        let names: Vec<_> = self.schema.enums.keys().map(ToString::to_string).collect();
        let mut diagnostic = Diagnostic::new("unknown_enum", name.origin(), message);
        diagnostic.help = suggest::help(&name.to_string(), names.iter().map(String::as_str));
        self.report_missing(format!("type {}.{}", name.schema, name.name), name, diagnostic);
        None
    }

    /// Whether an enum has this value.
    pub fn enum_value(&mut self, name: &ObjectName, of: &EnumType, value: &Ident) -> bool {
        let found = of.values.contains(value);
        if !found {
            let message = format!("enum `{name}` has no value `{value}`");
            let mut diagnostic = Diagnostic::new("unknown_enum_value", value.origin, message);
            diagnostic.help = suggest::help(value.as_str(), of.values.iter().map(Ident::as_str));
            self.report_once(part_key(name, value), diagnostic);
        }
        found
    }

    /// Whether the schema of this name exists.
    pub fn namespace(&mut self, name: &Ident) -> bool {
        let found = self.schema.namespaces.contains_key(name.as_str());
        if !found {
            let message = format!("no schema `{name}` exists here");
            let names = self.schema.namespaces.keys().map(Ident::as_str);
            let mut diagnostic = Diagnostic::new("unknown_schema", name.origin, message);
            diagnostic.help = match suggest::nearest(name.as_str(), names) {
                Some(near) => Some(format!("did you mean `{near}`?")),
                None => Some(format!("write `create schema {name};` before it")),
            };
            self.report_once(namespace_key(name), diagnostic);
        }
        found
    }
}

impl Schema {
    /// A note that says which migration made something.
    pub fn made_note(what: &str, made: &Made) -> Option<String> {
        made.migration().map(|migration| format!("{what} is created in {migration}"))
    }
}
