//! Histories from the text of their files, as the macros would compile them: so that a test can
//! write a history and use it at once.

use std::fs;
use std::path::Path;

use deepref_schema::{
    Batches, History, Ledger, Lock, Loss, Migration, Replaced, Risk, Segment, SegmentKind, Step,
};
use deepref_schema_core::history::{Fold, Loss as ModelLoss, Risk as ModelRisk, Verified};
use deepref_schema_core::migration::{Migration as Written, Replaced as WrittenReplaced};
use deepref_schema_core::statement::{Run, Segment as ModelSegment};
use deepref_schema_syntax::{Origins, list_in_file, migration_in_file};

use crate::functions;

/// The history of the crate in a folder. What it is made of lives as long as the process.
///
/// # Panics
///
/// Where the macros would refuse it.
pub fn history(folder: &Path) -> History {
    let text = fs::read_to_string(folder.join("src/history.rs")).expect("there is a list");
    let list = list_in_file(&text, &mut Origins::new()).and_then(|parsed| parsed.value);
    let list = list.expect("the list can be read");
    let (schema, table) = list.settings.ledger.clone();
    let oldest_postgres = list.settings.oldest_postgres;
    let mut fold = Fold::new(list.settings);
    let migrations: Vec<&'static Migration> =
        list.files.iter().map(|file| migration(folder, file.as_str(), &mut fold)).collect();
    History {
        migrations: migrations.leak(),
        schema: fold.schema().to_bytes().leak(),
        ledger: Ledger { schema: schema.leak(), table: table.leak() },
        oldest_postgres,
        manifest_dir: folder.to_str().expect("the path is text").to_owned().leak(),
        list_file: "src/history.rs",
        inline: "",
    }
}

fn migration(folder: &Path, stem: &str, fold: &mut Fold) -> &'static Migration {
    let file = folder.join(format!("src/history/{stem}.rs"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let parsed = migration_in_file(&text, &mut Origins::new()).expect("the file holds a migration");
    let texts: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.text()).collect();
    let written = parsed.value.unwrap_or_else(|| panic!("{file:?}:\n{}", texts.join("\n")));
    let verified = fold.step(stem, &written);
    crate::model::assert_accepted(&verified);
    Box::leak(Box::new(compiled(stem, &written, &verified)))
}

fn compiled(stem: &str, written: &Written, verified: &Verified) -> Migration {
    let losses: Vec<_> = verified.losses.iter().map(loss).collect();
    let risk = |risk: &ModelRisk| Risk { kind: risk.kind, text: leak(&risk.text) };
    let risks: Vec<_> = verified.risks.iter().map(risk).collect();
    let replaced =
        |one: &WrittenReplaced| Replaced { version: one.version, checksum: one.checksum };
    let replaces: Vec<_> = written.replaces.iter().map(replaced).collect();
    Migration {
        version: written.version,
        name: leak(written.name.as_str()),
        text: leak(&written.text),
        file: leak(stem),
        checksum: written.checksum,
        up: segments(&verified.up),
        down: verified.down.as_deref().map(segments),
        irreversible: written.irreversible.as_ref().map(|why| leak(&why.reason)),
        lost_on_revert: losses.leak(),
        risks_of_revert: risks.leak(),
        replaces: replaces.leak(),
        limits: written.limits,
    }
}

fn loss(loss: &ModelLoss) -> Loss {
    match loss {
        ModelLoss::Table(table) => Loss::Table { table: table.sql().leak() },
        ModelLoss::Column(table, column) => {
            Loss::Column { table: table.sql().leak(), column: column.sql().leak() }
        }
    }
}

fn segments(segments: &[ModelSegment]) -> &'static [Segment] {
    let all: Vec<_> = segments.iter().map(segment).collect();
    all.leak()
}

fn segment(segment: &ModelSegment) -> Segment {
    let kind = match &segment.run {
        Run::InTransaction | Run::AfterCommit => SegmentKind::Transaction,
        Run::Outside => SegmentKind::Outside,
        Run::Batches(of) => {
            let key: Vec<&str> = of.key.iter().map(|(name, _)| &*name.sql().leak()).collect();
            let types: Vec<&str> = of.key.iter().map(|(_, ty)| &*ty.sql().leak()).collect();
            SegmentKind::Batches(Batches {
                table: of.table.sql().leak(),
                key: key.leak(),
                key_types: types.leak(),
                set: leak(&of.set),
                condition: leak(&of.condition),
                size: of.size,
            })
        }
    };
    let steps: Vec<_> = segment
        .statements
        .iter()
        .map(|step| Step {
            description: leak(&step.description),
            sql: leak(&step.sql),
            locks: step.locks.as_ref().map(|locks| {
                let locks = locks.iter().map(|lock| Lock {
                    relation: leak(&lock.relation.sql()),
                    mode: lock.mode,
                    work: lock.work,
                });
                &*locks.collect::<Vec<_>>().leak()
            }),
            function: step.function.as_ref().map(|path| functions::find(leak(&path.to_string()))),
        })
        .collect();
    Segment { kind, steps: steps.leak() }
}

fn leak(text: &str) -> &'static str {
    text.to_owned().leak()
}
