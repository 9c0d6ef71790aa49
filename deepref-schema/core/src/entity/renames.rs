//! Columns that may have been renamed.

use super::Entity;
use crate::diff::Rename;
use crate::history::Fold;
use crate::schema::Column;

impl Entity {
    /// Each column that the entity lacks, with each new one that may be the
    /// same under another name: its field can stand for the column's type.
    pub fn possible_renames(&self, history: &Fold) -> Vec<Rename> {
        let Some(found) = history.schema().table(&self.name) else { return Vec::new() };
        if self.partial {
            return Vec::new();
        }
        let done = self.complete(history.schema(), history.doubts(), history.settings());
        let is_new = |column: &&Column| found.column(column.name.as_str()).is_none();
        let new: Vec<_> = done.table.columns.iter().filter(is_new).collect();
        let gone = found
            .columns
            .iter()
            .filter(|column| column.generated.is_none() && self.field(&column.name).is_none());
        let of = |old: &Column| {
            let may_be = |column: &&&Column| {
                let field = self.field(&column.name);
                column.generated.is_none()
                    && field.is_some_and(|field| field.accepts(&column.ty, &old.ty))
            };
            let rename = |column: &&Column| Rename::Column {
                table: self.name.clone(),
                from: old.name.clone(),
                to: column.name.clone(),
            };
            new.iter().filter(may_be).map(rename).collect::<Vec<_>>()
        };
        gone.flat_map(of).collect()
    }
}
