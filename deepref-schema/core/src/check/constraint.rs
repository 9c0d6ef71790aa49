//! Constraints as written, completed.

use super::lookup::relation_key;
use super::{Check, Scope};
use crate::catalogue::operators;
use crate::diagnostic::Diagnostic;
use crate::ident::{Ident, ObjectName};
use crate::operation::{ConstraintDefinition, ConstraintForm};
use crate::origin::Origin;
use crate::schema::{
    Action, ConstraintKind, Deferral, ElementSubject, Exclusion, ForeignKey, Index, Key, Schema,
    Table,
};

impl<'a> Check<'a> {
    /// A constraint of a table, checked and completed but for its name.
    pub(crate) fn constraint_definition(
        &mut self,
        name: &ObjectName,
        table: &Table,
        written: &ConstraintDefinition,
    ) -> Option<ConstraintDefinition> {
        let form = match &written.form {
            ConstraintForm::PrimaryKey(key) => {
                self.only_primary_key(name, table, written)?;
                ConstraintForm::PrimaryKey(self.key(name, table, key, written.origin)?)
            }
            ConstraintForm::PrimaryKeyUsingIndex(index) => {
                self.only_primary_key(name, table, written)?;
                self.usable_index(name, table, index)?;
                written.form.clone()
            }
            ConstraintForm::Unique(key) => {
                ConstraintForm::Unique(self.key(name, table, key, written.origin)?)
            }
            ConstraintForm::UniqueUsingIndex(index) => {
                self.usable_index(name, table, index)?;
                written.form.clone()
            }
            ConstraintForm::Check(expr) => {
                ConstraintForm::Check(self.condition(expr, Scope::rows("a check", name, table)))
            }
            ConstraintForm::ForeignKey(foreign) => {
                ConstraintForm::ForeignKey(self.foreign_key(name, table, foreign)?)
            }
            ConstraintForm::Exclusion(exclusion) => {
                ConstraintForm::Exclusion(self.exclusion(name, table, exclusion))
            }
        };
        Some(ConstraintDefinition { form, ..written.clone() })
    }

    fn only_primary_key(
        &mut self,
        name: &ObjectName,
        table: &Table,
        written: &ConstraintDefinition,
    ) -> Option<()> {
        let Some((existing, constraint)) = table.primary_key() else { return Some(()) };
        let message = format!("table `{name}` has a primary key already");
        let mut diagnostic = Diagnostic::new("primary_key_twice", written.origin, message);
        if !existing.as_str().starts_with('\0') {
            let what = format!("`{existing}`");
            diagnostic.notes.extend(Schema::made_note(&what, &constraint.made));
        }
        self.report(diagnostic);
        None
    }

    fn key(&mut self, name: &ObjectName, table: &Table, key: &Key, origin: Origin) -> Option<Key> {
        let exist = self.columns_exist(name, table, &key.columns)
            & self.columns_exist(name, table, &key.include)
            & self.listed_once(&key.columns);
        self.newer_nulls_not_distinct(key.nulls_not_distinct, origin);
        if exist {
            let btree = Ident::computed("btree");
            for column in &key.columns {
                if let Some(of) = table.column(column.as_str()) {
                    self.default_operator_class(&btree, column, &of.ty);
                }
            }
        }
        exist.then(|| key.clone())
    }

    fn listed_once(&mut self, columns: &[Ident]) -> bool {
        let twice =
            columns.iter().enumerate().find(|(index, column)| columns[..*index].contains(column));
        if let Some((_, column)) = twice {
            let message = format!("column `{column}` is listed twice");
            self.report(Diagnostic::new("already_exists", column.origin, message));
        }
        twice.is_none()
    }

    /// An index that a constraint can take over (manual chapter "ALTER
    /// TABLE", ADD table_constraint_using_index).
    fn usable_index(&mut self, name: &ObjectName, table: &Table, index: &Ident) -> Option<()> {
        let Some(found) = table.indexes.get(index) else {
            let message = format!("table `{name}` has no index `{index}`");
            let mut diagnostic = Diagnostic::new("unknown_index", index.origin, message);
            diagnostic.help =
                crate::suggest::help(index.as_str(), table.indexes.keys().map(Ident::as_str));
            self.report(diagnostic);
            return None;
        };
        let Some(why) = why_not_usable(found) else { return Some(()) };
        let message = format!("index `{index}` can not become a constraint: {why}");
        self.report(Diagnostic::new("invalid_constraint", index.origin, message));
        None
    }

