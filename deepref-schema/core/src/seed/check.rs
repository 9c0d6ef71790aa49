//! A seed against the schema.

use super::{Row, Seed, Upsert, Upserted, Value};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::history::Fold;
use crate::ident::Ident;
use crate::schema::{Column, IdentityKind, Table};

/// What the check of a seed gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong with it; nothing where it may run.
    pub diagnostics: Vec<Diagnostic>,
    /// What writes its rows, in order.
    pub rows: Vec<Upserted>,
}

impl Seed {
    /// Checks the rows against the schema that the history ends in.
    pub fn check(&self, history: &Fold) -> Checked {
        let mut report = history.doubts().without_findings();
        let mut check =
            Check::new(history.schema(), &mut report, history.settings(), self.name.origin);
        let mut rows = Vec::new();
        for upsert in &self.upserts {
            rows.extend(upsert.check(&mut check));
        }
        Checked { diagnostics: report.diagnostics, rows }
    }
}

impl Upsert {
    /// Checks the table, the key and the rows, and renders them.
    fn check(&self, check: &mut Check<'_>) -> Vec<Upserted> {
        let known = check.report.diagnostics.len();
        let Some(table) = check.table(&self.table) else {
            if check.report.diagnostics.len() == known {
                let what = format!("table `{}`", self.table);
                self.unmodelled(check, &self.table.name, &what);
            }
            return Vec::new();
        };
        let key_is_sound = self.check_key(check, table);
        let mut rows = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let values = self.check_row(check, table, row, key_is_sound);
            rows.push(self.render(table, at, &values));
        }
        if check.report.diagnostics.len() == known {
            self.check_duplicates(check, table);
        }
        rows
    }

    /// The values of a row as they are sent, each with its column.
    fn check_row<'t>(
        &self,
        check: &mut Check<'_>,
        table: &'t Table,
        row: &Row,
        key_is_sound: bool,
    ) -> Vec<(&'t Column, Value)> {
        let mut values: Vec<(&Column, Value)> = Vec::new();
        let mut all_known = key_is_sound;
        for given in &row.values {
            let Some(column) = self.column(check, table, &given.column) else {
                all_known = false;
                continue;
            };
            if values.iter().any(|(other, _)| other.name == column.name) {
                let message = format!("column `{}` is given twice", column.name);
                check.report(
                    Diagnostic::new("already_exists", given.column.origin, message)
                        .help("delete one of them"),
                );
                continue;
            }
            if let Some(message) = counts_or_computes(column) {
                let finding = Diagnostic::new("generated", given.column.origin, message);
                check.report(finding.help("leave it out"));
                continue;
            }
            values.push((column, self.check_value(check, column, &given.value)));
        }
        if all_known {
            self.check_missing(check, table, row);
        }
        values
    }

    /// A column of the table; one that only raw SQL can have made is reported,
    /// since nothing is known of its type.
    pub(super) fn column<'t>(
        &self,
        check: &mut Check<'_>,
        table: &'t Table,
        name: &Ident,
    ) -> Option<&'t Column> {
        let known = check.report.diagnostics.len();
        let found = check.column_of(&self.table, table, name);
        if found.is_none() && check.report.diagnostics.len() == known {
            self.unmodelled(check, name, &format!("column `{name}`"));
        }
        found
    }

    /// Reports what raw SQL made; what was reported as unknown is no such thing.
    fn unmodelled(&self, check: &mut Check<'_>, name: &Ident, what: &str) {
        if check.report.doubts_by_sql(name.as_str()) {
            let message = format!("{what} was made by raw SQL, which the model does not know");
            let help = "write its rows as `sql \"…\"` in a migration";
            check.report(Diagnostic::new("unmodelled", name.origin, message).help(help));
        }
    }

    /// Columns that must have a value and get none: PostgreSQL refuses the row,
    /// even where it is there already.
    fn check_missing(&self, check: &mut Check<'_>, table: &Table, row: &Row) {
        let needs = |column: &&Column| {
            let of_key = self.key.contains(&column.name);
            row.value(&column.name).is_none() && (of_key || has_no_value(column))
        };
        let missing: Vec<_> =
            table.columns.iter().filter(needs).map(|column| format!("`{}`", column.name)).collect();
        if !missing.is_empty() {
            let message = format!("the row has no value for {}", missing.join(", "));
            let help = match missing.len() {
                1 => format!("`{}` needs it in each row", self.table),
                _ => format!("`{}` needs them in each row", self.table),
            };
            check.report(Diagnostic::new("missing_value", row.origin, message).help(help));
        }
    }
}

/// Why a column can not be given a value.
fn counts_or_computes(column: &Column) -> Option<String> {
    let name = &column.name;
    if column.generated.is_some() {
        return Some(format!("column `{name}` is generated: it can not be set"));
    }
    let identity = column.identity.as_ref()?;
    (identity.kind == IdentityKind::Always).then(|| {
        format!("column `{name}` is an identity, which counts by itself: it can not be set")
    })
}

/// Whether rows that give nothing for a column are refused.
fn has_no_value(column: &Column) -> bool {
    !column.nullable
        && column.default.is_none()
        && column.identity.is_none()
        && column.generated.is_none()
}
