//! A whole history from its sources.

use deepref_schema_core::history::Fold;

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

/// The history that a list and its files make.
///
/// `None` where something can not be read or is wrong, which the macros report.
pub fn fold(list: &str, sources: &Sources) -> Option<Fold> {
    let parsed = list_in_file(list, &mut Origins::new()).filter(|parsed| !parsed.broken)?;
    let list = parsed.value?;
    let mut fold = Fold::new(list.settings);
    for migration in &list.inline {
        fold.step(migration.name.as_str(), migration).is_right().then_some(())?;
    }
    for (stem, text) in sources {
        let migration = migration_in_file(text, &mut Origins::new())?.value?;
        fold.step(stem, &migration).is_right().then_some(())?;
    }
    Some(fold)
}