    fn foreign_key(
        &mut self,
        name: &ObjectName,
        table: &Table,
        written: &ForeignKey,
    ) -> Option<ForeignKey> {
        let known =
            self.columns_exist(name, table, &written.columns) & self.listed_once(&written.columns);
        let target = match self.target(name, table, written) {
            Some(target) => target,
            None if self.report.doubts_by_sql(&relation_key(&written.table)) => {
                return self.unmodelled_target(written).filter(|_| known);
            }
            None => return None,
        };
        let referenced = self.referenced(target, written)?;
        if !self.columns_exist(&written.table, target, &referenced) || !known {
            return None;
        }
        let foreign = ForeignKey { referenced, ..written.clone() };
        self.unique_target(target, &foreign)?;
        self.same_types(table, target, &foreign);
        self.settable(table, &foreign);
        Some(foreign)
    }

    fn target<'t>(
        &mut self,
        name: &ObjectName,
        table: &'t Table,
        written: &ForeignKey,
    ) -> Option<&'t Table>
    where
        'a: 't,
    {
        if written.table == *name { Some(table) } else { self.table(&written.table) }
    }

    /// A foreign key to a table that raw SQL made: it stands as it is written.
    fn unmodelled_target(&mut self, written: &ForeignKey) -> Option<ForeignKey> {
        if written.referenced.is_empty() {
            let message = format!("the columns of `{}` are not known here", written.table);
            let help = format!("name them: `references {} (…)`", written.table);
            let origin = written.table.origin();
            self.report(Diagnostic::new("foreign_key_target", origin, message).help(help));
            return None;
        }
        Some(written.clone())
    }

    /// The columns that a foreign key refers to, which may be left out.
    fn referenced(&mut self, target: &Table, written: &ForeignKey) -> Option<Vec<Ident>> {
        let origin = written.table.origin();
        let referenced = match (written.referenced.is_empty(), target.primary_key_columns()) {
            (false, _) => written.referenced.clone(),
            (true, Some(key)) => key,
            (true, None) => {
                let message = format!("table `{}` has no primary key to refer to", written.table);
                let help = format!("name its columns: `references {} (…)`", written.table);
                self.report(Diagnostic::new("foreign_key_target", origin, message).help(help));
                return None;
            }
        };
        if referenced.len() != written.columns.len() {
            let (own, other) = (written.columns.len(), referenced.len());
            let message = format!("{own} columns refer to {other}");
            self.report(Diagnostic::new("foreign_key_target", origin, message));
            return None;
        }
        Some(referenced)
    }

    fn unique_target(&mut self, target: &Table, foreign: &ForeignKey) -> Option<()> {
        if target.is_unique(&foreign.referenced)
            || self.report.doubts(&relation_key(&foreign.table))
        {
            return Some(());
        }
        let columns: Vec<_> = foreign.referenced.iter().map(Ident::as_str).collect();
        let columns = columns.join(", ");
        let message =
            format!("`{} ({columns})` is not unique, so nothing can refer to it", foreign.table);
        let origin = foreign.referenced[0].origin.or(foreign.table.origin());
        let help =
            format!("write `alter table {} add unique ({columns});` before it", foreign.table);
        self.report(Diagnostic::new("foreign_key_target", origin, message).help(help));
        None
    }

    /// A foreign key can not set a generated column.
    fn settable(&mut self, table: &Table, foreign: &ForeignKey) {
        let sets = [Action::SetNull, Action::SetDefault];
        if !sets.contains(&foreign.on_delete)
            && !sets.contains(&foreign.on_update)
            && foreign.on_update != Action::Cascade
        {
            return;
        }
        for column in &foreign.columns {
            if table.column(column.as_str()).is_some_and(|of| of.generated.is_some()) {
                let message = format!("`{column}` is generated: a foreign key can not set it");
                self.report(Diagnostic::new("generated", column.origin, message));
            }
        }
    }

    fn same_types(&mut self, table: &Table, target: &Table, foreign: &ForeignKey) {
        for (own, other) in foreign.columns.iter().zip(&foreign.referenced) {
            let (Some(own), Some(other)) =
                (table.column(own.as_str()), target.column(other.as_str()))
            else {
                continue;
            };
            if own.ty.schema == other.ty.schema
                && own.ty.name == other.ty.name
                && own.ty.array == other.ty.array
                || self.doubts_type(&own.ty)
                || self.doubts_type(&other.ty)
            {
                continue;
            }
            let listed = foreign.columns.iter().find(|column| **column == own.name);
            let message = format!(
                "`{}` is {}, `{}.{}` is {}",
                own.name,
                own.ty.language(),
                foreign.table,
                other.name,
                other.ty.language()
            );
            let origin = listed.map_or(own.name.origin, |column| column.origin);
            let help = format!("make both columns `{}`", other.ty.language());
            // What PostgreSQL compares is a danger, the rest is a mistake.
            let finding = match self.schema.comparable(&own.ty, &other.ty) {
                true => Diagnostic::new("mixed_foreign_key", origin, message),
                false => Diagnostic::new("foreign_key_type", origin, message),
            };
            self.report(finding.help(help));
        }
    }

    pub(super) fn exclusion(
        &mut self,
        name: &ObjectName,
        table: &Table,
        written: &Exclusion,
    ) -> Exclusion {
        let mut exclusion = written.clone();
        for element in &mut exclusion.elements {
            self.exclusion_operator(&exclusion.method, &element.operator);
            element.element = self.element(name, table, &exclusion.method, &element.element);
        }
        let scope = Scope::rows("a condition", name, table);
        exclusion.predicate = exclusion.predicate.map(|expr| self.condition(&expr, scope));
        exclusion
    }

    /// Of the operators of btree and hash only equality gives the same when its
    /// sides are exchanged.
    fn exclusion_operator(&mut self, method: &Ident, operator: &Ident) {
        if (*method == "btree" || *method == "hash") && *operator != "=" {
            let message = format!("`{method}` can exclude by `=` only, not by `{operator}`");
            let diagnostic = Diagnostic::new("invalid_constraint", operator.origin, message);
            self.report(diagnostic.help("write `using gist`"));
            return;
        }
        let mut known = operators::named(operator.as_str()).peekable();
        if known.peek().is_some() && known.all(|row| row.result != "boolean") {
            let message = format!("`{operator}` does not tell whether two rows exclude each other");
            let diagnostic = Diagnostic::new("invalid_constraint", operator.origin, message);
            self.report(diagnostic.help("write an operator that compares, such as `=` or `&&`"));
        }
    }

    /// In one CREATE TABLE PostgreSQL merges keys that are equal, and exclusion
    /// constraints, and only one of the names remains.
    pub(crate) fn merged_by_create(
        &mut self,
        new: &ConstraintDefinition,
        others: &[ConstraintDefinition],
    ) {
        let key = |definition: &ConstraintDefinition| match &definition.form {
            ConstraintForm::PrimaryKey(key) | ConstraintForm::Unique(key) => {
                Some(key.columns.clone())
            }
            _ => None,
        };
        let columns = key(new);
        let is_exclusion = matches!(new.form, ConstraintForm::Exclusion(_));
        let is_equal = |other: &ConstraintDefinition| match &columns {
            Some(_) => key(other) == columns,
            None => is_exclusion && other.form == new.form,
        };
        if others.iter().any(is_equal) {
            let message = "the same columns have such a constraint already";
            let diagnostic = Diagnostic::new("already_exists", new.origin, message);
            self.report(diagnostic.help("delete it"));
        }
    }
}

