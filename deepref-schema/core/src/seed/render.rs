//! What is sent for a row.

use super::{Upsert, Value};
use crate::ident::{Ident, sql_list};
use crate::schema::{Column, Table};

/// What writes one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upserted {
    /// What it is, for people: `plans, row 1 of 3`.
    pub description: String,
    /// The table, as it is written.
    pub table: String,
    /// The statement, cut where encrypted texts stand: one part more than there
    /// are of these.
    pub sql: Vec<String>,
    /// The encrypted texts, in the order of their places.
    pub encrypted: Vec<Encrypted>,
    /// The query for what is stored now: the text of each column of the key,
    /// then the value of each column that is encrypted. Empty where none is.
    pub look: String,
}

/// A text that is stored encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encrypted {
    /// The column.
    pub column: String,
    /// The text.
    pub text: String,
}

/// How the row that is there is called in the statement.
const PRESENT: &str = "present";

impl Upsert {
    /// Renders a row from its values.
    ///
    /// A row that is there is changed only where a column differs in any bit
    /// (manual chapter "Row and Array Comparisons", section "Composite Type
    /// Comparison"): types without an equality are compared as well, and so are
    /// texts that are equal and not the same.
    pub(super) fn render(&self, table: &Table, at: usize, values: &[(&Column, Value)]) -> Upserted {
        let columns: Vec<_> = values.iter().map(|(column, _)| column.name.sql()).collect();
        let mut parts = vec![format!(
            "INSERT INTO {} AS {PRESENT} ({}) VALUES (",
            self.table.sql(),
            columns.join(", ")
        )];
        let mut encrypted = Vec::new();
        for (number, (column, value)) in values.iter().enumerate() {
            if number > 0 {
                push(&mut parts, ", ");
            }
            match value {
                Value::Plain(expr) => push(&mut parts, expr.sql()),
                Value::Encrypted { text, .. } => {
                    let column = column.name.to_string();
                    encrypted.push(Encrypted { column, text: text.clone() });
                    parts.push(String::new());
                }
            }
        }
        push(
            &mut parts,
            &format!(") ON CONFLICT ({}) DO {}", sql_list(&self.key), self.action(values)),
        );
        let look = match encrypted.as_slice() {
            [] => String::new(),
            encrypted => self.look(table, values, encrypted),
        };
        Upserted {
            description: format!("{}, row {} of {}", self.table, at + 1, self.rows.len()),
            table: self.table.to_string(),
            sql: parts,
            encrypted,
            look,
        }
    }

    fn action(&self, values: &[(&Column, Value)]) -> String {
        let set: Vec<_> = values
            .iter()
            .filter(|(column, _)| !self.key.contains(&column.name))
            .map(|(column, _)| column.name.sql())
            .collect();
        if set.is_empty() {
            return "NOTHING".to_owned();
        }
        let of = |name: &str| {
            set.iter().map(|column| format!("{name}.{column}")).collect::<Vec<_>>().join(", ")
        };
        let assignments: Vec<_> =
            set.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        format!(
            "UPDATE SET {} WHERE ROW({})::record *<> ROW({})::record",
            assignments.join(", "),
            of(PRESENT),
            of("excluded")
        )
    }

    /// One row, whether or not there is one in the table.
    fn look(&self, table: &Table, values: &[(&Column, Value)], encrypted: &[Encrypted]) -> String {
        let of_key = |name: &Ident| {
            let column = table.column(name.as_str())?;
            let (_, value) = values.iter().find(|(other, _)| other.name == *name)?;
            let Value::Plain(expr) = value else { return None };
            Some((name.sql(), format!("CAST({} AS {})", expr.sql(), column.ty.sql())))
        };
        let keys: Vec<_> = self.key.iter().filter_map(of_key).collect();
        let texts =
            keys.iter().map(|(name, value)| format!("coalesce({PRESENT}.{name}, {value})::text"));
        let stored = encrypted
            .iter()
            .map(|one| format!("{PRESENT}.{}::text", Ident::computed(one.column.as_str()).sql()));
        let found: Vec<_> =
            keys.iter().map(|(name, value)| format!("{PRESENT}.{name} = {value}")).collect();
        format!(
            "SELECT {} FROM (SELECT) AS one LEFT JOIN {} AS {PRESENT} ON {}",
            texts.chain(stored).collect::<Vec<_>>().join(", "),
            self.table.sql(),
            found.join(" AND ")
        )
    }
}

fn push(parts: &mut [String], text: &str) {
    if let Some(last) = parts.last_mut() {
        last.push_str(text);
    }
}
