//! A first migration that makes what a database holds.

use std::path::PathBuf;

use deepref_schema_core::language::{Style, authored};
use deepref_schema_core::migration::{Migration, Settings, file_stem};
use deepref_schema_core::operation::Operation;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::statement::Segment;
use deepref_schema_syntax::{Origins, list_in_file};

use super::super::create;
use super::super::written::{apply, check, written_text};
use super::defaults;
use crate::inspect::{Catalog, operations};
use crate::runner::Mark;
use crate::verify::{Asking, check_major, stable_differences, with_scratch};
use crate::{Error, History, Unmodelled};

/// A migration that was written and read again, and is in no file yet.
pub(super) struct Baseline {
    pub(super) file: PathBuf,
    pub(super) text: String,
    pub(super) list: PathBuf,
    pub(super) list_text: String,
    read: Migration,
    up: Vec<Segment>,
}

impl Baseline {
    /// Writes it in the language, and reads it as the compiler will. The
    /// functions that tables need are written as raw SQL.
    pub(super) fn of(
        history: &History,
        name: &str,
        catalog: &Catalog,
        functions: &[Unmodelled],
    ) -> Result<Self, Error> {
        create::check_name(name)?;
        let (list, old_list) = create::read_list(history)?;
        let version = create::next_version(history, &old_list);
        let stem = file_stem(version, name);
        let list_text = create::with_line(&list, &old_list, &stem)?;
        let settings = settings(&list_text)?;
        let operations = operations(&defaults::plain(&catalog.schema), functions.iter());
        let text = write(version, name, &operations, &settings)?;
        let (read, verified, _) = check(&text, &stem, settings)?;
        let file = create::folder_of(&list).join(format!("{stem}.rs"));
        Ok(Self { file, text, list, list_text, read, up: verified.up })
    }

    /// Applies it to an empty database, and compares what that holds with what
    /// the real one holds.
    pub(super) async fn prove(
        &self,
        asking: Asking<'_>,
        catalog: &Catalog,
        major: u32,
    ) -> Result<(), Error> {
        with_scratch(asking, async |work, empty| {
            check_major(work, major).await?;
            apply(work, &self.up).await?;
            let made = work.read().await?;
            let differences = stable_differences(empty, catalog, &made).await?;
            if differences.is_empty() {
                return Ok(());
            }
            Err(Error::Differs {
                problem: "the migration makes something else than the database holds".into(),
                differences,
                help: "nothing was written".into(),
            })
        })
        .await
    }

    pub(super) fn mark(&self) -> Mark {
        Mark::written(self.read.version, self.read.name.as_str(), self.read.checksum)
    }
}

fn settings(list: &str) -> Result<Settings, Error> {
    let parsed = list_in_file(list, &mut Origins::new()).and_then(|parsed| parsed.value);
    parsed.map(|list| list.settings).ok_or_else(|| Error::Usage {
        problem: "the list of migrations can not be read".into(),
        help: "`cargo check` says why".into(),
    })
}

fn write(
    version: i64,
    name: &str,
    operations: &[Operation],
    settings: &Settings,
) -> Result<String, Error> {
    let style = Style {
        settings: settings.clone(),
        concurrently: false,
        reason: Some("it was so when the database was taken over".into()),
    };
    let up = authored(&Schema::empty(), operations, &style);
    let text = "What the database held when it was taken over.".to_owned();
    written_text(&Migration { text, ..Migration::computed(version, name, up) })
}