fn why_not_usable(index: &Index) -> Option<&'static str> {
    let plain = |element: &crate::schema::IndexElement| {
        matches!(element.subject, ElementSubject::Column(_))
            && !element.descending
            && element.nulls.is_none()
            && element.collation.is_none()
            && element.operator_class.is_none()
    };
    if !index.unique {
        Some("it is not unique")
    } else if index.predicate.is_some() {
        Some("it has a condition")
    } else if !index.elements.iter().all(plain) {
        Some("its elements are not plain columns in their default order")
    } else {
        None
    }
}

impl Table {
    /// The primary key.
    pub fn primary_key(&self) -> Option<(&Ident, &crate::schema::Constraint)> {
        let mut constraints = self.constraints.iter();
        constraints.find(|(_, constraint)| matches!(constraint.kind, ConstraintKind::PrimaryKey(_)))
    }

    /// The columns of the primary key.
    pub fn primary_key_columns(&self) -> Option<Vec<Ident>> {
        match &self.primary_key()?.1.kind {
            ConstraintKind::PrimaryKey(key) => Some(key.columns.clone()),
            _ => None,
        }
    }

    /// Whether a foreign key can refer to these columns, in any order.
    pub(crate) fn is_unique(&self, columns: &[Ident]) -> bool {
        let same =
            |key: &[Ident]| key.len() == columns.len() && key.iter().all(|c| columns.contains(c));
        let by_constraint = self.constraints.values().any(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                constraint.deferral == Deferral::NotDeferrable && same(&key.columns)
            }
            _ => false,
        });
        by_constraint || self.indexes.values().any(|index| same(&index.unique_columns()))
    }
}

impl Index {
    /// The columns that the index makes unique over all rows; none where it
    /// does not.
    pub fn unique_columns(&self) -> Vec<Ident> {
        if !self.unique || self.predicate.is_some() {
            return Vec::new();
        }
        let columns = self.elements.iter().map(|element| match &element.subject {
            ElementSubject::Column(name) => Some(name.clone()),
            _ => None,
        });
        columns.collect::<Option<Vec<_>>>().unwrap_or_default()
    }
}
