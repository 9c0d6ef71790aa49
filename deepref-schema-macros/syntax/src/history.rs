//! A whole history from its sources.

use deepref_schema_core::history::Fold;
use deepref_schema_core::migration::{Migration, Settings};

use crate::origins::Origins;
use crate::{list_in_file, migration_in_file};

/// The files of a history, in order: of each the stem of its name and its text.
pub type Sources = Vec<(String, String)>;

/// The files that a list names, read by `read` from the stem of a name. `None`
/// where one is missing, or where the text holds no list.
pub fn sources(list: &str, mut read: impl FnMut(&str) -> Option<String>) -> Option<Sources> {
    let list = list_in_file(list, &mut Origins::new())?.value?;
    let files = list.files.iter();
    files.map(|file| Some((file.to_string(), read(file.as_str())?))).collect()
}

/// A history as it is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// What the list says about it.
    pub settings: Settings,
    /// The migrations, in order, each with the stem of its file; with its name
    /// where it stands in the list itself.
    pub migrations: Vec<(String, Migration)>,
}

/// Reads a list and its files.
///
/// `None` where something can not be read, which the macros report.
pub fn read(list: &str, sources: &Sources) -> Option<Written> {
    let parsed = list_in_file(list, &mut Origins::new()).filter(|parsed| !parsed.broken)?;
    let list = parsed.value?;
    let inline = list.inline.into_iter().map(|one| Some((one.name.to_string(), one)));
    let of_file = |(stem, text): &(String, String)| {
        Some((stem.clone(), migration_in_file(text, &mut Origins::new())?.value?))
    };
    let migrations = inline.chain(sources.iter().map(of_file)).collect::<Option<_>>()?;
    Some(Written { settings: list.settings, migrations })
}

impl Written {
    /// Folds it, and tells `each` the history after each migration. `None`
    /// where one is wrong, which the macros report.
    pub fn fold(&self, mut each: impl FnMut(&Fold)) -> Option<Fold> {
        let mut fold = Fold::new(self.settings.clone());
        for (stem, migration) in &self.migrations {
            fold.step(stem, migration).is_right().then_some(())?;
            each(&fold);
        }
        Some(fold)
    }
}

/// The history that a list and its files make.
///
/// `None` where something can not be read or is wrong, which the macros report.
pub fn fold(list: &str, sources: &Sources) -> Option<Fold> {
    read(list, sources)?.fold(|_| ())
}
