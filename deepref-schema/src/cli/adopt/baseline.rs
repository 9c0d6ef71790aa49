//! A first migration that makes what a database holds.

use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema_core::language::{Style, authored};
use deepref_schema_core::migration::{Migration, Settings, file_stem};
use deepref_schema_core::operation::Operation;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::statement::Segment;
use deepref_schema_syntax::{Origins, list_in_file};

use super::super::arguments::Adopt;
use super::super::written::{apply, check, written_text};
use super::super::{create, output};
use super::defaults;
use super::entities::Entities;
use crate::inspect::{Reader, Whole};
use crate::runner::Mark;
use crate::verify::stable_wholes;
use crate::{Error, History};

/// A migration that was written and read again, and is in no file yet.
pub(super) struct Baseline {
    file: PathBuf,
    text: String,
    list: PathBuf,
    list_text: String,
    read: Migration,
    up: Vec<Segment>,
    /// The entities, where they are wanted and there are none.
    entities: Option<Entities>,
}

impl Baseline {
    /// Writes it in the language, and reads it as the compiler will. What the
    /// model does not have is written as raw SQL.
    pub(super) fn of(history: &History, options: &Adopt, whole: &Whole) -> Result<Self, Error> {
        let name = options.name.as_str();
        create::check_name(name)?;
        let (list, old_list) = create::read_list(history)?;
        let folder = create::folder_of(&list);
        refuse_leftover(&folder, &old_list, name)?;
        let version = create::next_version(history, &old_list);
        let stem = file_stem(version, name);
        let list_text = create::with_line(&list, &old_list, &stem)?;
        let settings = settings(&list_text)?;
        let operations = whole.objects.woven(&defaults::plain(&whole.catalog.schema)).operations();
        if operations.is_empty() {
            return Err(Error::Usage {
                problem: "the database holds nothing that a migration could make".into(),
                help: "`cargo migrate create Name` writes the first migration".into(),
            });
        }
        let text = write(version, name, &operations, &settings)?;
        let (read, verified, fold) = check(&text, &stem, settings)?;
        let file = folder.join(format!("{stem}.rs"));
        let entities = (!options.no_entities).then(|| Entities::of(history, &read.up, &fold));
        Ok(Self { file, text, list, list_text, read, up: verified.up, entities })
    }

    /// Applies it to an empty database, and compares what that holds with what
    /// the real one holds; what is in neither the model nor the objects is left
    /// out.
    pub(super) async fn prove(
        &self,
        work: &mut Reader,
        empty: &mut Reader,
        whole: &Whole,
    ) -> Result<(), Error> {
        apply(work, &self.up).await?;
        let made = work.read_whole().await?;
        let (wanted, made) = stable_wholes(empty, whole.clone(), made).await?;
        let differences = wanted.differences(&made);
        if differences.is_empty() {
            return Ok(());
        }
        Err(Error::Differs {
            problem: "the migration makes something else than the database holds".into(),
            differences,
            help: "nothing was written".into(),
        })
    }

    /// Says what would be written.
    pub(super) fn show(&self) {
        output::line(format_args!("would write {}:\n", self.file.display()));
        output::line(output::escape(&self.text));
        if let Some(entities) = self.new_entities() {
            entities.show();
        }
    }

    /// The entities that are to be written.
    fn new_entities(&self) -> Option<&Entities> {
        let entities = self.entities.as_ref()?;
        let is_new = !entities.are_there();
        if is_new {
            entities.say_left_out();
        } else {
            output::line("no entities are written: the crate has some");
        }
        is_new.then_some(entities)
    }

    /// Writes the entities, which nothing knows yet, then the file, and its line
    /// in the list after it: a file that is not listed is a clear error of the
    /// compiler.
    pub(super) fn write(&self) -> Result<(), Error> {
        let entities = self.new_entities();
        entities.map_or(Ok(()), Entities::write)?;
        create::write_new(&self.file, &self.text)?;
        output::line(format_args!("wrote {}", self.file.display()));
        create::write(&self.list, &self.list_text)?;
        output::line(format_args!("listed in {}", self.list.display()));
        entities.map_or(Ok(()), Entities::declare)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark::written(self.read.version, self.read.name.as_str(), self.read.checksum)
    }
}

/// Refuses the file of an adoption that was interrupted before its line was in
/// the list.
fn refuse_leftover(folder: &Path, list: &str, name: &str) -> Result<(), Error> {
    let ending = file_stem(0, name).split_off("m0".len()) + ".rs";
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in files.map(|file| file.path()) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_listed = list.lines().any(|line| line.trim() == format!("{stem};"));
        if path.to_string_lossy().ends_with(&ending) && !is_listed {
            return Err(Error::Refused {
                problem: format!("{} is there and is not in the list", path.display()),
                help: "nothing was written; where an `adopt` was interrupted, delete it and adopt again".into(),
            });
        }
    }
    Ok(())
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
